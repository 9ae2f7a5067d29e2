import { statSync } from 'node:fs'
import type { StationFile } from '../store/database.js'
import { freeBytes } from '../store/disk.js'
import { walPathOf } from '../store/wal.js'

export interface DiskStatus {
  readonly fileBytes: number
  /** Of the write-ahead log, which SQLite folds into the file from time to time. */
  readonly logBytes: number
  /** Of the disk that the file lies on, for this user. */
  readonly freeBytes: number
  /** When the disk is full if as much comes a day as came lately; undefined while nothing came, or beyond 100 years. */
  readonly fullInDays?: number
}

/** From how many of the newest records the rate is taken. */
const NEWEST_RECORDS = 1_000

const DAY_MS = 86_400_000

/** A record's rows and entries beside its payloads, all in all: measured by bench/station-open.js. */
const RECORD_BYTES = 6_000

const MOST_DAYS = 36_500

export function diskStatus(file: StationFile, now: number): DiskStatus {
  const free = freeBytes(file.path)
  const fullInDays = free / bytesADay(file, now)
  return {
    fileBytes: sizeOf(file.path),
    logBytes: sizeOf(walPathOf(file.path)),
    freeBytes: free,
    ...(fullInDays < MOST_DAYS && { fullInDays }),
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Over the time since the oldest of the newest records, at least a day. */
function bytesADay(file: StationFile, now: number): number {
  const { n, bytes, oldest } = file.get<{ n: number; bytes: number | null; oldest: string | null }>(
    `SELECT count(*) AS n, sum(payload_bytes) AS bytes, min(recorded_at) AS oldest
     FROM (SELECT payload_bytes, recorded_at FROM record ORDER BY rowid DESC LIMIT ${NEWEST_RECORDS})`,
  )!
  if (oldest === null || bytes === null) return 0
  const days = Math.max(1, (now - Date.parse(oldest)) / DAY_MS)
  return (bytes + n * RECORD_BYTES) / days
}

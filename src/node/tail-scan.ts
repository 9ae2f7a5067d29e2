import type { Damage } from '../gallery/damage.js'
import { MAX_TORN_BYTES, RECORD_HEADER_BYTES, TAIL_HEADER_BYTES } from '../gallery/tail.js'
import type { FileWindow } from './file-window.js'
import { type FaultyStretch, walkTail } from './tail-walk.js'

/** What a tail holds. */
export interface TailScan {
  /** Bytes that count: what follows is a torn end. */
  readonly endBytes: number
  /** Of the last record there is or was. */
  readonly lastSequence: number
  /** Sequence up to which all was on the disk, by what its records say. */
  readonly settled: number
  /** Whether that is all there is: nothing is open that a writer would have to settle before it goes on. */
  readonly isSettled: boolean
  readonly damage: readonly Damage[]
  /** By id, the sequence of its last change. */
  readonly latest: ReadonlyMap<string, number>
}

/** Reads a tail to its end, and tells a torn end from damage (tail.ts says how). */
export async function scanTail(window: FileWindow, file: string, generation: number): Promise<TailScan> {
  const latest = new Map<string, number>()
  const faults: FaultyStretch[] = []
  let settled = 0
  let lastSequence = 0
  let lastChange = 0
  let endBytes = TAIL_HEADER_BYTES
  for await (const stretch of walkTail(window, { generation, from: TAIL_HEADER_BYTES, sequence: 1 })) {
    if (stretch.record === undefined) {
      faults.push(stretch)
      continue
    }
    const { entry, sequence } = stretch.record
    if (entry.kind !== 'mark') {
      latest.set(entry.id, sequence)
      lastChange = sequence
    }
    settled = Math.max(settled, stretch.record.settled)
    lastSequence = sequence
    endBytes = stretch.offsetBytes + stretch.bytes
  }
  const torn = faults.find(({ expected }) => expected > settled)
  if (torn !== undefined && window.sizeBytes - torn.offsetBytes <= MAX_TORN_BYTES) {
    // Records beyond the first torn one were counted above: not this time.
    if (torn.offsetBytes < endBytes) return scanTail(window.upTo(torn.offsetBytes), file, generation)
    faults.splice(faults.indexOf(torn))
  }
  const unread = faults.at(-1)
  const endsUnread = unread !== undefined && unread.offsetBytes >= endBytes
  if (endsUnread) {
    // More may follow it; its records' numbers must not be given again.
    endBytes = unread.offsetBytes + unread.bytes
    lastSequence += Math.ceil(unread.bytes / RECORD_HEADER_BYTES)
  }
  const damage = faults.map(({ offsetBytes, bytes, reason }) => ({ file, offsetBytes, bytes, reason }))
  return { endBytes, lastSequence, settled, isSettled: settled >= lastChange && !endsUnread, damage, latest }
}

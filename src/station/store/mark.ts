/**
 * The mark: which entries were acknowledged last, in a small file beside the database. SQLite's write-ahead log drops what comes after a
 * flipped bit without a word, and a file that is put back from a backup does not know that it is old: then the mark is ahead of the journal.
 *
 * It is written after each commit, without waiting for the disk: a power cut may leave it behind the journal, never ahead of it. Two lines
 * of one length are written by turns, so that one is whole whenever the other is not.
 *
 *     sidik-mark-1 <turn> <station> <applied> <sequence> <hash of that entry> <first 16 digits of the SHA-256 of all before>, spaces, LF
 */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs'
import { SidikError } from '../../errors.js'
import type { StationFile } from './database.js'

const LINE_BYTES = 256

const LINE = /^(sidik-mark-1 (\d+) ([\w.-]+) (\d+) (\d+) ([0-9a-f]{64})) ([0-9a-f]{16})$/

export interface Mark {
  readonly station: string
  /** The newest place in the order in which entries took effect. */
  readonly applied: number
  /** Of the station's own newest entry. */
  readonly sequence: number
  /** Of the same. */
  readonly hash: string
}

export const markPathOf = (path: string) => `${path}.mark`

/** The newer of the lines that are whole; undefined without one. */
export function readMark(path: string): Mark | undefined {
  if (!existsSync(path)) return undefined
  const file = openSync(path, 'r')
  try {
    return newestLine(linesIn(file))
  } finally {
    closeSync(file)
  }
}

/** Both lines. What somebody appended to the file is not read. */
function linesIn(file: number): string {
  const bytes = Buffer.alloc(2 * LINE_BYTES)
  return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0))
}

function newestLine(text: string): (Mark & { readonly turn: number }) | undefined {
  const marks = [text.slice(0, LINE_BYTES), text.slice(LINE_BYTES)].flatMap(line => {
    const [, body, turn, station, applied, sequence, hash, sum] = LINE.exec(line.trimEnd()) ?? []
    if (body === undefined || sum !== sumOf(body)) return []
    return { turn: Number(turn), station, applied: Number(applied), sequence: Number(sequence), hash }
  })
  return marks.sort((a, b) => b.turn - a.turn)[0]
}

/** What the journal says itself. */
export function markOf(file: StationFile, station: string): Mark | undefined {
  const own = file.get<{ sequence: number; hash: Uint8Array }>(
    'SELECT sequence, hash FROM journal WHERE station = ? ORDER BY sequence DESC LIMIT 1',
    station,
  )
  if (own === undefined) return undefined
  const applied = file.get<{ last: number | null }>('SELECT max(applied) AS last FROM journal')!.last ?? 0
  return { station, applied, sequence: own.sequence, hash: Buffer.from(own.hash).toString('hex') }
}

/** In words, what of `mark` the journal lacks; undefined when it has all of it. */
export function lostSince(mark: Mark, file: StationFile): string | undefined {
  const now = markOf(file, mark.station)
  if (now === undefined) return undefined
  const sql = 'SELECT hash FROM journal WHERE station = ? AND sequence = ?'
  const hash = file.get<{ hash: Uint8Array }>(sql, mark.station, mark.sequence)?.hash
  if (hash === undefined) {
    return `entries ${now.sequence + 1} to ${mark.sequence} were acknowledged and are not in the journal`
  }
  if (Buffer.from(hash).toString('hex') !== mark.hash) {
    return `entry ${mark.sequence} is another than the one that was acknowledged`
  }
  if (now.applied >= mark.applied) return undefined
  return `${mark.applied - now.applied} entries of other stations were taken and are not in the journal`
}

/** Writes the mark of a station that is open. */
export class MarkWriter {
  readonly #file: number
  #applied = -1

  /** @throws SidikError FILE_UNWRITABLE */
  constructor(path: string) {
    try {
      this.#file = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600)
    } catch (cause) {
      throw new SidikError('FILE_UNWRITABLE', `${path} cannot be written`, { cause })
    }
  }

  /** Never throws: what was committed is acknowledged with or without a mark. */
  note(file: StationFile, station: string): void {
    try {
      const mark = markOf(file, station)
      if (mark === undefined || mark.applied === this.#applied) return
      const { applied, sequence, hash } = mark
      // Another process may have written since.
      const turn = (newestLine(linesIn(this.#file))?.turn ?? 0) + 1
      const text = `sidik-mark-1 ${turn} ${station} ${applied} ${sequence} ${hash}`
      const line = `${`${text} ${sumOf(text)}`.padEnd(LINE_BYTES - 1)}\n`
      writeSync(this.#file, line, (turn % 2) * LINE_BYTES, 'latin1')
      this.#applied = applied
    } catch {
      // The next change tries again.
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

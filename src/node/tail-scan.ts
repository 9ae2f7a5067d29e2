import type { Damage } from '../gallery/damage.js'
import { MAX_TORN_BYTES, type RecordForm } from '../gallery/tail.js'
import type { TailPoint } from '../gallery/tail-length.js'
import type { FileWindow } from './file-window.js'
import { type FaultyStretch, recordsText, walkTail } from './tail-walk.js'

/** What a tail holds. */
export interface TailScan {
  /** Bytes that count: what follows is a torn end. */
  readonly endBytes: number
  /** Of the last record there is or was. */
  readonly lastSequence: number
  /** CRC of the last record that was read; 0 where there is none. */
  readonly lastCrc: number
  /**
   * Sequence up to which all was on the disk, by what its records and the file of its length say.
   */
  readonly settled: number
  /** Whether that is all there is: nothing is open that a writer would have to settle before it goes on. */
  readonly isSettled: boolean
  /**
   * Whether what was on the disk cannot be read at the end. Nothing may be written behind it: the
   * first bytes of a record could complete the one that was cut, which then covers the new one.
   */
  readonly isEndDamaged: boolean
  readonly damage: readonly Damage[]
  /** By id, the sequence of its last change. */
  readonly latest: ReadonlyMap<string, number>
}

/** What a tail is read as. */
export interface TailReading {
  /** Name of the file, for what is reported. */
  readonly file: string
  readonly form: RecordForm
  /** Where its first record begins. */
  readonly from: number
  /** How far it goes at least, where that is known from elsewhere. */
  readonly length?: TailPoint | undefined
}

/** Reads a tail to its end, and tells a torn end from damage (tail.ts says how). */
export async function scanTail(window: FileWindow, reading: TailReading): Promise<TailScan> {
  const { file, form, from, length } = reading
  const latest = new Map<string, number>()
  const faults: FaultyStretch[] = []
  let settled = length?.sequence ?? 0
  let lastSequence = 0
  let lastCrc = 0
  let lastChange = 0
  let endBytes = from
  for await (const stretch of walkTail(window, { form, from, sequence: 1 })) {
    if (stretch.record === undefined) {
      faults.push(stretch)
      continue
    }
    const { entry, sequence } = stretch.record
    if (entry.kind === 'unopened') lastChange = sequence
    else if (entry.kind !== 'mark') {
      latest.set(entry.id, sequence)
      lastChange = sequence
    }
    settled = Math.max(settled, stretch.record.settled)
    lastSequence = sequence
    lastCrc = stretch.record.crc
    endBytes = stretch.offsetBytes + stretch.bytes
  }
  const torn = faults.find(({ expected }) => expected > settled)
  if (torn !== undefined && window.sizeBytes - torn.offsetBytes <= MAX_TORN_BYTES) {
    // Records beyond the first torn one were counted above: not this time.
    if (torn.offsetBytes < endBytes) return scanTail(window.upTo(torn.offsetBytes), reading)
    faults.splice(faults.indexOf(torn))
  }
  let unread = faults.at(-1)
  if (unread !== undefined && unread.offsetBytes < endBytes) unread = undefined
  if (length !== undefined && lastSequence < length.sequence) {
    if (unread !== undefined) faults.pop()
    const offsetBytes = unread?.offsetBytes ?? window.sizeBytes
    unread = lostEnd({ offsetBytes, bytes: window.sizeBytes - offsetBytes }, lastSequence + 1, length)
    faults.push(unread)
  }
  const isEndDamaged = unread !== undefined
  if (isEndDamaged) lastSequence = Math.max(lastSequence, length?.sequence ?? 0)
  const isSettled = settled >= lastChange
  const damage = faults.map(({ offsetBytes, bytes, reason }) => ({ file, offsetBytes, bytes, reason }))
  return { endBytes, lastSequence, lastCrc, settled, isSettled, isEndDamaged, damage, latest }
}

/** What a tail lacks at its end. */
function lostEnd(place: { offsetBytes: number; bytes: number }, expected: number, length: TailPoint): FaultyStretch {
  const sizeBytes = place.offsetBytes + place.bytes
  const lost = `${recordsText(expected, length.sequence)} cannot be read`
  const isCut = sizeBytes < length.bytes
  const reason = isCut ? `${lost}: the file ends at byte ${sizeBytes}, it went to byte ${length.bytes}` : lost
  return { ...place, expected, reason }
}

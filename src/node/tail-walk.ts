import { RECORD_HEADER_BYTES, type RecordForm } from '../gallery/tail.js'
import { readRecord, recordLength, type TailRecord } from '../gallery/tail-read.js'
import type { FileWindow } from './file-window.js'

/** A stretch of a tail. */
interface Stretch {
  readonly offsetBytes: number
  readonly bytes: number
}

export interface GoodStretch extends Stretch {
  readonly record: TailRecord
}

/** Where a tail does not go on as it should. */
export interface FaultyStretch extends Stretch {
  readonly record?: undefined
  /** Sequence of the record that should be there. */
  readonly expected: number
  readonly reason: string
}

/** The records of a tail from an offset on, and what lies between those that can be read. */
export async function* walkTail(
  window: FileWindow,
  { form, from, sequence }: { form: RecordForm; from: number; sequence: number },
): AsyncGenerator<GoodStretch | FaultyStretch> {
  let at = from
  let expected = sequence
  let unread: Stretch | undefined
  // Unknown where the walk begins in the middle, and behind what cannot be read.
  let previousCrc = sequence === 1 ? 0 : undefined
  const fault = (offsetBytes: number, bytes: number, reason: string) => ({ offsetBytes, bytes, expected, reason })
  while (at < window.sizeBytes) {
    const found = await recordAt(window, at, form)
    if (found === undefined) {
      const next = await window.find(at + 1, RECORD_HEADER_BYTES, isLength, async offset => {
        return (await recordAt(window, offset, form)) !== undefined
      })
      unread = { offsetBytes: at, bytes: next - at }
      previousCrc = undefined
      at = next
      if (at < window.sizeBytes) continue
      yield fault(unread.offsetBytes, unread.bytes, `no record can be read from record ${expected} on`)
      return
    }
    const { record } = found
    const missing = recordsText(expected, record.sequence - 1)
    if (record.sequence < expected) {
      if (unread) yield fault(unread.offsetBytes, unread.bytes, 'no record can be read')
      yield fault(at, found.bytes, `record ${record.sequence} comes a second time`)
    } else {
      if (unread) yield fault(unread.offsetBytes, unread.bytes, `${missing} cannot be read`)
      else if (record.sequence > expected) yield fault(at, 0, `${missing} should be here`)
      else if (!follows(record, previousCrc)) yield fault(at, 0, `record ${expected} was written behind another one`)
      yield found
      previousCrc = record.crc
      expected = record.sequence + 1
    }
    unread = undefined
    at += found.bytes
  }
}

/** Whether what the record says of the one before it is true, as far as that one is known. */
function follows(record: TailRecord, previousCrc: number | undefined): boolean {
  return previousCrc === undefined || record.previousCrc === undefined || record.previousCrc === previousCrc
}

const isLength = (bytes: Uint8Array, at: number) => recordLength(bytes, at) !== undefined

/** The record that begins there; undefined where none does. */
export async function recordAt(window: FileWindow, at: number, form: RecordForm): Promise<GoodStretch | undefined> {
  const bytes = recordLength(await window.bytes(at, RECORD_HEADER_BYTES))
  if (bytes === undefined || at + bytes > window.sizeBytes) return undefined
  const record = readRecord(await window.bytes(at, bytes), form)
  return record && { offsetBytes: at, bytes, record }
}

export function recordsText(first: number, last: number): string {
  if (last < first) return 'what lies between two records'
  return first === last ? `record ${first}` : `records ${first} to ${last}`
}

import { keptJson, keptNames } from '../guard/kept-json.js'
import { append, type NewEntry } from '../journal/append.js'
import { appendWord } from '../journal/append-word.js'
import type { EntryHeader } from '../journal/entry.js'
import type { BodyOf, EntryKind } from '../journal/kinds.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { blankOf } from './lying.js'

type CardKind = Extract<EntryKind, `card-${string}`>

/**
 * Writes an entry of a card that this station prints. Where that goes down, to the station of the record, those above this one are told
 * beside it what became of the blank: else their books of this station would say for ever that it is available.
 */
export function appendCard<K extends CardKind>(
  station: Station,
  entry: NewEntry<K> & { readonly body: { readonly job: string } },
): EntryHeader {
  const parts = partsOf(station)
  const { file, identity } = parts
  const { job } = entry.body
  return file.transaction(() => {
    const before = blankOf(file, identity.id, job)?.lies
    const { header } = appendWord(station, entry)
    const blank = entry.direction === 'down' ? blankOf(file, identity.id, job) : undefined
    if (blank === undefined || blank.lies === before) return header
    const { lot, serial, lies } = blank
    const body: BodyOf<'stock-card'> = {
      job,
      lot,
      ...(serial && { serial: { prefix: serial.prefix, digits: serial.digits, number: serial.first } }),
      // What a card moves, it moves to one of these.
      account: lies as BodyOf<'stock-card'>['account'],
      ...printerOf(parts, job),
    }
    append(station, { kind: 'stock-card', direction: 'up', body })
    return header
  })
}

function printerOf({ file }: StationParts, job: string): { printer: string; consumables: string[] } {
  const sql = 'SELECT printer, consumables FROM print_job WHERE id = ?'
  const row = file.get<{ printer: string; consumables: string }>(sql, job)!
  return { printer: row.printer, consumables: keptJson(file, keptNames, row.consumables, `what is kept of job ${job}`) }
}

/**
 * Whether an entry's NIK is one, and how much of one NIK a station below may bring: records, and
 * requests for their cards, cards and letters.
 */
import { NIK_TAG } from '../enrol/nik.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, type EntryRow } from '../journal/read.js'
import { isNikSound } from '../project/records.js'
import type { Ground } from './ground.js'
import type { RefusalCode } from './refusal-codes.js'
import { trustedStation } from './trust.js'

/**
 * Most of one NIK by one station: records, withdrawn ones too, and requests, cards and letters. With
 * each entry about one of the records all are checked, some 0.1 ms a record once a second, and an
 * honest office has a handful.
 */
export const MOST_OF_ONE_NIK = 512

/**
 * The same of all stations that are reached by way of one peer, as a hub can invent kiosks. An entry
 * about one of 5,000 records takes a turn of 280 ms (two busy cores).
 */
export const MOST_OF_ONE_NIK_BY_PEER = 2_048

/** Kinds of entries that add to what there is about the NIK of their record. */
const ADDING: readonly string[] = ['card-requested', 'card-reserved', 'letter-issued']

/** Why the NIK keeps an entry, whose contents are here, from taking effect. */
export function whyNotNik(ground: Ground, row: EntryRow): RefusalCode | undefined {
  const { file, keys } = ground
  const { kind, record } = row
  const said = kind === 'told-below' ? (bodyOf(file, keys, row) as BodyOf<'told-below'>).kind : kind
  if (ADDING.includes(said)) {
    const of = file.get<{ tag: Uint8Array | null }>('SELECT nik_tag AS tag FROM record WHERE id = ?', record)
    return of?.tag && isBeyondNikQuota(ground, row.station, of.tag, '') ? 'NIK_QUOTA' : undefined
  }
  if (kind !== 'enrolled' && kind !== 'corrected') return undefined
  const body = bodyOf(file, keys, row) as BodyOf<'enrolled'>
  // Asked when it came, but a program before may have held it.
  if (!isNikSound(kind, body)) return 'ENTRY_CORRUPT'
  return isBeyondNikQuota(ground, row.station, keys.tag(NIK_TAG + body.nik), record ?? '') ? 'NIK_QUOTA' : undefined
}

/** All that there is about a NIK but one record, by whose word, in SQL. Parameters: tag, record, tag, tag, tag. */
const ABOUT_NIK = `SELECT station FROM record WHERE nik_tag = ? AND id <> ?
  UNION ALL SELECT c.station FROM record r JOIN card_request c ON c.record = r.id WHERE r.nik_tag = ?
  UNION ALL SELECT j.station FROM record r JOIN card_request c ON c.record = r.id JOIN print_job j ON j.request = c.id
    WHERE r.nik_tag = ?
  UNION ALL SELECT l.station FROM record r JOIN letter l ON l.record = r.id WHERE r.nik_tag = ?`

/**
 * Whether there would be more than there may.
 *
 * @param except the record of the entry, which may be there already
 */
function isBeyondNikQuota({ file }: Ground, station: string, tag: Uint8Array, except: string): boolean {
  const isFull = (stations: string, of: string, most: number) => {
    const others = `SELECT 1 FROM (${ABOUT_NIK}) WHERE station IN (${stations}) LIMIT ?`
    const sql = `SELECT count(*) AS n FROM (${others})`
    return file.get<{ n: number }>(sql, tag, except, tag, tag, tag, of, most)!.n === most
  }
  if (isFull('?', station, MOST_OF_ONE_NIK)) return true
  const peer = trustedStation(file, station)?.via ?? station
  return isFull('SELECT station FROM vouched WHERE via = ?', peer, MOST_OF_ONE_NIK_BY_PEER)
}

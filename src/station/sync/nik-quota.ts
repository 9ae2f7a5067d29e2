/** Whether an entry's NIK is one, and how many records of one NIK a station below may bring. */
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, type EntryRow } from '../journal/read.js'
import { isNikSound, NIK_TAG } from '../project/records.js'
import type { Ground } from './ground.js'
import type { RefusalCode } from './refusal-codes.js'
import { trustedStation } from './trust.js'

/**
 * Most records of one NIK by one station, withdrawn ones too. Each change of one is checked against
 * the others, some 0.1 ms each once a second, and an honest office has two or three.
 */
export const MOST_OF_ONE_NIK = 512

/**
 * The same of all stations that are reached by way of one peer, as a hub can invent kiosks. An entry
 * about one of 5,000 takes a turn of 280 ms (two busy cores).
 */
export const MOST_OF_ONE_NIK_BY_PEER = 2_048

/** Why the NIK keeps an entry, whose contents are here, from taking effect. */
export function whyNotNik(ground: Ground, row: EntryRow): RefusalCode | undefined {
  const { kind } = row
  if (kind !== 'enrolled' && kind !== 'corrected') return undefined
  const body = bodyOf(ground.file, ground.keys, row) as BodyOf<'enrolled'>
  // Asked when it came, but a program before may have held it.
  if (!isNikSound(kind, body)) return 'ENTRY_CORRUPT'
  return isBeyondNikQuota(ground, row, body.nik) ? 'NIK_QUOTA' : undefined
}

/** Whether the entry would be of one record more. */
function isBeyondNikQuota({ file, keys }: Ground, { station, record }: EntryRow, nik: string): boolean {
  const tag = keys.tag(NIK_TAG + nik)
  const isFull = (stations: string, of: string, most: number) => {
    const others = `SELECT 1 FROM record WHERE nik_tag = ? AND id <> ? AND station IN (${stations}) LIMIT ?`
    return file.get<{ n: number }>(`SELECT count(*) AS n FROM (${others})`, tag, record, of, most)!.n === most
  }
  if (isFull('?', station, MOST_OF_ONE_NIK)) return true
  const peer = trustedStation(file, station)?.via ?? station
  return isFull('SELECT station FROM vouched WHERE via = ?', peer, MOST_OF_ONE_NIK_BY_PEER)
}

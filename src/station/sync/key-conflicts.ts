/**
 * Stations that two others vouch for by two keys. Until a person decides, nobody knows whose entries
 * are the genuine ones: those that the known key did not sign may be.
 */
import { partsOf, type Station } from '../station.js'
import type { Peer } from '../types.js'
import { forgetAnomaly, isAnomalyNoted, noteAnomaly } from './noted.js'

const CODE = 'key-conflict'

/** Puts on record that `voucher` says another key of a station than is known. */
export function noteKeyConflict(station: Station, of: string, voucher: string, detail: string, by: Peer): void {
  noteAnomaly(station, CODE, `${of} by ${voucher}`, detail, by)
}

/** Whether the peer, or a station behind it, says another key of the station, and nobody has decided yet. */
export function isKeyContested(station: Station, of: string, peer: string): boolean {
  return vouchers(station, peer).some(voucher => isAnomalyNoted(station, CODE, `${of} by ${voucher}`))
}

/** A person has decided by which key, and by whose word, the station is known. */
export function settleConflicts(station: Station, of: string): void {
  for (const voucher of vouchers(station)) {
    for (const code of [CODE, 'voucher-conflict'] as const) forgetAnomaly(station, code, `${of} by ${voucher}`)
  }
}

/** The stations that may vouch for others: the peer and those behind it, or all. */
function vouchers(station: Station, peer: string | null = null): string[] {
  const sql = `SELECT id FROM peer WHERE id = ifnull(?, id)
    UNION SELECT station FROM vouched WHERE via = ifnull(?, via) AND (vouches = 1 OR relation = 'upstream')`
  return partsOf(station)
    .file.all<{ id: string }>(sql, peer, peer)
    .map(({ id }) => id)
}

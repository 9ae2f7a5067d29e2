/**
 * Payloads that peers below have sent, by peer. To name a hash is not to have the bytes: an entry
 * from below takes effect with payloads that came by way of its own peer, and nobody gets a receipt
 * for what another has sent.
 */
import type { Ground } from './ground.js'
import { trustedStation } from './trust.js'

type Files = Pick<Ground, 'file' | 'peer'>

/**
 * The peer that has to send the payloads of a station's entries; undefined for a station above, which names
 * templates that may be here already.
 */
export function providerFor({ file, peer }: Files, station: string): string | undefined {
  if (station === peer.id) return peer.relation === 'downstream' ? peer.id : undefined
  const known = trustedStation(file, station)
  return known?.relation === 'downstream' ? known.via : undefined
}

export function hasProvided({ file }: Pick<Ground, 'file'>, peer: string, hash: Uint8Array): boolean {
  return file.get('SELECT 1 FROM provided WHERE peer = ? AND hash = ?', peer, hash) !== undefined
}

/** Keeps in mind that the peer has sent all bytes of a payload. */
export function noteProvided({ file, peer }: Ground, hash: Uint8Array): void {
  if (peer.relation === 'upstream') return
  file.run('INSERT INTO provided (peer, hash) VALUES (?, ?) ON CONFLICT DO NOTHING', peer.id, hash)
}

/**
 * State of an entry's payloads: one has still to come, one is of another size than is stated, or
 * all are here.
 */
export type PayloadsState = 'lacking' | 'misstated' | 'whole'

export function payloadsState(
  files: Files,
  { station, sequence }: { station: string; sequence: number },
): PayloadsState {
  const { file } = files
  const provider = providerFor(files, station)
  // First, as it is asked at each of an entry's payloads.
  const notSent = `SELECT 1 FROM entry_payload p WHERE p.station = ? AND p.sequence = ?
    AND NOT EXISTS (SELECT 1 FROM provided WHERE peer = ? AND hash = p.hash) LIMIT 1`
  if (provider !== undefined && file.get(notSent, station, sequence, provider) !== undefined) return 'lacking'
  const rows = file.all<{ stated: number; size: number | null }>(
    `SELECT p.size AS stated, q.size FROM entry_payload p LEFT JOIN payload q ON q.hash = p.hash
     WHERE p.station = ? AND p.sequence = ?`,
    station,
    sequence,
  )
  if (rows.some(({ size }) => size === null)) return 'lacking'
  return rows.every(({ stated, size }) => stated === size) ? 'whole' : 'misstated'
}

/** Whether what came as the contents of an entry can be taken here. */
import { SidikError } from '../../errors.js'
import { verifyKeyOf } from '../identity.js'
import type { EntryHeader } from '../journal/entry.js'
import { type BodyOf, decodeBody } from '../journal/kinds.js'
import { sha256 } from '../store/payloads.js'
import type { Ground } from './ground.js'
import { jsonDepth } from './json-depth.js'
import { noteAnomaly } from './noted.js'
import type { RefusalCode } from './refusal-codes.js'
import { mayWrite } from './routes.js'
import { trustedStation } from './trust.js'

/** A person's fields may be nested, and not for ever. */
const MAX_DEPTH = 32

/** Kinds of entries about a record of the station that writes them. */
const OF_A_RECORD = ['enrolled', 'corrected', 'withdrawn']

/** Why not; undefined when they can. */
export function whyNotTaken(ground: Ground, header: EntryHeader, body: Uint8Array): RefusalCode | undefined {
  const { kind, direction, payloads } = header
  if (sha256(body).toString('hex') !== header.body?.hash || body.length !== header.body.size) return 'ENTRY_CORRUPT'
  if (payloads.some(({ size }) => size === 0)) return 'ENTRY_CORRUPT'
  const decoded = decodedBody(kind, body)
  if ('code' in decoded) return decoded.code
  const { relation } = ground.peer
  if (!mayWrite(relation, kind) || direction !== (relation === 'downstream' ? 'up' : 'down')) return 'ENTRY_MISPLACED'
  if (OF_A_RECORD.includes(kind)) return whyNotOfRecord(ground, header)
  return kind === 'peer' ? whyNotVouched(ground, header, decoded.body as BodyOf<'peer'>) : undefined
}

function decodedBody(kind: string, body: Uint8Array): { body: unknown } | { code: RefusalCode } {
  if (jsonDepth(Buffer.from(body).toString('utf8')) > MAX_DEPTH) return { code: 'ENTRY_CORRUPT' }
  try {
    return { body: decodeBody(kind, body) }
  } catch (error) {
    if (!(error instanceof SidikError)) throw error
    return { code: error.code === 'ENTRY_VERSION' ? 'ENTRY_VERSION' : 'ENTRY_CORRUPT' }
  }
}

function whyNotOfRecord(
  { file }: Ground,
  { station, record, recordVersion, kind }: EntryHeader,
): RefusalCode | undefined {
  if (record === undefined || (recordVersion === undefined && kind !== 'withdrawn')) return 'ENTRY_CORRUPT'
  const owner = file.get<{ station: string }>('SELECT station FROM record WHERE id = ?', record)?.station
  return owner === undefined || owner === station ? undefined : 'RECORD_FOREIGN'
}

function whyNotVouched(ground: Ground, { station }: EntryHeader, { peer }: BodyOf<'peer'>): RefusalCode | undefined {
  try {
    verifyKeyOf(peer)
  } catch {
    return 'ENTRY_CORRUPT'
  }
  const known = trustedStation(ground.file, peer.id)
  if (known !== undefined && known.verifyKey !== peer.verifyKey && !vouchedBy(ground, peer.id, station)) {
    const what = `station ${station} vouches for another key of station ${peer.id} than the one by which it is known: it was not changed`
    noteAnomaly(ground.station, 'key-conflict', `${peer.id} by ${station}`, what)
  }
  return undefined
}

function vouchedBy({ file }: Ground, station: string, voucher: string): boolean {
  return file.get('SELECT 1 FROM vouched WHERE station = ? AND voucher = ?', station, voucher) !== undefined
}

/** Whether what came as the contents of an entry can be taken here. */
import { SidikError } from '../../errors.js'
import { assertPublicIdentity } from '../identity.js'
import type { EntryHeader } from '../journal/entry.js'
import { isRoomFor } from '../journal/free.js'
import { type BodyOf, decodeBody } from '../journal/kinds.js'
import { cardsNamedIn, MOST_NAMED, PRINT_BODIES } from '../journal/kinds-print.js'
import { MOST_RANGES, rangesIn, STOCK_BODIES } from '../journal/kinds-stock.js'
import { mayName } from '../journal/payload-rules.js'
import { mayRevoke } from '../project/authority.js'
import { ownerOf } from '../project/early-words.js'
import { isFull, voucherOf } from '../project/peers.js'
import { isNikSound } from '../project/records.js'
import { sha256 } from '../store/payloads.js'
import type { Ground } from './ground.js'
import { jsonShape } from './json-shape.js'
import { isKeyContested, noteKeyConflict } from './key-conflicts.js'
import { noteAnomaly } from './noted.js'
import type { RefusalCode } from './refusal-codes.js'
import { mayWrite } from './routes.js'
import { type Trusted, trustedStation } from './trust.js'

/** A person's fields may be nested, and not for ever. */
const MAX_DEPTH = 32

/** Twice what 256 KiB of serials come to, the longest lists of a body. */
const MAX_VALUES = 50_000

/** Kinds of entries about a record of the station that writes them. */
const OF_A_RECORD = ['enrolled', 'corrected', 'withdrawn']

/** Kinds about any record, which their headers name. */
const ABOUT_A_RECORD = [
  ...['adjudicated', 'decision', 'gallery', 'removal'],
  ...['checked', 'case-opened', 'case-closed', 'cards-of-nik'],
]

/** Why not; undefined when they can. */
export function whyNotTaken(ground: Ground, header: EntryHeader, body: Uint8Array): RefusalCode | undefined {
  const { kind, direction, payloads } = header
  if (sha256(body).toString('hex') !== header.body?.hash || body.length !== header.body.size) return 'ENTRY_CORRUPT'
  if (payloads.some(({ size }) => size === 0)) return 'ENTRY_CORRUPT'
  const decoded = decodedBody(kind, body)
  if ('code' in decoded) return decoded.code
  if (!isNikSound(kind, decoded.body)) return 'ENTRY_CORRUPT'
  if (ABOUT_A_RECORD.includes(kind) && header.record === undefined) return 'ENTRY_CORRUPT'
  const { relation } = ground.peer
  if (!mayWrite(relation, kind) || direction !== (relation === 'downstream' ? 'up' : 'down')) return 'ENTRY_MISPLACED'
  if (kind in STOCK_BODIES && rangesIn(decoded.body) > MOST_RANGES) return 'ENTRY_CORRUPT'
  if (kind in PRINT_BODIES && cardsNamedIn(kind, decoded.body) > MOST_NAMED) return 'ENTRY_CORRUPT'
  if (!mayName(kind, payloads)) return 'PAYLOAD_NOT_ALLOWED'
  if (OF_A_RECORD.includes(kind)) return whyNotOfRecord(ground, header)
  if (kind === 'revoked') return whyNotRevoked(ground, header, decoded.body as BodyOf<'revoked'>)
  return kind === 'peer' ? whyNotWord(ground, header, decoded.body as BodyOf<'peer'>) : undefined
}

function decodedBody(kind: string, body: Uint8Array): { body: unknown } | { code: RefusalCode } {
  const { depth, values } = jsonShape(Buffer.from(body).toString('utf8'))
  if (depth > MAX_DEPTH || values > MAX_VALUES) return { code: 'ENTRY_CORRUPT' }
  try {
    return { body: decodeBody(kind, body) }
  } catch (error) {
    if (!(error instanceof SidikError)) throw error
    return { code: error.code === 'ENTRY_VERSION' ? 'ENTRY_VERSION' : 'ENTRY_CORRUPT' }
  }
}

function whyNotOfRecord(ground: Ground, header: EntryHeader): RefusalCode | undefined {
  const { record, recordVersion, kind } = header
  if (record === undefined || (recordVersion === undefined && kind !== 'withdrawn')) return 'ENTRY_CORRUPT'
  return whyNotOwn(ground, header)
}

/**
 * Refuses what a station says of a record, as its own, that another one has recorded, and notes both
 * stations: the id was known to one of them before the other had told it.
 */
export function whyNotOwn(ground: Ground, { station, record, kind }: EntryHeader): RefusalCode | undefined {
  if (record === undefined || !OF_A_RECORD.includes(kind)) return undefined
  const owner = ownerOf(ground, record)
  if (owner === undefined || owner === station) return undefined
  const what =
    `stations ${owner} and ${station} have both recorded under one id, which no two make by chance: ` +
    `that of station ${station}, which came second, was not taken; ask both, and revoke the one that copied it`
  noteAnomaly(ground.station, 'record-conflict', `${owner} by ${station}`, what, ground.peer)
  return 'RECORD_FOREIGN'
}

/** The word of one station about another, when it comes: it names an identity, and `whyNotVouched`. */
function whyNotWord(ground: Ground, header: EntryHeader, body: BodyOf<'peer'>): RefusalCode | undefined {
  try {
    assertPublicIdentity(body.peer)
  } catch {
    return 'ENTRY_CORRUPT'
  }
  return whyNotVouched(ground, header, body)
}

/**
 * Refuses the word of one station about another that cannot count as things stand now, and notes
 * where it goes against what is known. What is known is not changed by it; a person decides
 * (`trustStation`).
 */
export function whyNotVouched(
  ground: Ground,
  { station }: EntryHeader,
  { peer }: BodyOf<'peer'>,
): RefusalCode | undefined {
  const { file, self } = ground
  if (peer.id === self || peer.relation !== ground.peer.relation) return 'ENTRY_MISPLACED'
  const voucher = voucherOf(file, station, peer.relation)
  if (voucher === undefined) return 'VOUCH_REFUSED'
  const known = trustedStation(file, peer.id)
  if (known === undefined) {
    if (isFull(file, voucher.via)) return 'VOUCH_QUOTA'
    if (isRoomFor(file, peer)) return undefined
    const what =
      `station ${station} vouches for station ${peer.id}, of which entries without effect are here that are ` +
      'signed with another key: it is not known yet'
    noteKeyConflict(ground.station, peer.id, station, what, ground.peer)
    return 'KEY_CONFLICT'
  }
  const by = knownBy(known)
  if (known.verifyKey !== peer.verifyKey) {
    const what = `station ${station} vouches for another key of station ${peer.id}, which is ${by}: it was not changed`
    noteKeyConflict(ground.station, peer.id, station, what, ground.peer)
    return 'KEY_CONFLICT'
  }
  if (known.voucher !== station) {
    const what = `station ${station} vouches for station ${peer.id}, which is ${by}: it was not changed`
    noteAnomaly(ground.station, 'voucher-conflict', `${peer.id} by ${station}`, what, ground.peer)
  }
  return undefined
}

/**
 * Refuses the word of a station below about one that it does not vouch for here, as its vouching was
 * refused or the station has moved: it would be lost. It is sent once more when a person has decided.
 */
export function whyNotRevoked(
  ground: Ground,
  { station }: EntryHeader,
  { station: id, verifyKey }: BodyOf<'revoked'>,
): RefusalCode | undefined {
  const { file, station: own, peer } = ground
  if (peer.relation === 'upstream') return undefined
  const voucher = voucherOf(file, station, 'downstream')
  if (voucher === undefined) return 'VOUCH_REFUSED'
  const known = trustedStation(file, id)
  if (known === undefined) {
    if (isFull(file, voucher.via)) return 'VOUCH_QUOTA'
    return isKeyContested(own, id, peer.id) ? 'KEY_CONFLICT' : 'VOUCH_REFUSED'
  }
  const isOfOther = verifyKey !== undefined && verifyKey !== known.verifyKey
  if (isOfOther) return isKeyContested(own, id, peer.id) ? 'KEY_CONFLICT' : undefined
  if (mayRevoke(ground, station, id)) return undefined
  const what =
    `station ${station} has revoked station ${id}, which is ${knownBy(known)} now: that did not count; ` +
    'where it is right, revoke it here'
  noteAnomaly(own, 'voucher-conflict', `${id} by ${station}`, what, peer)
  return 'KEY_CONFLICT'
}

const knownBy = ({ voucher }: Trusted) => (voucher === null ? 'a peer of this one' : `known by the word of ${voucher}`)

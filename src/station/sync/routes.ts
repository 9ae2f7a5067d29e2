/** Which entries are of use to whom, and who may write which. */
import type { EntryHeader } from '../journal/entry.js'
import { PRINT_BODIES } from '../journal/kinds-print.js'
import { STOCK_BODIES } from '../journal/kinds-stock.js'
import type { StationFile } from '../store/database.js'
import type { Peer, Relation } from '../types.js'
import { trustedStation } from './trust.js'

/** About cards: whoever prints writes these, for the record's station or for those above. */
const CARDS = Object.keys(PRINT_BODIES)

/** What those below may say to those above, and the other way round. Of other kinds only the headers travel. */
const KINDS: Readonly<Record<Relation, readonly string[]>> = {
  downstream: [
    'peer',
    'revoked',
    'enrolled',
    'corrected',
    'withdrawn',
    'adjudicated',
    ...Object.keys(STOCK_BODIES).filter(kind => kind !== 'shipment'),
    ...CARDS,
  ],
  upstream: [
    'peer',
    'revoked',
    'decision',
    'gallery',
    'removal',
    'checked',
    'recheck-asked',
    'case-opened',
    'case-closed',
    'cards-of-nik',
    'shipment',
    ...CARDS,
  ],
}

/** Whether the body and the payloads of an entry are for a peer, or for one that is reached by way of it. */
export function isFor(file: StationFile, { direction, to }: EntryHeader, peer: Peer): boolean {
  if (peer.relation === 'upstream') return direction === 'up'
  return direction === 'down' && (to === undefined || to === peer.id || trustedStation(file, to)?.via === peer.id)
}

/** Whether the contents of an entry that comes from `relation` are of use here. */
export function isForUs(file: StationFile, self: string, { direction, to }: EntryHeader, relation: Relation): boolean {
  if (relation === 'downstream') return direction === 'up'
  return (
    direction === 'down' && (to === undefined || to === self || trustedStation(file, to)?.relation === 'downstream')
  )
}

/** Whether a station on that side may write entries of this kind. */
export function mayWrite(relation: Relation, kind: string): boolean {
  return KINDS[relation].includes(kind)
}

/**
 * What follows from an entry: the one place from which tables that state how things stand are written, whoever's entry it is. The tables
 * are the fold of this over `journal` in the order of `applied`; `verifyStation` folds once more and compares.
 */
import { NIK_TAG } from '../enrol/nik.js'
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf, EntryKind } from '../journal/kinds.js'
import { projectExported, projectImported } from './bundles.js'
import { nikTagOfVersion, projectCardCancelled, projectCardNik, projectCardRequested } from './card-requests.js'
import {
  projectCardHandedOver,
  projectCardPrinted,
  projectCardReleased,
  projectCardReserved,
  projectCardResolved,
  projectCardSent,
  projectCardSpoiled,
  projectCardsLost,
  projectCardUncertain,
} from './cards.js'
import { projectCardsOfNik } from './cards-of-nik.js'
import {
  projectAwaited,
  projectCheckAgain,
  projectCheckDue,
  projectChecked,
  projectNotDue,
  projectRecheck,
} from './checks.js'
import { earlyWords, isHere, WAITS_FOR_RECORD } from './early-words.js'
import { projectGallery, projectRemoval, projectTemplates, projectWithdrawnTemplates } from './gallery.js'
import { projectCaseClosed, projectCaseOpened, projectClosedBefore } from './identity-cases.js'
import { judgingOnce, projectLetterIssued, projectLetterRevoked } from './letters.js'
import { ofOwnCard } from './own-cards.js'
import { projectCardArrived, projectCardPassedOn } from './passed-cards.js'
import { isBelieved, projectOwnCentre, projectPeer, projectRevoked, projectTrusted } from './peers.js'
import type { Projected, Projection } from './projected.js'
import { projectQuotaRaised } from './quotas.js'
import { projectReceipts, projectReceiptsVoid, projectRefusalSettled, projectRefusals } from './receipts.js'
import { isNikSound, projectDecision, projectEnrolment, projectWithdrawal } from './records.js'
import {
  projectCard,
  projectCardsReceived,
  projectCardsSent,
  projectConsumableInstalled,
  projectConsumableRemoved,
  projectCorrected,
  projectCounted,
  projectDispatched,
  projectReceived,
  projectShipment,
  projectStockCard,
  projectTaken,
} from './stock.js'
import { projectLookedAt, projectPreCheck } from './to-look-at.js'
import { earlyTold, type Word, wordIn, wordOf } from './told-below.js'

/** Kinds that are not here change nothing but the journal. */
const PROJECTIONS: { readonly [K in EntryKind]?: readonly Projection<BodyOf<K>>[] } = {
  'own-centre': [projectOwnCentre],
  peer: [projectPeer],
  'station-trusted': [projectTrusted],
  revoked: [projectRevoked, projectClosedBefore],
  enrolled: [projectEnrolment, projectTemplates, projectCheckDue, projectCardNik, projectPreCheck],
  corrected: [projectEnrolment, projectTemplates, projectCheckDue, projectCardNik, projectPreCheck],
  withdrawn: [projectWithdrawal, projectWithdrawnTemplates, projectNotDue],
  checked: [projectChecked],
  adjudicated: [projectLookedAt],
  'recheck-asked': [projectAwaited, projectRecheck],
  decision: [projectDecision],
  'case-opened': [projectCaseOpened],
  'case-closed': [projectAwaited, projectCaseClosed, projectCheckAgain],
  'cards-of-nik': [projectCardsOfNik],
  gallery: [projectGallery],
  removal: [projectRemoval, projectNotDue],
  receipts: [projectReceipts],
  'receipts-void': [projectReceiptsVoid],
  refusals: [projectRefusals],
  'refusal-settled': [projectRefusalSettled],
  'quota-raised': [projectQuotaRaised],
  exported: [projectExported],
  imported: [projectImported],
  shipment: [projectShipment],
  'stock-received': [projectReceived],
  'stock-dispatched': [projectDispatched],
  'cards-sent': [projectCardsSent],
  'cards-received': [projectCardsReceived],
  'stock-returned': [projectTaken],
  'stock-spoiled': [projectTaken],
  'stock-card': ofOwnCard(projectStockCard),
  'stock-counted': [projectCounted],
  'stock-corrected': [projectCorrected],
  'consumable-installed': [projectConsumableInstalled],
  'consumable-removed': [projectConsumableRemoved],
  'card-requested': [projectCardRequested, projectEarlyTold],
  'card-cancelled': [projectCardsLost, projectCardCancelled],
  // The books before the card: what is counted follows from where its blank lay.
  'card-reserved': ofOwnCard(projectCard, projectCardReserved),
  'card-sent': ofOwnCard(projectCardSent),
  'card-printed': ofOwnCard(projectCard, projectCardPrinted),
  'card-uncertain': ofOwnCard(projectCardUncertain),
  'card-resolved': ofOwnCard(projectCard, projectCardResolved),
  'card-spoiled': [projectCard, projectCardSpoiled],
  'card-released': ofOwnCard(projectCard, projectCardReleased),
  'card-handed-over': [projectCardHandedOver],
  'card-passed-on': [projectCard, projectCardPassedOn],
  'card-arrived': [projectCard, projectCardArrived],
  'letter-issued': [projectLetterIssued],
  'letter-revoked': [projectLetterRevoked],
}

/** All that these write to, with what names a row. */
export const PROJECTED_TABLES: readonly { readonly table: string; readonly key: readonly string[] }[] = [
  { table: 'record', key: ['id'] },
  { table: 'gallery_entry', key: ['record'] },
  { table: 'peer', key: ['id'] },
  { table: 'receipt', key: ['station', 'sequence', 'peer'] },
  { table: 'refusal', key: ['station', 'sequence', 'peer'] },
  { table: 'vouched', key: ['station'] },
  { table: 'revoked', key: ['station'] },
  { table: 'own_centre', key: ['one'] },
  { table: 'bundle', key: ['way', 'id'] },
  { table: 'peer_quota', key: ['peer', 'quota'] },
  { table: 'lot', key: ['id'] },
  { table: 'stock_move', key: ['station', 'sequence', 'line'] },
  { table: 'stock_balance', key: ['station', 'lot', 'account'] },
  { table: 'stock_range', key: ['station', 'lot', 'prefix', 'digits', 'first'] },
  { table: 'lot_cards', key: ['station', 'lot', 'purpose'] },
  { table: 'opened_consumable', key: ['station', 'sequence'] },
  { table: 'shipment', key: ['id', 'station', 'way'] },
  { table: 'consumable', key: ['station', 'printer', 'item'] },
  { table: 'discrepancy', key: ['station', 'sequence', 'place'] },
  { table: 'card_request', key: ['id'] },
  { table: 'print_job', key: ['id'] },
  { table: 'letter', key: ['id'] },
  { table: 'check_due', key: ['record'] },
  { table: 'recheck_rest', key: ['asked'] },
  { table: 'record_check', key: ['record', 'word_of'] },
  { table: 'to_look_at', key: ['record', 'search', 'other'] },
  { table: 'identity_case', key: ['record', 'other', 'kind', 'word_of'] },
  { table: 'card_of_nik', key: ['record', 'word_of', 'job'] },
]

/** @param body as BODIES[kind] has it; undefined where only the header is here: then the entry is of no use to this station */
export function project(to: Projected, entry: SignedEntry, applied: number, body: unknown): void {
  const word = body === undefined ? undefined : wordOf(to.self, entry, body)
  if (word !== undefined) projectWord(to, word, applied)
}

function projectWord(to: Projected, word: Word, applied: number): void {
  const { entry, body } = word
  const { station, sequence, kind, record } = entry.header
  if (!Object.hasOwn(PROJECTIONS, kind)) return
  if (station !== to.self && !isBelieved(to.file, station, sequence)) return
  // Programs before took such entries.
  if (!isNikSound(kind, body)) return
  const at = { ...to, place: applied }
  const all = () => {
    const wasHere = isHere(at, record)
    if (!wasHere && WAITS_FOR_RECORD.includes(kind as EntryKind)) return
    fold(at, word, applied)
    if (!wasHere && isHere(at, record)) judgingOnce(at, once => projectEarlyWords(once, record!, applied))
  }
  const { watcher } = to.file
  if (record === undefined || watcher === undefined) all()
  else watcher.changing(record, nikTagOf(at, entry, body), all)
}

function fold(to: Projected, { entry, body }: Word, applied: number): void {
  const projections = PROJECTIONS[entry.header.kind as EntryKind] as readonly Projection<unknown>[]
  for (const each of projections) each(to, entry, body, applied)
}

/** They take effect now: at the place of the entry that the record came with. */
function projectEarlyWords(to: Projected, record: string, applied: number): void {
  for (const row of earlyWords(to, record, applied)) {
    if (row.station !== to.self && !isBelieved(to.file, row.station, row.sequence)) continue
    fold(to, wordIn(to, row)!, applied)
  }
}

/** The same, at the place of the request. */
function projectEarlyTold(to: Projected, entry: SignedEntry, body: BodyOf<'card-requested'>, applied: number): void {
  for (const word of earlyTold(to, entry, body, applied)) fold(to, word, applied)
}

/** Tag of the NIK that a record, or a card of it, gets by an entry. */
function nikTagOf(to: Projected, { header }: SignedEntry, body: unknown): Uint8Array | undefined {
  const { kind, record = '', recordVersion = null } = header
  if (kind === 'enrolled' || kind === 'corrected') return to.keys.tag(NIK_TAG + (body as BodyOf<'enrolled'>).nik)
  const { job } = body as { readonly job?: unknown }
  if (typeof job !== 'string') return undefined
  const known = to.file.get<{ version: number | null }>('SELECT version FROM print_job WHERE id = ?', job)
  return nikTagOfVersion(to, record, known === undefined ? recordVersion : known.version) ?? undefined
}

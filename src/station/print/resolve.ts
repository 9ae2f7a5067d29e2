/** What people say of cards: what lies in the tray, what is of no use, who has it now. */
import { SidikError } from '../../errors.js'
import { oneOf, readOptions } from '../../options.js'
import { isReady } from '../enrol/states.js'
import { nonEmptyText, personName } from '../enrol/texts.js'
import { IS_NOT_HERE } from '../project/cards-of-nik.js'
import { ONE_TOO_MANY } from '../project/printed-twice.js'
import { partsOf, type Station } from '../station.js'
import { checkMoves } from '../stock/check.js'
import { blankOf } from '../stock/lying.js'
import { movesOf } from '../stock/moves.js'
import { isAtWork } from './at-work.js'
import { type ChipStep, chipOf } from './chip.js'
import { noteIssued } from './issued.js'
import { recordNow, write } from './reserve.js'
import { cardInHand, type JobRow, jobOf, jobRow, ownJob, whereIs } from './rows.js'
import type { PrintJob } from './types.js'

export interface Resolution {
  /** What lies there: a card that is as it should be, one that is not, or the blank as it was. */
  readonly found: 'printed' | 'spoiled' | 'untouched'
  /** A reader has read the chip of a card that is found printed, and it is this person's. */
  readonly chip?: 'written'
  /** Who looked. */
  readonly operator: string
  readonly note?: string
}

export interface Spoilage {
  readonly reason: string
  readonly operator: string
}

export interface Handover {
  /** Who took it: the person, or who may take it for them. */
  readonly to: string
  readonly operator: string
  /** Needed where the card shows an earlier version of the record than the newest. */
  readonly note?: string
}

/**
 * Says of a card that was sent what somebody found. It is the only way out of uncertainty. Of a card that the printer said was printed, or was not,
 * and is otherwise, too: that contradicts the printer, and stays on record as `printer-contradicted`.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError PRINT_UNKNOWN; PRINT_STATE where it is not this station's card, this process is printing it, or there is nothing to say;
 *   PRINT_REQUESTED for a card that is there and must not be, as the person has another: it is to be destroyed, and resolved as spoiled
 */
export function resolveJob(station: Station, job: string, resolution: Resolution): PrintJob {
  const asked = readOptions('resolveJob', resolution, ['found', 'chip', 'operator', 'note'])
  const body = {
    job,
    found: oneOf('found', asked.found, ['printed', 'spoiled', 'untouched']),
    ...(asked.chip !== undefined && { chip: oneOf('chip', asked.chip, ['written']) }),
    operator: personName('operator', asked.operator),
    ...(asked.note !== undefined && { note: nonEmptyText('note', asked.note) }),
  }
  return saying(station, job, ownJob, row => {
    if (row.leg !== null) throw new SidikError('PRINT_STATE', `the card is not here: ${whereIs(row)}`)
    if (isAtWork(job))
      throw new SidikError('PRINT_STATE', 'the card is being printed: the printer has still to say what became of it')
    if (row.state === 'reserved')
      throw new SidikError('PRINT_STATE', 'the card was never sent: recoverPrinting releases its blank')
    const said = SAYS_SO[body.found]
    if (row.state === said || row.state === 'spoiled' || row.state === 'handed-over') throw alreadyIs(row)
    if (row.state === 'released' && body.found === 'printed') assertNoOther(station, row)
    assertChip(chipOf(partsOf(station), row), body)
    moving(station, row, 'card-resolved', body)
  })
}

/** A card whose chip nobody has read is not handed to anybody. */
function assertChip(step: ChipStep, { found, chip }: Pick<Resolution, 'found' | 'chip'>): void {
  if (step === 'none' && chip !== undefined) throw new SidikError('PRINT_STATE', 'the card has no chip')
  if (found !== 'printed' && chip !== undefined) {
    throw new RangeError(`chip is for a card that was found printed, not ${found}`)
  }
  if (step === 'none' || found !== 'printed' || chip === 'written') return
  const was = step === 'untried' ? 'which was never begun' : 'which may be half written'
  throw new SidikError(
    'PRINT_STATE',
    `the card has a chip, ${was}: have it written (personaliseCard), ` +
      `or say that a reader has read it (chip: 'written')`,
  )
}

/** What a job is when it is resolved so. */
const SAYS_SO = { printed: 'printed', spoiled: 'spoiled', untouched: 'released' } as const

/**
 * Takes a card out that was printed and is of no use, or that was sent away and is lost on its way:
 * who sent it says so. The person is back in the queue, and gets another blank.
 *
 * @throws TypeError, RangeError naming the argument; SidikError PRINT_UNKNOWN, PRINT_STATE
 */
export function spoilCard(station: Station, job: string, spoilage: Spoilage): PrintJob {
  const asked = readOptions('spoilCard', spoilage, ['reason', 'operator'])
  const body = { job, reason: nonEmptyText('reason', asked.reason), operator: personName('operator', asked.operator) }
  return saying(station, job, cardInHand, row => {
    assertPrinted(row)
    moving(station, row, 'card-spoiled', { ...body, ...broughtTo(station, row) })
  })
}

/**
 * Hands a card over: from then on the person has it.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError PRINT_UNKNOWN; PRINT_STATE where it is not printed or does not lie here, its
 *   record was withdrawn or is one of two of its NIK, the centre has taken its word back, or it
 *   shows an earlier version, or is beside a card of another record of the NIK that it does not replace, and
 *   `note` does not say why it is handed over all the same; PRINT_REQUESTED where the person has another card, which
 *   this one does not replace
 */
export function handOver(station: Station, job: string, handover: Handover): PrintJob {
  const asked = readOptions('handOver', handover, ['to', 'operator', 'note'])
  const body = {
    job,
    to: personName('to', asked.to),
    operator: personName('operator', asked.operator),
    ...(asked.note !== undefined && { note: nonEmptyText('note', asked.note) }),
  }
  return saying(station, job, cardInHand, row => {
    assertPrinted(row)
    if (row.leg === 'out' || row.leg === 'back') {
      throw new SidikError('PRINT_STATE', `the card is not here: ${whereIs(row)}`)
    }
    assertNoOther(station, row)
    if (body.note === undefined) assertNoneOfNik(station, row)
    const { client_state, centre_state, version, doubted } = recordNow(partsOf(station), row)
    if (client_state === 'withdrawn') {
      throw new SidikError('PRINT_STATE', 'the record was withdrawn after the card was printed: spoil the card')
    }
    // A correction takes the centre's word back; the card is of the version before, about which it was.
    const isCorrected = row.version !== version && centre_state === null
    if (!isReady(centre_state) && !isCorrected) {
      throw new SidikError(
        'PRINT_STATE',
        `the centre says ${centre_state} now: keep the card until it is cleared, or spoil it`,
      )
    }
    if (doubted === 1) {
      throw new SidikError(
        'PRINT_STATE',
        'another record has the same NIK or fingers: keep the card until somebody has decided',
      )
    }
    if (row.version !== version && body.note === undefined) {
      throw new SidikError(
        'PRINT_STATE',
        'the record was corrected after the card was printed: spoil it, or say in a note why not',
      )
    }
    write(station, row, 'card-handed-over', { ...body, ...broughtTo(station, row) })
    noteIssued(station, row.record)
  })
}

function saying(station: Station, job: string, find: typeof ownJob, say: (row: JobRow) => void): PrintJob {
  const parts = partsOf(station)
  return parts.file.transaction(() => {
    say(find(parts, job))
    return jobOf(jobRow(parts, job), station.id)
  })
}

/** Says of a card that was sent here with which shipment it came. */
function broughtTo({ id }: Station, { station, shipment }: JobRow): { brought?: string } {
  return station === id || shipment === null ? {} : { brought: shipment }
}

function moving(station: Station, row: JobRow, ...[kind, body]: Moving): void {
  const parts = partsOf(station)
  const blank = blankOf(parts.file, station.id, row.id)
  checkMoves(parts, kind === 'card-resolved' ? movesOf(kind, body, blank) : movesOf(kind, body, blank))
  if (kind === 'card-resolved') write(station, row, kind, body)
  else write(station, row, kind, body)
}

type Moving =
  | ['card-resolved', { job: string; found: Resolution['found']; chip?: 'written'; operator: string; note?: string }]
  | ['card-spoiled', { job: string; reason: string; operator: string; brought?: string }]

function assertPrinted(row: JobRow): void {
  if (row.state !== 'printed') throw alreadyIs(row)
}

function alreadyIs({ state }: JobRow): SidikError {
  return new SidikError('PRINT_STATE', `that cannot follow: the card is ${state}`)
}

/**
 * For a card that the printer denied, or that was thought lost, while the person's request went on. One that was sent
 * here may have been made anew where it came from, for whichever request of the NIK.
 */
function assertNoOther(station: Station, { id, request, record, leg }: JobRow): void {
  const { file } = partsOf(station)
  const others = leg === 'there' ? 'o.id = mine.id OR o.nik_tag = mine.nik_tag OR o.record = ?' : 'o.record = ?'
  const inPrinter = leg === 'there' ? `o.state = 'printing' OR` : ''
  const other = file.get(
    `SELECT 1 FROM card_request mine JOIN card_request o ON ${others}
     WHERE mine.id = ? AND (${inPrinter}
       EXISTS (SELECT 1 FROM print_job j WHERE j.request = o.id AND j.id <> ? AND ${ONE_TOO_MANY}))`,
    record,
    request,
    id,
  )
  if (other !== undefined) {
    throw new SidikError(
      'PRINT_REQUESTED',
      'the person has another card, or gets one: destroy this one, and say that it is spoiled',
    )
  }
}

/** For a card that was printed before another of the NIK was known of, here or by the word of a station above. */
function assertNoneOfNik(station: Station, { id, request, record }: JobRow): void {
  const { file } = partsOf(station)
  const named = '(SELECT value FROM json_each(coalesce(mine.replaces, json_array())))'
  const other = file.get(
    `SELECT 1 FROM card_request mine WHERE mine.id = ? AND (
       EXISTS (SELECT 1 FROM card_of_nik t WHERE t.record = ? AND ${IS_NOT_HERE} AND t.job NOT IN ${named})
       OR EXISTS (SELECT 1 FROM card_request o JOIN print_job j ON j.request = o.id AND j.id <> ?
         WHERE o.nik_tag = mine.nik_tag AND o.record <> mine.record AND ${ONE_TOO_MANY}))`,
    request,
    record,
    id,
  )
  if (other === undefined) return
  const what = 'a card of the same NIK was printed for another record'
  throw new SidikError(
    'PRINT_STATE',
    `${what}: ask which of the two persons it belongs to, and say in a note what you found`,
  )
}

/** The ministry's answers from a file, where there is no line to the ministry. */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { SidikError } from '../../errors.js'
import { abortSignal, callback, oneOf, readOptions } from '../../options.js'
import { bodyOfDecision, writeDecision } from '../enrol/decide.js'
import { decisionsOn, type RecordDecision, standingDecision } from '../enrol/decisions.js'
import { findRecord } from '../enrol/held.js'
import { READY_STATES } from '../enrol/states.js'
import { nonEmptyText, personName } from '../enrol/texts.js'
import type { BodyOf } from '../journal/kinds.js'
import { HAND_OVER } from '../project/records.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { inSlices } from '../sync/slices.js'
import { firstImport, isFollowed } from './first-import.js'
import { formerHolders } from './former-holders.js'
import { ofNik, otherMeant, recordMeant } from './record-meant.js'
import { REFUSED_DECISIONS, type Refusal, type RefusedRow, refusal } from './refused-rows.js'
import { DECISION_FORMATS, type DecisionFormat, type DecisionRow, format, MOST_ROWS, readTable } from './rows.js'
import { bytesOf, type DecisionSource } from './source.js'

export interface ImportDecisionsOptions {
  /** Who imports the file: stands in each decision as the one who decided. */
  readonly operator: string
  /** 'csv' or 'json'; by its first character unless given. */
  readonly format?: DecisionFormat
  /**
   * Why a card may follow of those that no station has compared with all others, as where the
   * ministry has. Without it, the cards of those wait for a comparison. See `DecisionInput.unchecked`.
   */
  readonly unchecked?: string
  /** Ends it between two rows; what was taken stays. The promise is rejected with its reason. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ImportDecisionsProgress) => void
}

export interface ImportDecisionsProgress {
  /** Rows that were settled, of all. */
  readonly done: number
  readonly total: number
}

export interface ImportedDecisions {
  /** Rows of the file; empty ones do not count. All were taken, left or refused. */
  readonly rows: number
  /** Decisions written. */
  readonly taken: number
  /** Rows that say what stands already, or allow a card that was handed over. */
  readonly left: number
  /** In their order in the file. */
  readonly refused: readonly RefusedRow[]
  /** Names of columns that nobody reads; a misspelt one is among them. */
  readonly ignored: readonly string[]
}

/** Milliseconds of work between two turns of the event loop. */
const SLICE_MS = 40

/** What the decisions of a file have in common. */
interface Origin {
  readonly by: string
  /** SHA-256 of the file. */
  readonly file: string
  readonly unchecked?: string
}

/** A row and the record that it is about. */
interface Decision {
  readonly row: DecisionRow
  readonly record: string
  readonly body: BodyOf<'decision'>
}

/**
 * Takes decisions from a file: CSV with a head, or a JSON list of objects. Columns are `record` (an
 * id) or `nik`, `state`, and if need be `duplicate_of` (an id or a NIK) and `note`. Each row is
 * decided as `decide` does, left because the same decision stands or the card that it allows was
 * handed over, or refused; a bad row stops no other. The same file may be imported any number of
 * times, also after a kill: it never takes the place of what was decided since the first time.
 *
 * @param source a file's name, its bytes or a stream of bytes: at most 64 MiB and 250,000 rows
 * @throws TypeError, RangeError for options that are not as they must be; the signal's reason
 * @throws SidikError DECISIONS_FORMAT (not such a file: nothing was taken), FILE_UNREADABLE,
 *   STATION_FULL, STATION_BUSY, STATION_ALTERED: rows that were taken before stay
 */
export async function importDecisions(
  station: Station,
  source: DecisionSource,
  options: ImportDecisionsOptions,
): Promise<ImportedDecisions> {
  const parts = partsOf(station)
  const asked = readOptions('importDecisions', options, ['operator', 'format', 'unchecked', 'signal', 'onProgress'])
  const by = personName('operator', asked.operator)
  const unchecked = asked.unchecked === undefined ? undefined : nonEmptyText('unchecked', asked.unchecked)
  const signal = abortSignal('signal', asked.signal)
  const onProgress = callback('onProgress', asked.onProgress)
  if (asked.format !== undefined) oneOf('format', asked.format, DECISION_FORMATS)
  signal?.throwIfAborted()
  const bytes = await bytesOf(source, signal)
  const name = typeof source === 'string' ? source : 'the file of decisions'
  const { ignored, rows } = readTable(name, bytes, asked.format)
  const origin = {
    by,
    file: createHash('sha256').update(bytes).digest('hex'),
    ...(unchecked !== undefined && { unchecked }),
  }

  // Before the rows are read: whoever is stopped then imports the file again.
  const first = parts.file.transaction(() => firstImport(parts, origin.file))
  const refused: RefusedRow[] = []
  const all: DecisionRow[] = []
  const said = new Sayings()
  await inTurns(rows, signal, row => {
    if (row === undefined) return
    if (all.length + refused.length >= MOST_ROWS)
      throw format(`${name} has more than ${MOST_ROWS} rows: give it in parts`)
    if ('code' in row) return void refused.push(row)
    all.push(row)
    const decision = decisionOf(partsOf(station), row, origin)
    if ('record' in decision) said.add(decision)
  })

  const former = new Map<string, Set<string>>()
  if (all.some(({ record }) => record === undefined)) {
    await inTurns(formerHolders(parts, origin.file), signal, each => {
      if (each !== undefined) former.set(each.nik, (former.get(each.nik) ?? new Set()).add(each.record))
    })
  }

  const known = { said, former, first }
  const total = all.length + refused.length
  let [taken, left] = [0, 0]
  await inSlices(parts.file, settling(), () => {
    onProgress?.({ done: taken + left + refused.length, total })
    signal?.throwIfAborted()
  })
  refused.sort((a, b) => a.line - b.line)
  return { rows: total, taken, left, refused, ignored: [...ignored] }

  function* settling(): Generator<void> {
    for (const row of all) {
      const done = settle(station, row, origin, known)
      if (done === 'taken') taken++
      else if (done === 'left') left++
      else refused.push({ line: row.line, ...done })
      yield
    }
  }
}

/** Known before the rows of a file are settled. */
interface Known {
  readonly said: Sayings
  /** By NIK, records of other NIKs about which this file has decided under it. */
  readonly former: ReadonlyMap<string, ReadonlySet<string>>
  /** The place of the newest entry that there was when the file was imported first. */
  readonly first: number
}

function settle(
  station: Station,
  row: DecisionRow,
  origin: Origin,
  { said, former, first }: Known,
): 'taken' | 'left' | Refusal {
  const parts = partsOf(station)
  // Once more: others may have written since the file was read.
  const decision = decisionOf(parts, row, origin)
  if ('code' in decision) return decision
  const { record, body } = decision
  if (said.isDisputed(record)) {
    return refusal('record-twice', 'another row says something else of this record: leave one of them in the file')
  }
  const held = findRecord(parts, record)!
  const standing = standingDecision(parts, held)
  const isStanding = isSame(standing, body)
  const isWaiving = body.unchecked !== undefined && WAITING.includes(standing?.comparison)
  if (isStanding && !isWaiving) return 'left'
  // The card that it allows was handed over.
  if (standing?.by === HAND_OVER && READY_STATES.includes(body.state)) return 'left'
  const isFrom = (each: RecordDecision) => each.file === origin.file && each.station === station.id
  if (!isStanding && (isFollowed(parts, held, first) || decisionsOn(parts, held).some(isFrom))) {
    return refusal(
      'superseded',
      'this file was here before, and another decision or a correction has followed: see the record',
    )
  }
  const others = row.record === undefined ? ofNik(parts, row.nik!).filter(({ id }) => id !== record) : []
  const had = row.record === undefined ? [...(former.get(row.nik!) ?? [])].filter(id => id !== record) : []
  if (had.length > 0 || others.some(other => decisionsOn(parts, other).some(isFrom))) {
    return refusal('superseded', 'this file said so before of another record of the NIK: name the record by its id')
  }
  try {
    writeDecision(station, record, body)
  } catch (error) {
    const refused = error instanceof SidikError ? REFUSED_DECISIONS[error.code] : undefined
    if (refused === undefined) throw error
    return refused
  }
  return 'taken'
}

/** The card waits for a comparison. */
const WAITING: readonly (string | undefined)[] = ['awaited', 'elsewhere']

const isSame = (standing: Saying | undefined, { state, duplicateOf, note }: Saying) =>
  standing?.state === state && standing.duplicateOf === duplicateOf && standing.note === note

type Saying = Pick<BodyOf<'decision'>, 'state' | 'duplicateOf' | 'note'>

/** Groups the rows of a file by record, and finds those that contradict each other. */
class Sayings {
  readonly #byRecord = new Map<string, Saying | 'disputed'>()

  add({ record, body }: Decision): void {
    const before = this.#byRecord.get(record)
    if (before === undefined) this.#byRecord.set(record, body)
    else if (before !== 'disputed' && !isSame(before, body)) this.#byRecord.set(record, 'disputed')
  }

  isDisputed(record: string): boolean {
    return this.#byRecord.get(record) === 'disputed'
  }
}

/** Finds the record of a row among those that are here. */
function decisionOf(parts: StationParts, row: DecisionRow, { by, file, unchecked }: Origin): Decision | Refusal {
  const { state, note } = row
  const held = recordMeant(parts, row)
  if ('code' in held) return held
  const duplicateOf = row.duplicateOf === undefined ? undefined : otherMeant(parts, row.duplicateOf)
  if (typeof duplicateOf === 'object') return duplicateOf
  if (duplicateOf === held.id) return refusal('duplicate-itself', 'it names the record itself: name the one that stays')
  const saying = {
    ...{ state, by },
    ...(duplicateOf !== undefined && { duplicateOf }),
    ...(note !== undefined && { note }),
    ...(unchecked !== undefined && READY_STATES.includes(state) && { unchecked }),
  }
  return { row, record: held.id, body: { ...bodyOfDecision(held.id, saying), file } }
}

/** Looks at all items, with a turn of the event loop now and then. */
async function inTurns<T>(items: Iterable<T>, signal: AbortSignal | undefined, look: (item: T) => void): Promise<void> {
  let began = performance.now()
  for (const item of items) {
    look(item)
    if (performance.now() - began < SLICE_MS) continue
    await setImmediate()
    signal?.throwIfAborted()
    began = performance.now()
  }
}

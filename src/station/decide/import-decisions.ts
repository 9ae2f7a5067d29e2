/** The ministry's answers from a file, where there is no line to the ministry. */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { SidikError } from '../../errors.js'
import { abortSignal, callback, oneOf, readOptions } from '../../options.js'
import { bodyOfDecision, writeDecision } from '../enrol/decide.js'
import { decisionsOn, standingDecision } from '../enrol/decisions.js'
import { findRecord, isKnown, type RecordRow } from '../enrol/held.js'
import { personName } from '../enrol/texts.js'
import type { BodyOf } from '../journal/kinds.js'
import { NIK_TAG } from '../project/records.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { inSlices } from '../sync/slices.js'
import {
  DECISION_FORMATS,
  type DecisionFormat,
  type DecisionRow,
  format,
  MOST_ROWS,
  type RefusedRow,
  type RowRefusalCode,
  readTable,
} from './rows.js'
import { bytesOf, type DecisionSource } from './source.js'

export interface ImportDecisionsOptions {
  /** Who imports the file: stands in each decision as the one who decided. */
  readonly operator: string
  /** 'csv' or 'json'; by its first character unless given. */
  readonly format?: DecisionFormat
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
  /** Rows that say what stands already. */
  readonly left: number
  /** In their order in the file. */
  readonly refused: readonly RefusedRow[]
  /** Names of columns that nobody reads; a misspelt one is among them. */
  readonly ignored: readonly string[]
}

/** Milliseconds of work between two turns of the event loop. */
const SLICE_MS = 40

type Refusal = Omit<RefusedRow, 'line'>

/** A row and the record that it is about. */
interface Decision {
  readonly row: DecisionRow
  readonly record: string
  readonly body: BodyOf<'decision'>
}

/**
 * Takes decisions from a file: CSV with a head, or a JSON list of objects. Columns are `record` (an
 * id) or `nik`, `state`, and if need be `duplicate_of` (an id or a NIK) and `note`. Each row is
 * decided as `decide` does, left because the same decision stands, or refused; a bad row stops no
 * other. The same file may be imported any number of times, also after a kill: it never takes the
 * place of a decision that followed.
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
  const asked = readOptions('importDecisions', options, ['operator', 'format', 'signal', 'onProgress'])
  const by = personName('operator', asked.operator)
  const signal = abortSignal('signal', asked.signal)
  const onProgress = callback('onProgress', asked.onProgress)
  if (asked.format !== undefined) oneOf('format', asked.format, DECISION_FORMATS)
  signal?.throwIfAborted()
  const bytes = await bytesOf(source, signal)
  const name = typeof source === 'string' ? source : 'the file of decisions'
  const { ignored, rows } = readTable(name, bytes, asked.format)
  const file = createHash('sha256').update(bytes).digest('hex')

  const refused: RefusedRow[] = []
  const all: DecisionRow[] = []
  const said = new Sayings()
  await inTurns(rows, signal, row => {
    if (all.length + refused.length >= MOST_ROWS)
      throw format(`${name} has more than ${MOST_ROWS} rows: give it in parts`)
    if ('code' in row) return void refused.push(row)
    all.push(row)
    const decision = decisionOf(partsOf(station), row, by, file)
    if ('record' in decision) said.add(decision)
  })

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
      const done = settle(station, row, { by, file, said })
      if (done === 'taken') taken++
      else if (done === 'left') left++
      else refused.push({ line: row.line, ...done })
      yield
    }
  }
}

function settle(
  station: Station,
  row: DecisionRow,
  { by, file, said }: { readonly by: string; readonly file: string; readonly said: Sayings },
): 'taken' | 'left' | Refusal {
  const parts = partsOf(station)
  // Once more: others may have written since the file was read.
  const decision = decisionOf(parts, row, by, file)
  if ('code' in decision) return decision
  const { record, body } = decision
  if (said.isDisputed(record)) {
    return refusal('record-twice', 'another row says something else of this record: leave one of them in the file')
  }
  const held = findRecord(parts, record)!
  if (isSame(standingDecision(parts, held), body)) return 'left'
  const before = decisionsOn(parts, held).some(each => each.file === file && each.station === station.id)
  if (before)
    return refusal('superseded', 'this file said so before, and another decision has followed: see the record')
  try {
    writeDecision(station, record, body)
  } catch (error) {
    if (!(error instanceof SidikError) || error.code !== 'RECORD_FOREIGN') throw error
    return refusal('record-foreign', 'the record is of this station: what becomes of it is said by the stations above')
  }
  return 'taken'
}

const isSame = (standing: Saying | undefined, { state, duplicateOf, note }: Saying) =>
  standing?.state === state && standing.duplicateOf === duplicateOf && standing.note === note

type Saying = Pick<BodyOf<'decision'>, 'state' | 'duplicateOf' | 'note'>

/** What the rows of a file say of each record: finds rows that contradict each other. */
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

/** What the row says, of which record that is here. */
function decisionOf(parts: StationParts, row: DecisionRow, by: string, file: string): Decision | Refusal {
  const { state, note } = row
  const held = recordMeant(parts, row)
  if ('code' in held) return held
  const duplicateOf = row.duplicateOf === undefined ? undefined : otherMeant(parts, row.duplicateOf)
  if (typeof duplicateOf === 'object') return duplicateOf
  if (duplicateOf === held.id) return refusal('duplicate-itself', 'it names the record itself: name the one that stays')
  const saying = { state, by, ...(duplicateOf !== undefined && { duplicateOf }), ...(note !== undefined && { note }) }
  return { row, record: held.id, body: { ...bodyOfDecision(held.id, saying), file } }
}

function recordMeant(parts: StationParts, { record, nik }: DecisionRow): RecordRow | Refusal {
  const ofNik = nik === undefined ? undefined : standingOf(parts, nik)
  if (record !== undefined) {
    const held = findRecord(parts, record)
    if (held === undefined) return refusal('record-unknown', 'this station holds no record of this id')
    if (ofNik === undefined || isOf(parts, held, nik!)) return held
    return refusal('nik-differs', 'the record is of another NIK than the row says')
  }
  if (ofNik!.length > 1) {
    return refusal('nik-several', 'several records have this NIK: name the record by its id')
  }
  const [only] = ofNik!
  return only ?? refusal('record-unknown', 'no record of this NIK is here, or it was withdrawn')
}

/** The record that stays. Its id comes first: an id may look like a NIK. */
function otherMeant(parts: StationParts, named: string): string | Refusal {
  if (isKnown(parts, named)) return named
  const standing = /^\d{16}$/.test(named) ? standingOf(parts, named) : []
  if (standing.length === 1) return standing[0].id
  if (standing.length > 1) {
    return refusal('duplicate-several', 'several records have the NIK that it is a duplicate of: name the id')
  }
  return refusal('duplicate-unknown', 'the record that it is a duplicate of is not known at this station')
}

/**
 * Records of a NIK that were not withdrawn: none, one, or two of several.
 *
 * @throws SidikError STATION_ALTERED where another of the NIK was hidden by whoever edited the file
 */
function standingOf(parts: StationParts, nik: string): RecordRow[] {
  const { file, keys } = parts
  const sql = `SELECT id FROM record WHERE nik_tag = ? AND client_state <> 'withdrawn' ORDER BY id LIMIT 2`
  const found = file.all<{ id: string }>(sql, keys.tag(NIK_TAG + nik)).map(({ id }) => findRecord(parts, id)!)
  if (found.length === 1 && file.inTransaction) file.watcher?.assure(found[0].id)
  return found
}

function isOf({ file, keys }: StationParts, { id }: RecordRow, nik: string): boolean {
  return file.get('SELECT 1 FROM record WHERE id = ? AND nik_tag = ?', id, keys.tag(NIK_TAG + nik)) !== undefined
}

const refusal = (code: RowRefusalCode, message: string): Refusal => ({ code, message })

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

/** Rows of a file of decisions, CSV or JSON, whatever the order and case of its columns. */
import { SidikError } from '../../errors.js'
import { centreState, DUPLICATE_STATE } from '../enrol/states.js'
import { csvRecords, fieldsOf, lineEnd } from './csv-lines.js'
import { membersTwice } from './json-members.js'
import type { RefusedRow, RowRefusalCode } from './refused-rows.js'

export const DECISION_FORMATS = ['csv', 'json'] as const

export type DecisionFormat = (typeof DECISION_FORMATS)[number]

/** A row as it was read, not yet compared with the records of the station. */
export interface DecisionRow {
  /** Line of the file; of JSON, the place in the list. Both from 1. */
  readonly line: number
  readonly record?: string
  readonly nik?: string
  /** Full name of one of CENTRE_STATES. */
  readonly state: string
  /** Id of a record, or a NIK. */
  readonly duplicateOf?: string
  readonly note?: string
}

const MEMBERS = ['record', 'nik', 'state', 'duplicateof', 'note'] as const

type Member = (typeof MEMBERS)[number]

/** Most characters of each field. */
const MOST: Readonly<Record<Member, number>> = { record: 64, nik: 16, state: 64, duplicateof: 64, note: 1_000 }

/** Most rows of a file. */
export const MOST_ROWS = 250_000

/** Most bytes of a JSON file, which is read at one go. */
const MOST_JSON_BYTES = 16 * 2 ** 20

/** Names of columns that are told as ignored: words, not what somebody's row may hold. */
const WORDS = /^[a-z][a-z _-]{0,39}$/i
const MOST_IGNORED = 50

export interface DecisionTable {
  /** Names of columns that nobody reads, as far as the rows were read. */
  readonly ignored: ReadonlySet<string>
  /** Undefined, now and then, for what is no row: whoever reads may do something else. */
  readonly rows: Generator<DecisionRow | RefusedRow | undefined>
}

/** @throws SidikError DECISIONS_FORMAT when it is no such file: nothing of it can be taken */
export function readTable(name: string, bytes: Buffer, format?: DecisionFormat): DecisionTable {
  const body = withoutMark(name, bytes)
  const first = body.toString('latin1', 0, 64).trimStart()[0]
  if ((format ?? (first === '[' || first === '{' ? 'json' : 'csv')) === 'json') return readJsonTable(name, body)
  return readCsvTable(name, body)
}

function readCsvTable(name: string, bytes: Buffer): DecisionTable {
  // Excel's own note of what separates the fields.
  const isNoted = /^sep=[;,]\r?\n/i.test(bytes.toString('latin1', 0, 8))
  const begin = isNoted ? lineEnd(bytes, 0) + 1 : 0
  const end = lineEnd(bytes, begin)
  const head = bytes.subarray(begin, end)
  const delimiter = head.includes(';') ? ';' : ','
  const read = fieldsOf(head, delimiter)
  if (read === 'open' || !('fields' in read)) throw noHead(name, bytes)
  const columns = read.fields.map(memberOf)
  const isHead = columns.includes('state') && (columns.includes('record') || columns.includes('nik'))
  if (!isHead) throw noHead(name, bytes)
  const twice = MEMBERS.find(member => columns.indexOf(member) !== columns.lastIndexOf(member))
  if (twice !== undefined) throw format(`${name} has two columns '${twice}': take one of them out`)
  const ignored = new Set<string>()
  for (const [i, field] of read.fields.entries()) if (columns[i] === undefined) tell(ignored, field.trim())
  return { ignored, rows: rowsOf() }

  function* rowsOf(): Generator<DecisionRow | RefusedRow | undefined> {
    for (const record of csvRecords(bytes, delimiter, { at: end + 1, line: isNoted ? 3 : 2 })) {
      if (record === undefined) {
        yield undefined
        continue
      }
      const { line, fields, problem } = record
      if (fields === undefined) yield { line, ...problem! }
      else if (fields.length !== columns.length) {
        const message = `it has ${fields.length} fields, the head has ${columns.length}`
        yield { line, code: 'row-columns', message }
      } else yield rowOf(line, new Map(fields.map((field, i) => [columns[i], field.trim()])))
    }
  }
}

function readJsonTable(name: string, bytes: Buffer): DecisionTable {
  if (bytes.length > MOST_JSON_BYTES) {
    const message = `${name} has ${bytes.length} bytes, JSON may have ${MOST_JSON_BYTES}: give it in parts, or as CSV`
    throw format(message)
  }
  const text = textOf(bytes)
  const read = text === undefined ? undefined : jsonOf(text)
  if (!Array.isArray(read)) throw format(`${name} is no JSON list of decisions: [{ "record", "state", ... }, ...]`)
  const list: readonly unknown[] = read
  const twice = membersTwice(text!, memberOf)
  const ignored = new Set<string>()
  return { ignored, rows: rowsOf() }

  function* rowsOf(): Generator<DecisionRow | RefusedRow> {
    for (const [i, object] of list.entries()) {
      const member = twice.get(i + 1)
      if (member !== undefined) yield { line: i + 1, code: 'row-format', message: `it has '${member}' twice` }
      else yield jsonRow(i + 1, object, ignored)
    }
  }
}

function jsonRow(line: number, object: unknown, ignored: Set<string>): DecisionRow | RefusedRow {
  const refused = (message: string): RefusedRow => ({ line, code: 'row-format', message })
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return refused('it is no object')
  const fields = new Map<Member, string>()
  for (const [key, value] of Object.entries(object)) {
    const member = memberOf(key)
    if (member === undefined) tell(ignored, key)
    else if (value !== null) {
      if (typeof value !== 'string') return refused(`its '${member}' is no text in quotes`)
      if (fields.has(member)) return refused(`it has '${member}' twice`)
      fields.set(member, value.trim())
    }
  }
  return rowOf(line, fields)
}

function rowOf(line: number, fields: ReadonlyMap<Member | undefined, string>): DecisionRow | RefusedRow {
  const refused = (code: RowRefusalCode, message: string) => ({ line, code, message })
  for (const member of MEMBERS) {
    const length = fields.get(member)?.length ?? 0
    if (length > MOST[member] && member !== 'nik') {
      return refused('field-long', `its '${member}' has ${length} characters, may have ${MOST[member]}`)
    }
  }
  const given = (member: Member) => fields.get(member) || undefined
  const [record, nik, duplicateOf, note] = [given('record'), given('nik'), given('duplicateof'), given('note')]
  if (record === undefined && nik === undefined) return refused('record-missing', 'it names no record and no NIK')
  if (nik !== undefined && !/^\d{16}$/.test(nik)) return refused('nik-format', 'its NIK is not 16 digits')
  const state = centreState(given('state') ?? '')?.name
  if (state === undefined) {
    return refused('state-unknown', 'its state is none that is known: PRINT_READY_RECORD, PRR, DUPLICATE_RECORD, ...')
  }
  if (duplicateOf !== undefined && state !== DUPLICATE_STATE) {
    return refused('duplicate-misplaced', `it names another record, which goes with ${DUPLICATE_STATE} alone`)
  }
  if (note !== undefined && /\p{Surrogate}/u.test(note)) {
    return refused('row-encoding', 'its note holds half of a character')
  }
  return {
    ...{ line, state },
    ...(record !== undefined && { record }),
    ...(nik !== undefined && { nik }),
    ...(duplicateOf !== undefined && { duplicateOf }),
    ...(note !== undefined && { note }),
  }
}

/** 'Duplicate of', 'DUPLICATE_OF' and 'duplicateOf' are the same. */
function memberOf(name: string): Member | undefined {
  const bare = name.toLowerCase().replaceAll(/[\s_-]+/g, '')
  return MEMBERS.find(member => member === bare)
}

function tell(ignored: Set<string>, name: string): void {
  if (WORDS.test(name) && ignored.size < MOST_IGNORED) ignored.add(name)
}

/** The bytes behind a byte order mark of UTF-8. */
function withoutMark(name: string, bytes: Buffer): Buffer {
  const [a, b, c] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw format(`${name} is in UTF-16: save it as CSV UTF-8`)
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? bytes.subarray(3) : bytes
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The parser's own words are dropped: they repeat what is in the file. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const COLUMNS = 'does not begin with the names of its columns: record or nik, state, duplicate_of, note'

/** Beginnings of workbooks: ZIP, and the compound files before it. */
const WORKBOOKS = ['PK\x03\x04', '\xd0\xcf\x11\xe0']

/** What other programs make in place of CSV with a head, by its first line, and what to do. */
const MADE_OTHERWISE: readonly (readonly [is: (line: string) => boolean, why: string])[] = [
  [line => WORKBOOKS.some(mark => line.startsWith(mark)), 'is a workbook: save the sheet as CSV UTF-8'],
  [line => line.includes('\0'), 'is no text in UTF-8: save it as CSV UTF-8'],
  [line => line.trimEnd().includes('\r'), 'has lines that end with CR alone: save it as CSV UTF-8'],
  [line => line.trim() === '', `${COLUMNS}; its first line is empty`],
  [line => line.includes('\t'), 'has fields that end with tabs: save it as CSV, with ; or , between them'],
]

/** Most bytes of a first line. */
const MOST_HEAD = 16_384

function noHead(name: string, bytes: Buffer): SidikError {
  const [line] = bytes.toString('latin1', 0, MOST_HEAD).split('\n')
  const known = MADE_OTHERWISE.find(([is]) => is(line))
  return format(`${name} ${known?.[1] ?? COLUMNS}`)
}

/** Without anything that is in the file. */
export function format(message: string): SidikError {
  return new SidikError('DECISIONS_FORMAT', message)
}

/**
 * Records of a CSV file (RFC 4180), each from its own lines, so that a broken one costs no other.
 * The library splits a record into fields; where records begin and end is found here. A library
 * that reads the whole file takes all lines behind a stray quote for one field.
 */
import { CsvError, parse } from 'csv-parse/sync'

export interface CsvRecord {
  /** From 1, of its first line. */
  readonly line: number
  /** Absent where it cannot be read. */
  readonly fields?: readonly string[]
  readonly problem?: CsvProblem
}

export interface CsvProblem {
  readonly code: 'row-quotes' | 'row-lines' | 'row-long' | 'row-encoding'
  readonly message: string
}

/** Longest line, in bytes: four times what the longest fields take together. */
export const MOST_LINE_BYTES = 16_384

const [TAB, LF, CR, SPACE, QUOTE] = [0x09, 0x0a, 0x0d, 0x20, 0x22]

/** Bytes of lines without text that are passed over between two turns of whoever reads. */
const BLANK_BYTES = 2 ** 20

/** All records from `line` on; undefined, now and then, for lines without any text. */
export function* csvRecords(bytes: Buffer, delimiter: ',' | ';', from: Place): Generator<CsvRecord | undefined> {
  const closing = new ClosingQuotes(bytes, delimiter.charCodeAt(0))
  for (let { at, line } = from; at < bytes.length; ) {
    const text = behindBlank(bytes, { at, line }, delimiter.charCodeAt(0))
    if (text.at > at) {
      ;({ at, line } = text)
      yield undefined
      continue
    }
    const end = lineEnd(bytes, at)
    const read = fieldsOf(bytes.subarray(at, end), delimiter)
    let [next, lines] = [end + 1, 1]
    if (read === 'open') {
      const last = blockEnd(bytes, end + 1, closing, delimiter)
      if (last !== undefined) {
        lines += linesIn(bytes, end + 1, last)
        next = last + 1
      }
      yield { line, problem: last === undefined ? QUOTES : brokenLines(line, line + lines - 1) }
    } else if ('problem' in read) yield { line, problem: read.problem }
    else if (read.fields.some(field => field.trim() !== '')) yield { line, fields: read.fields }
    at = next
    line += lines
  }
}

export interface Place {
  /** Byte of the file. */
  readonly at: number
  /** From 1. */
  readonly line: number
}

const QUOTES: CsvProblem = {
  code: 'row-quotes',
  message: 'its quotes are not closed, or stand within a field: double a quote that belongs to a field',
}

function brokenLines(first: number, last: number): CsvProblem {
  const message = `a field of it goes over lines ${first} to ${last}: take the line breaks out of the field`
  return { code: 'row-lines', message }
}

/** The place behind lines that have no text, or some of many; the same place where the first one has. */
function behindBlank(bytes: Buffer, { at, line }: Place, delimiter: number): Place {
  const end = Math.min(bytes.length, at + BLANK_BYTES)
  let behind: Place = { at, line }
  for (let i = at; i < end; i++) {
    const byte = bytes[i]
    if (byte === LF) behind = { at: i + 1, line: behind.line + 1 }
    else if (byte !== delimiter && byte !== SPACE && byte !== TAB && byte !== CR) return behind
  }
  return end === bytes.length ? { at: end, line: behind.line + 1 } : behind
}

/** The fields of one line; 'open' where a quote is not closed on it. */
export function fieldsOf(
  line: Buffer,
  delimiter: ',' | ';',
): { readonly fields: readonly string[] } | { readonly problem: CsvProblem } | 'open' {
  const bare = line.at(-1) === CR ? line.subarray(0, -1) : line
  if (bare.length > MOST_LINE_BYTES) {
    // It is not split: it may have as many fields as bytes.
    if (hasOddQuotes(bare)) return 'open'
    const message = `its line has ${bare.length} bytes, may have ${MOST_LINE_BYTES}`
    return { problem: { code: 'row-long', message } }
  }
  const text = utf8(bare)
  // First, whatever else is wrong: the lines behind an open quote are no rows.
  const fields = splitOf(text ?? bare.toString('latin1'), delimiter)
  if (!Array.isArray(fields)) return fields
  if (text === undefined) {
    return { problem: { code: 'row-encoding', message: 'it is not in UTF-8: save the file as CSV UTF-8' } }
  }
  return { fields }
}

function hasOddQuotes(bytes: Buffer): boolean {
  let isOdd = false
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === QUOTE) isOdd = !isOdd
  return isOdd
}

function splitOf(text: string, delimiter: ',' | ';'): string[] | { readonly problem: CsvProblem } | 'open' {
  try {
    return (parse(text, { delimiter, relax_column_count: true, record_delimiter: '\n' }) as string[][])[0] ?? []
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'open' : { problem: QUOTES }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * The end of the line on which a field ends that was open at the end of the line before `at`;
 * undefined where it never ends as fields do: then a quote stands alone on its line.
 */
function blockEnd(bytes: Buffer, at: number, closing: ClosingQuotes, delimiter: ',' | ';'): number | undefined {
  for (let from = at; ; ) {
    const close = closing.after(from)
    if (close === undefined) return undefined
    const end = lineEnd(bytes, close)
    // What follows on that line may open another one.
    if (fieldsOf(bytes.subarray(close, end), delimiter) !== 'open') return end
    from = end + 1
  }
}

export function lineEnd(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(LF, at)
  return end < 0 ? bytes.length : end
}

function linesIn(bytes: Buffer, from: number, end: number): number {
  let count = 1
  for (let at = bytes.indexOf(LF, from); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) count++
  return count
}

/** Finds where quoted fields end. Looks at each byte once, however many fields are open. */
class ClosingQuotes {
  readonly #bytes: Buffer
  readonly #delimiter: number
  /** Behind the odd run of quotes that comes next after `#from`; undefined: there is none. */
  #found: number | undefined = 0
  #from = 0

  constructor(bytes: Buffer, delimiter: number) {
    this.#bytes = bytes
    this.#delimiter = delimiter
  }

  /** Behind the quote that ends a field open at `at`; undefined where the next one ends none. */
  after(at: number): number | undefined {
    if (at < this.#from || (this.#found !== undefined && this.#found <= at)) {
      this.#from = at
      this.#found = this.#behindOddRun(at)
    }
    if (this.#found === undefined) return undefined
    const next = this.#bytes[this.#found]
    return next === undefined || [this.#delimiter, LF, CR].includes(next) ? this.#found : undefined
  }

  /** Pairs of quotes stand for one within a field. */
  #behindOddRun(from: number): number | undefined {
    for (let at = this.#bytes.indexOf(QUOTE, from); at >= 0; ) {
      let end = at + 1
      while (this.#bytes[end] === QUOTE) end++
      if ((end - at) % 2 === 1) return end
      at = this.#bytes.indexOf(QUOTE, end)
    }
    return undefined
  }
}

import { SidikError } from '../errors.js'
import { fieldName } from '../formats/ansi-nist/field-names.js'
import { transactionInformation } from '../formats/ansi-nist/information.js'
import type { AnsiNistRecord, TaggedField } from '../formats/ansi-nist/transaction.js'
import { CAPTURE_DEVICE_TECHNOLOGIES, impressionsOf } from '../formats/code-names.js'
import type { ReadOptions } from '../formats/deviation.js'
import { FRICTION_RIDGE_POSITIONS } from '../formats/finger-positions.js'
import { compressionsOf } from '../formats/images/compressions.js'
import { templateToJson } from '../formats/json/template-json-convert.js'
import type { Ansi378v2009Edition } from '../formats/minutiae/ansi378-2009-edition.js'
import { type RecordFormat, STANDARDS } from '../formats/record-formats.js'
import { decodeFile } from '../image/decode-file.js'
import { problemOfAxes } from '../image/resolution.js'
import { inspectWsq } from '../image/wsq/inspect.js'
import { MINUTIA_TYPES } from '../template/minutia-codes.js'
import type { PrintDocument } from './document.js'

/** What a document is, in words, and all of its fields by name: plain values, lists, bytes. */
export interface DocumentContents {
  readonly title: string
  readonly fields: object
  /** Of fields that hold a code, what their codes mean. */
  readonly words: Words
}

/** By the name of a field. */
export type Words = Readonly<Record<string, ReadonlyMap<number, string>>>

const IMAGE_TITLES: Readonly<Record<string, string>> = { jp2: 'JPEG 2000 image', webp: 'WebP image' }

/** ISO/IEC 19794-2 and ANSI INCITS 378. */
const MINUTIA_TYPE_WORDS: ReadonlyMap<number, string> = new Map(MINUTIA_TYPES.entries())

/** Variants of ANSI INCITS 378-2009, in words; none for the standard itself. */
const EDITIONS: Readonly<Record<Ansi378v2009Edition, string>> = {
  '2009': '',
  '2009-amendment-1': ' with amendment 1',
  '2007-nist': " with the header of NIST's libraries",
}

const POSITION_WORDS: ReadonlyMap<number, string> = new Map(
  Array.from(FRICTION_RIDGE_POSITIONS.values(), ({ code, name }) => [code, name]),
)

/**
 * Everything in a document, for people to read; of an image its size and resolution, of WSQ also its segments.
 *
 * @throws SidikError as decoding the image does
 */
export async function contentsOf(document: PrintDocument, options: ReadOptions = {}): Promise<DocumentContents> {
  switch (document.kind) {
    case 'template':
    case 'template-json':
      return {
        title: document.kind === 'template' ? 'template of sidik' : "template of sidik's as JSON",
        fields: templateToJson(document.template),
        words: { fingerPosition: POSITION_WORDS },
      }
    case 'minutiae-record': {
      const { format, record } = document.tagged
      const words = { ...wordsOf(format), type: MINUTIA_TYPE_WORDS }
      const edition = format === 'ansi-378-2009' ? EDITIONS[record.edition] : ''
      return { title: `finger minutiae record, ${STANDARDS[format]}${edition}`, fields: record, words }
    }
    case 'image-record': {
      const { format, record } = document.tagged
      const words = { ...wordsOf(format), compression: compressionsOf(format) }
      return { title: `finger image record, ${STANDARDS[format]}`, fields: record, words }
    }
    case 'ansi-nist': {
      const { version } = transactionInformation(document.transaction)
      const records = document.transaction.records.map(fieldsOfRecord)
      return {
        title: `ANSI/NIST-ITL transaction, version ${version ?? 'not stated'}`,
        fields: { records },
        words: TRANSACTION_WORDS,
      }
    }
    case 'cbeff':
      return { title: 'CBEFF biometric information record (XML)', fields: document.bir, words: {} }
    case 'image':
      return imageContents(document, options)
  }
}

async function imageContents(
  { format, bytes }: Extract<PrintDocument, { kind: 'image' }>,
  options: ReadOptions,
): Promise<DocumentContents> {
  const title = IMAGE_TITLES[format] ?? `${format.toUpperCase()} image`
  const segments = format === 'wsq' ? { segments: inspectWsq(bytes, butForTheEnd(options)) } : {}
  try {
    const { widthPx, heightPx, resolution } = await decodeFile(bytes, format)
    const problem = resolution && problemOfAxes(resolution)
    if (problem !== undefined) options.onDeviation?.({ field: 'resolution', offset: 0, message: problem })
    const stated = resolution === undefined ? { ppi: 'not stated' } : { xPpi: resolution.xPpi, yPpi: resolution.yPpi }
    return { title, fields: { widthPx, heightPx, ...stated, ...segments }, words: {} }
  } catch (error) {
    if (!(error instanceof SidikError) || options.onDamage === undefined || format !== 'wsq') throw error
    options.onDamage({ field: 'pixels', offset: 0, message: `cannot be read: ${error.message}` })
    return { title, fields: segments, words: {} }
  }
}

/** Whoever read the document was told of its end. */
function butForTheEnd({ onDeviation, ...options }: ReadOptions): ReadOptions {
  if (onDeviation === undefined) return options
  return { ...options, onDeviation: one => (one.field === 'end of image' ? undefined : onDeviation(one)) }
}

function wordsOf(format: RecordFormat): Words {
  return {
    fingerPosition: POSITION_WORDS,
    impression: impressionsOf(format),
    captureDeviceTechnology: CAPTURE_DEVICE_TECHNOLOGIES,
  }
}

const TRANSACTION_WORDS: Words = {
  positions: POSITION_WORDS,
  ...Object.fromEntries([9, 13, 14, 15].map(type => [`${fieldName(type, type === 9 ? 14 : 13)}`, POSITION_WORDS])),
}

function fieldsOfRecord(record: AnsiNistRecord): object {
  if (record.kind !== 'tagged') {
    const { kind: _, ...fields } = record
    return fields
  }
  const times = new Map<string, number>()
  const fields = record.fields.map(field => {
    const name = fieldName(field.foreignType ?? record.type, field.number)
    const time = (times.get(name) ?? 0) + 1
    times.set(name, time)
    // The first is the one that prints are made of; the others deviate and are shown beside it.
    return [time === 1 ? name : `${name} (${time})`, itemsOf(field)]
  })
  return { type: record.type, ...Object.fromEntries(fields) }
}

/** One item as text, several as a list, several subfields as a list of lists. */
function itemsOf(field: TaggedField): unknown {
  if ('data' in field) return field.data
  const subfields = field.subfields.map(items => (items.length === 1 ? items[0] : items))
  return subfields.length === 1 ? subfields[0] : subfields
}

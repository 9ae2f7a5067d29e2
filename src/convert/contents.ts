import { fieldName } from '../formats/ansi-nist/field-names.js'
import { transactionInformation } from '../formats/ansi-nist/information.js'
import type { AnsiNistRecord, TaggedField } from '../formats/ansi-nist/transaction.js'
import type { ReadOptions } from '../formats/deviation.js'
import { templateToJson } from '../formats/json/template-json-convert.js'
import { decodeFile } from '../image/decode-file.js'
import { inspectWsq } from '../image/wsq/inspect.js'
import type { PrintDocument } from './document.js'

/** What a document is, in words, and all of its fields by name: plain values, lists, bytes. */
export interface DocumentContents {
  readonly title: string
  readonly fields: object
}

const TITLES: Readonly<Record<string, string>> = {
  'iso-19794-2-2005': 'finger minutiae record, ISO/IEC 19794-2:2005',
  'iso-19794-2-2011': 'finger minutiae record, ISO/IEC 19794-2:2011',
  'ansi-378-2004': 'finger minutiae record, ANSI INCITS 378-2004',
  'ansi-378-2009': 'finger minutiae record, ANSI INCITS 378-2009',
  'iso-19794-2-2005-card': 'finger minutiae card record, ISO/IEC 19794-2:2005',
  'iso-19794-4-2005': 'finger image record, ISO/IEC 19794-4:2005',
  'iso-19794-4-2011': 'finger image record, ISO/IEC 19794-4:2011',
  'ansi-381-2004': 'finger image record, ANSI INCITS 381-2004',
  jp2: 'JPEG 2000 image',
  webp: 'WebP image',
}

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
      }
    case 'minutiae-record':
    case 'image-record':
      return { title: TITLES[document.tagged.format], fields: document.tagged.record }
    case 'ansi-nist': {
      const { version } = transactionInformation(document.transaction)
      const records = document.transaction.records.map(fieldsOfRecord)
      return { title: `ANSI/NIST-ITL transaction, version ${version ?? 'not stated'}`, fields: { records } }
    }
    case 'cbeff':
      return { title: 'CBEFF biometric information record (XML)', fields: document.bir }
    case 'image':
      return imageContents(document, options)
  }
}

async function imageContents(
  { format, bytes }: Extract<PrintDocument, { kind: 'image' }>,
  options: ReadOptions,
): Promise<DocumentContents> {
  const segments = format === 'wsq' ? { segments: inspectWsq(bytes, options) } : {}
  const { widthPx, heightPx, resolution } = await decodeFile(bytes, format)
  const stated = resolution === undefined ? { ppi: 'not stated' } : { xPpi: resolution.xPpi, yPpi: resolution.yPpi }
  return {
    title: TITLES[format] ?? `${format.toUpperCase()} image`,
    fields: { widthPx, heightPx, ...stated, ...segments },
  }
}

function fieldsOfRecord(record: AnsiNistRecord): object {
  if (record.kind !== 'tagged') {
    const { kind: _, ...fields } = record
    return fields
  }
  const fields = record.fields.map(field => [fieldName(record.type, field.number), itemsOf(field)])
  return { type: record.type, ...Object.fromEntries(fields) }
}

/** One item as text, several as a list, several subfields as a list of lists. */
function itemsOf(field: TaggedField): unknown {
  if ('data' in field) return field.data
  const subfields = field.subfields.map(items => (items.length === 1 ? items[0] : items))
  return subfields.length === 1 ? subfields[0] : subfields
}

import { SidikError } from '../errors.js'
import { readAnsiNist } from '../formats/ansi-nist/read.js'
import type { AnsiNistTransaction } from '../formats/ansi-nist/transaction.js'
import type { Bir } from '../formats/cbeff/bir.js'
import { readCbeff } from '../formats/cbeff/read.js'
import type { ReadOptions } from '../formats/deviation.js'
import { endOfImage, problemOfEnd } from '../formats/image-end.js'
import { type ImageRecord, readImageRecord } from '../formats/images/image-record.js'
import { checkTemplateJsonSize, templateFromJson } from '../formats/json/template-json-convert.js'
import { type CardSize, readIso19794p2v2005Card } from '../formats/minutiae/iso19794-2-2005-card.js'
import { type MinutiaeRecord, readMinutiaeRecord } from '../formats/minutiae/minutiae-record.js'
import { furtherImages } from '../image/further-images.js'
import { type ImageFormat, sniffFormat } from '../image/sniff.js'
import { checkTemplate } from '../template/native-decode.js'
import type { Template } from '../types.js'

/** What a file can be that holds prints, told by its bytes and read. */
export type PrintDocument =
  | { readonly kind: 'image'; readonly format: Exclude<ImageFormat, 'fir'>; readonly bytes: Uint8Array }
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'template-json'; readonly template: Template }
  | { readonly kind: 'minutiae-record'; readonly tagged: MinutiaeRecord }
  | { readonly kind: 'image-record'; readonly tagged: ImageRecord }
  | { readonly kind: 'ansi-nist'; readonly transaction: AnsiNistTransaction }
  | { readonly kind: 'cbeff'; readonly bir: Bir }

export type PrintDocumentKind = PrintDocument['kind']

/** How each kind but images begins. */
const BEGINNINGS: readonly (readonly [kind: Exclude<PrintDocumentKind, 'image'>, pattern: RegExp])[] = [
  ['template', /^SDKT/],
  ['minutiae-record', /^FMR\0/],
  ['image-record', /^FIR\0/],
  // 1.001 LEN; some write fewer or more zeros.
  ['ansi-nist', /^1\.0*1(?!\d)/],
  ['template-json', /^(\xef\xbb\xbf)?\s*\{/],
  ['cbeff', /^(\xef\xbb\xbf)?\s*<(\?xml|!--|([\w.-]+:)?BIR[\s>/])/],
]

/** Enough for what comes before the first thing that tells. */
const HEAD_BYTES = 256

/** What some bytes are, by how they begin: 'image' for all that is nothing else. The card formats have nothing to be told by. */
export function documentKindOf(bytes: Uint8Array): PrintDocumentKind {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES))
  return BEGINNINGS.find(([, pattern]) => pattern.test(head))?.[0] ?? 'image'
}

/**
 * Reads a file that holds prints; an image is recognised and not yet decoded. Whoever listens to
 * deviations is told of bytes and images behind its end.
 *
 * @throws SidikError as the reader of the kind, and IMAGE_FORMAT for what is no kind that is read
 */
export function readDocument(bytes: Uint8Array, options: ReadOptions = {}): PrintDocument {
  const kind = documentKindOf(bytes)
  switch (kind) {
    case 'template':
      checkTemplate(bytes)
      return { kind, template: bytes }
    case 'template-json':
      checkTemplateJsonSize(bytes.length)
      return { kind, template: templateFromJson(textOf(bytes)) }
    case 'minutiae-record':
      return { kind, tagged: readMinutiaeRecord(bytes, options) }
    case 'image-record':
      return { kind, tagged: readImageRecord(bytes, options) }
    case 'ansi-nist':
      return { kind, transaction: readAnsiNist(bytes, options) }
    case 'cbeff':
      return { kind, bir: readCbeff(bytes, options) }
    case 'image': {
      const format = imageFormatOf(bytes)
      const problem = problemOfEnd(bytes)
      const end = endOfImage(bytes)
      const offset = typeof end === 'number' ? end : bytes.length
      if (problem !== undefined) options.onDeviation?.({ field: 'end of image', offset, message: problem })
      const further = furtherImages(bytes, format)
      if (further !== undefined) {
        const message = `are not read: the file has ${further.what}`
        options.onDeviation?.({ field: 'further images', offset: further.offset, message })
      }
      return { kind, format, bytes }
    }
  }
}

/** Reads a record of the card formats of ISO/IEC 19794-2:2005, which nothing in its bytes tells from other bytes. */
export function readCardDocument(bytes: Uint8Array, size: CardSize, options: ReadOptions = {}): PrintDocument {
  const record = readIso19794p2v2005Card(bytes, size, options)
  return { kind: 'minutiae-record', tagged: { format: 'iso-19794-2-2005-card', record } }
}

function imageFormatOf(bytes: Uint8Array): Exclude<ImageFormat, 'fir'> {
  if (bytes.length === 0) throw new SidikError('IMAGE_EMPTY', 'there are no bytes: the file is empty')
  return sniffFormat(bytes) as Exclude<ImageFormat, 'fir'>
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new SidikError('RECORD_FORMAT', 'this begins as JSON and is not UTF-8: save it as UTF-8', { cause })
  }
}

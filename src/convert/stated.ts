/**
 * Statements of a document on one print besides its pixels and minutiae, under names that all
 * formats share. What is not among the statements of the file that a print was converted to got lost: a
 * field that this file does not know is lost by name, too.
 */
import { contentsOfRecord } from '../formats/ansi-nist/statements.js'
import type { AnsiNistRecord } from '../formats/ansi-nist/transaction.js'
import type { CaptureTime, QualityBlock } from '../formats/capture.js'
import { CAPTURE_DEVICE_TECHNOLOGIES, impressionsOf } from '../formats/code-names.js'
import { nameOfPosition } from '../formats/finger-positions.js'
import { imageKindOf } from '../formats/image-end.js'
import type { ImageRecord } from '../formats/images/image-record.js'
import type { MinutiaeRecord } from '../formats/minutiae/minutiae-record.js'
import type { RecordFormat } from '../formats/record-formats.js'
import { CM_PER_INCH, isNominal, PX_PER_CM_AT_500_PPI, PX_PER_CM_AT_1000_PPI } from '../formats/resolution.js'
import { formatOfFile, type PlainFormat } from '../image/file-format.js'
import { furtherImages } from '../image/further-images.js'
import { samplesOf } from '../image/samples.js'
import { textsOfImage } from '../image/texts.js'
import { decodeTemplate } from '../template/native-decode.js'
import type { ImageInput, Template } from '../types.js'

/** Values in words, by the name of what they say. */
export type Statements = ReadonlyMap<string, string>

/** Fields that say how the bytes are laid out, or how many of something follow. */
const OF_THE_LAYOUT: ReadonlySet<string> = new Set([
  ...['views', 'minutiae', 'payload', 'asFound', 'edition', 'hasCertificationBlocks', 'positionCount', 'fingerCount'],
  ...[
    'viewCount',
    'extensionLengthsCountHeaders',
    'reservedBytes',
    'reservedByte',
    'minutiaBytes',
    'compression',
    'size',
  ],
  ...['bits', 'masks', 'methodVersion', 'geometricCodes', 'learnedCodes'],
])

/** Fields of which 0 says nothing. */
const NOTHING_AT_ZERO: ReadonlySet<string> = new Set([
  ...['fingerPosition', 'viewNumber', 'captureDeviceTypeId', 'captureDeviceVendorId', 'captureDeviceTechnology'],
  ...['certifications', 'ownerId', 'productTypeId', 'acquisitionLevel', 'qualityVendorId', 'qualityAlgorithmId'],
])

const INCH = 1
const HIGHEST_QUALITY = 100
const LONGEST_SHOWN = 80

/** Files that a finger image record holds. */
const PAYLOAD_FORMATS: Readonly<Record<string, PlainFormat | undefined>> = {
  ...{ PNG: 'png', JPEG: 'jpeg', 'JPEG 2000': 'jp2', WSQ: 'wsq' },
}

type Fields = Readonly<Record<string, unknown>>

/** Statements of a record of minutiae on one of its views. */
export function statedByMinutiaeRecord({ format, record }: MinutiaeRecord, view: number): Statements {
  if (format === 'iso-19794-2-2005-card') return new Map()
  const fields: Fields = { ...record, ...record.views[view] }
  return statedBy(format, fields)
}

/** Statements of a finger image record on one of its images. */
export function statedByImageRecord({ format, record }: ImageRecord, view: number): Statements {
  const fields: Record<string, unknown> = { ...record, ...record.views[view] }
  // The size is that of the pixels.
  delete fields.widthPx
  delete fields.heightPx
  // The older editions count from 1.
  if (format !== 'iso-19794-4-2011') fields.viewNumber = Math.max(0, (fields.viewNumber as number) - 1)
  const { payload } = record.views[view]
  const coded = PAYLOAD_FORMATS[imageKindOf(payload) ?? '']
  return new Map([...(coded === undefined ? [] : textsOf(payload, coded)), ...statedBy(format, fields)])
}

export function statedByTemplate(template: Template): Statements {
  const { fingerPosition, quality, sourcePpi } = decodeTemplate(template)
  return new Map([
    ['size', 'of the image'],
    ['quality', String(quality)],
    ...(fingerPosition > 0 ? [['fingerPosition', nameOfPosition(fingerPosition)] as const] : []),
    ...(sourcePpi > 0 ? [['resolution', ppiText(sourcePpi, sourcePpi)] as const] : []),
  ])
}

/**
 * Statements of a record of a transaction: its fields by their names, but for those that describe
 * image and minutiae.
 */
export function statedByTransactionRecord(record: AnsiNistRecord): Statements {
  const { impression, positions, others } = contentsOfRecord(record)
  const words = impressionsOf('ansi-378-2009')
  return new Map([
    ...(impression === undefined ? [] : [['impression', words.get(impression) ?? `code ${impression}`] as const]),
    ...(positions[0] > 0 ? [['fingerPosition', nameOfPosition(positions[0])] as const] : []),
    ...(positions.length > 1 ? [['other positions', positions.slice(1).map(nameOfPosition).join(', ')] as const] : []),
    ...[...others].map(([name, text]) => [name, shortened(text)] as const),
  ])
}

/** The same, and what the file of its image says. */
export async function statedByTransactionImage(record: AnsiNistRecord, image: ImageInput): Promise<Statements> {
  const ofRecord = statedByTransactionRecord(record)
  if (!(image instanceof Uint8Array)) {
    const isDeep = !(image instanceof ArrayBuffer) && image.data instanceof Uint16Array
    return isDeep ? new Map([...ofRecord, ['bitDepth', '16 bits a sample']]) : ofRecord
  }
  const format = formatOfFile(image)
  return format === 'fir' ? ofRecord : new Map([...(await statedByImage(image, format)), ...ofRecord])
}

/** @throws SidikError as decoding the image does */
export async function statedByImage(bytes: Uint8Array, format: PlainFormat): Promise<Statements> {
  const { bitDepth, isColour, hasOpacity } = await samplesOf(bytes, format)
  const further = furtherImages(bytes, format)
  return new Map([
    ...(bitDepth > 8 ? [['bitDepth', `${bitDepth} bits a sample`] as const] : []),
    ...(isColour ? [['colour', 'more than one channel'] as const] : []),
    ...(hasOpacity ? [['opacity', 'a channel of its own'] as const] : []),
    ...(further === undefined ? [] : [['further images', further.what] as const]),
    ...textsOf(bytes, format),
  ])
}

/** Texts of an image file, one statement of each kind. */
export function textsOf(bytes: Uint8Array, format: PlainFormat): Statements {
  return new Map(
    [...textsOfImage(bytes, format)].map(([kind, { count, first }]) => {
      const text = shortened(first.join('; '))
      return [kind, count > 1 ? `${count} (${text})` : text]
    }),
  )
}

function statedBy(format: RecordFormat, fields: Fields): Statements {
  const stated = new Map<string, string>()
  for (const [name, value] of Object.entries(fields)) {
    if (OF_THE_LAYOUT.has(name) || value === undefined) continue
    if (value === 0 && NOTHING_AT_ZERO.has(name)) continue
    if (Array.isArray(value) && value.length === 0) continue
    for (const [said, text] of inWords(format, name, value, fields)) stated.set(said, text)
  }
  return stated
}

/** The statements of one field, none where it says nothing or another field says it. */
function inWords(format: RecordFormat, name: string, value: unknown, fields: Fields): [string, string][] {
  const number = Number(value)
  const pair = (other: string) => Number(fields[other])
  switch (name) {
    case 'impression':
      return [[name, impressionsOf(format).get(number) ?? `code ${number}`]]
    case 'fingerPosition':
      return [[name, nameOfPosition(number)]]
    case 'captureDeviceTechnology':
      return [[name, CAPTURE_DEVICE_TECHNOLOGIES.get(number) ?? `code ${number}`]]
    case 'quality':
      return number <= HIGHEST_QUALITY ? [[name, String(number)]] : []
    case 'qualityBlocks':
      return qualityText(value as readonly QualityBlock[])
    case 'captureTime':
      return timeText(value as CaptureTime)
    case 'bitDepth':
      return number > 8 ? [[name, `${number} bits a sample`]] : []
    case 'widthPx':
      return [['size', 'of the image']]
    case 'xResolutionPxPerCm':
      return [['resolution', ppiText(ppiOfPxPerCm(number), ppiOfPxPerCm(pair('yResolutionPxPerCm')))]]
    case 'xScanResolution':
    case 'xImageResolution': {
      const ppi = (px: number) => (fields.scaleUnits === INCH ? px : ppiOfPxPerCm(px))
      const said = name === 'xScanResolution' ? 'scan resolution' : 'resolution'
      return number === 0 ? [] : [[said, ppiText(ppi(number), ppi(pair(name.replace('x', 'y'))))]]
    }
    case 'heightPx':
    case 'yResolutionPxPerCm':
    case 'yScanResolution':
    case 'yImageResolution':
    case 'scaleUnits':
      return []
    case 'extensions':
      return [['extended data', shortened((value as readonly Fields[]).map(extensionText).join(', '))]]
    default:
      return [[name, shortened(textOf(value))]]
  }
}

/** The first score is that of the print, as the formats that have one alone state it. */
function qualityText([first, ...others]: readonly QualityBlock[]): [string, string][] {
  const { score, vendorId, algorithmId } = first
  return [
    ...(score <= HIGHEST_QUALITY ? [['quality', String(score)] as [string, string]] : []),
    ...(vendorId === 0 ? [] : [['qualityVendorId', String(vendorId)] as [string, string]]),
    ...(algorithmId === 0 ? [] : [['qualityAlgorithmId', String(algorithmId)] as [string, string]]),
    ...(others.length === 0 ? [] : [['other qualities', shortened(textOf(others))] as [string, string]]),
  ]
}

function timeText({ year, month, day, hour, minute, second, millisecond }: CaptureTime): [string, string][] {
  const parts = [year, month, day, hour, minute, second, millisecond]
  const known = parts.filter((part, i) => part !== (i === 0 || i === 6 ? 0xffff : 0xff))
  return known.length === 0 ? [] : [['captureTime', known.join(' ')]]
}

function extensionText(extension: Fields): string {
  const { kind, type, data } = extension
  const what = type === undefined ? String(kind) : `${kind} ${type}`
  return data instanceof Uint8Array ? `${what} (${data.length} bytes)` : what
}

function ppiOfPxPerCm(pxPerCm: number): number {
  if (isNominal(pxPerCm, PX_PER_CM_AT_500_PPI)) return 500
  return isNominal(pxPerCm, PX_PER_CM_AT_1000_PPI) ? 1000 : pxPerCm * CM_PER_INCH
}

function ppiText(xPpi: number, yPpi: number): string {
  const [x, y] = [xPpi, yPpi].map(ppi => String(Math.round(ppi)))
  return x === y ? `${x} ppi` : `${x} x ${y} ppi`
}

/** Statements of which several may have one name: the second is 'name (2)'. */
export function numbered(said: Iterable<readonly [name: string, text: string]>): Statements {
  const times = new Map<string, number>()
  const all = new Map<string, string>()
  for (const [name, text] of said) {
    const time = (times.get(name) ?? 0) + 1
    times.set(name, time)
    all.set(time === 1 ? name : `${name} (${time})`, text)
  }
  return all
}

/** A value in words; of bytes, how many they are. */
export function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (typeof value !== 'object' || value === null) return String(value)
  return JSON.stringify(value, (_, one) => (one instanceof Uint8Array ? `${one.length} bytes` : one))
}

/** The beginning of a text that is long, on one line and without what a terminal would obey. */
export function shortened(text: string): string {
  const printable = text
    .slice(0, LONGEST_SHOWN + 1)
    .replace(/\p{C}+/gu, ' ')
    .trim()
  return text.length > LONGEST_SHOWN ? `${printable.slice(0, LONGEST_SHOWN)}...` : printable
}

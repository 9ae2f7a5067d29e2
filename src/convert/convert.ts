import { SidikError } from '../errors.js'
import { impressionsOf } from '../formats/code-names.js'
import type { ImageCompression } from '../formats/images/compressions.js'
import { writeImageRecord } from '../formats/images/image-record.js'
import { templateToJson } from '../formats/json/template-json-convert.js'
import type { CardSize } from '../formats/minutiae/iso19794-2-2005-card.js'
import { keptMinutiae, type RecordOptions } from '../formats/minutiae/print-record.js'
import { templateToRecord } from '../formats/minutiae/template-record.js'
import type { RecordFormat } from '../formats/record-formats.js'
import { encodeImage } from '../image/encode-image.js'
import { imageToRecord } from '../image/encode-record.js'
import { encodeWsq } from '../image/wsq/encode.js'
import { decodeTemplate, encodeTemplate } from '../template/native.js'
import type { GrayImage, Minutia, Template } from '../types.js'
import { type PrintDocument, readCardDocument, readDocument } from './document.js'
import { lostOfMinutiae, lostStatements } from './losses.js'
import { fingerOf, type Print, printsOf } from './prints.js'
import { statedByTemplate } from './stated.js'
import {
  type ImageRecordTarget,
  isImageRecordTarget,
  isImageTarget,
  type MinutiaeTarget,
  type Target,
} from './targets.js'

export interface ConvertOptions {
  /** Of the image, whatever is stated of it. */
  readonly ppi?: number | undefined
  /** A code of FRICTION_RIDGE_POSITIONS; that of the print unless given. */
  readonly fingerPosition?: number | undefined
  /** Of an image in a record; PNG unless given, which loses nothing and which all editions but those of 2005 have. */
  readonly compression?: ImageCompression | undefined
  /** Of WSQ, bits a pixel; 0.75 unless given. */
  readonly bitRate?: number | undefined
  /** Of minutiae in a record: those that standards leave out first are left out. */
  readonly maxMinutiae?: number | undefined
  /** Finds the minutiae of an image, where minutiae are asked for. */
  readonly extract: (image: GrayImage) => Promise<Template>
}

/** What a print was converted to, and what got lost by that. */
export interface Converted {
  readonly bytes: Uint8Array
  readonly losses: readonly string[]
}

/** How it was written, and the template that minutiae were taken from. */
interface Written extends Converted {
  readonly template?: Template
  /** Those of the document that are kept, in the order in which they are written. */
  readonly minutiae?: readonly Minutia[]
}

/**
 * One print in another form. What is written is read back: all that the document says of the print
 * and the other form does not is among the losses.
 *
 * @throws SidikError NO_IMAGE where an image is asked for and there are minutiae alone, and what decoding and extraction throw
 * @throws RangeError for options that the form has no room for
 */
export async function convertPrint(print: Print, target: Target, options: ConvertOptions): Promise<Converted> {
  const { bytes, losses, template, minutiae } = await written(print, target, options)
  const [kept] = printsOf(readBack(bytes, target), { onDeviation: () => {} })
  const found = print.image !== undefined && template !== undefined ? statedByTemplate(template) : []
  const stated = new Map([...found, ...(await print.stated())])
  if (options.fingerPosition !== undefined) stated.delete('fingerPosition')
  // The line on the resolution of an image file was written above.
  if (isImageTarget(target) || options.ppi !== undefined) stated.delete('resolution')
  const hasLostImage = print.image !== undefined && kept.image === undefined
  return {
    bytes,
    losses: [
      ...losses,
      ...(print.changes ?? []),
      ...lostStatements(stated, await kept.stated()),
      ...(minutiae && kept.minutiae ? lostOfMinutiae(minutiae, kept.minutiae()) : []),
      ...(hasLostImage ? ['the image: its minutiae alone are kept'] : []),
    ],
  }
}

function readBack(bytes: Uint8Array, target: Target): PrintDocument {
  const options = { onDeviation: () => {} }
  const card = cardSizeOf(target)
  return card === undefined ? readDocument(bytes, options) : readCardDocument(bytes, card, options)
}

function cardSizeOf(target: Target): CardSize | undefined {
  return target === 'iso-card-normal' ? 'normal' : target === 'iso-card-compact' ? 'compact' : undefined
}

async function written(print: Print, target: Target, options: ConvertOptions): Promise<Written> {
  if (isImageTarget(target)) {
    const image = await imageOf(print, target, options)
    if (target !== 'wsq') return { bytes: await encodeImage(image, target), losses: LOSSES[target] ?? [] }
    const rounded = roundedPpi(image)
    const bytes = await encodeWsq(rounded.image, { bitRate: options.bitRate })
    return { bytes, losses: ['WSQ keeps the image approximately', ...rounded.losses] }
  }
  if (isImageRecordTarget(target)) return imageRecord(await imageOf(print, target, options), print, target, options)
  const template = await templateOf(print, options)
  return { ...minutiaeForm(template, print, target, options), template }
}

const LOSSES: Partial<Record<Target, readonly string[]>> = {
  jpeg: ['JPEG keeps the image approximately'],
  pgm: ['PGM has no place for the resolution: give it when the file is read'],
}

async function imageOf({ image, name }: Print, target: Target, { ppi }: ConvertOptions): Promise<GrayImage> {
  if (image !== undefined) return image(ppi)
  throw new SidikError('NO_IMAGE', `${name} has minutiae and no image, of which ${target} is made: convert to minutiae`)
}

/** Formats that know whole pixels an inch alone. */
function roundedPpi(image: GrayImage): { image: GrayImage; losses: string[] } {
  const ppi = Math.round(image.ppi)
  return { image: { ...image, ppi }, losses: ppi === image.ppi ? [] : [`resolution: ${ppi} ppi for ${image.ppi}`] }
}

async function templateOf(print: Print, options: ConvertOptions): Promise<Template> {
  const finger = fingerOf(print)
  const { image, template } = print
  const made = image === undefined ? template!() : await options.extract(await image(options.ppi))
  const contents = decodeTemplate(made)
  const position = options.fingerPosition ?? (finger || contents.fingerPosition)
  if (position === contents.fingerPosition) return made
  return encodeTemplate({ ...contents, fingerPosition: position })
}

async function imageRecord(
  image: GrayImage,
  print: Print,
  format: ImageRecordTarget,
  options: ConvertOptions,
): Promise<Converted> {
  const { compression = 'png', fingerPosition = print.fingerPosition } = options
  const { statedQuality } = print
  const { image: whole, losses } = roundedPpi(image)
  const record = await imageToRecord(whole, {
    ...{ format, compression, fingerPosition, bitRate: options.bitRate, impression: impressionCodeOf(print, format) },
    ...(statedQuality !== undefined && { qualityBlocks: [{ score: statedQuality, vendorId: 0, algorithmId: 0 }] }),
  })
  const isExact = ['raw', 'packed', 'png', 'jpeg2000', 'jpeg2000-lossless'].includes(compression)
  return {
    bytes: writeImageRecord(record),
    losses: isExact ? losses : [`${compression} keeps the image approximately`, ...losses],
  }
}

function minutiaeForm(template: Template, print: Print, target: MinutiaeTarget, options: ConvertOptions): Written {
  const { minutiae: found, learnedCodes } = decodeTemplate(template)
  const all = print.minutiaeCount?.() ?? found.length
  const unrounded = print.minutiae?.() ?? found
  if (target === 'template' || target === 'template-json') {
    const json = () => new TextEncoder().encode(`${JSON.stringify(templateToJson(template), undefined, 2)}\n`)
    const bytes = target === 'template' ? template : json()
    return { bytes, losses: leftOut(all - found.length, all), minutiae: unrounded }
  }
  const { maxMinutiae = found.length } = options
  const record = { ...recordOptions(print, target), maxMinutiae }
  const indexOf = new Map(found.map((one, i) => [one, i]))
  const kept = keptMinutiae(found, record)
  const left = all - Math.min(found.length, maxMinutiae)
  const beyond = all - left - kept.length
  return {
    bytes: templateToRecord(template, record),
    losses: [
      ...(learnedCodes ? ['codes: the print compares by its minutiae alone from here on'] : []),
      ...leftOut(left, all),
      ...(beyond > 0 ? [`${beyond} minutiae beyond the reach of the format`] : []),
    ],
    minutiae: kept.map(one => unrounded[indexOf.get(one)!]),
  }
}

function recordOptions(print: Print, target: Exclude<MinutiaeTarget, 'template' | 'template-json'>): RecordOptions {
  if (target === 'iso-card-normal' || target === 'iso-card-compact') {
    const cardSize = target === 'iso-card-normal' ? 'normal' : 'compact'
    return { format: 'iso-19794-2-2005-card', cardSize, removeBeyondReach: true }
  }
  return { format: target, impression: impressionCodeOf(print, target) }
}

function leftOut(left: number, all: number): string[] {
  return left > 0 ? [`${left} of ${all} minutiae`] : []
}

/**
 * The code that the format has for how the finger met the sensor; 0 where it has none for that, or
 * nothing is said.
 */
function impressionCodeOf({ impression }: Print, format: RecordFormat): number {
  const found = [...impressionsOf(format)].find(([, name]) => name === impression)
  return found?.[0] ?? 0
}

import { SidikError } from '../errors.js'
import type { ImageCompression } from '../formats/images/compressions.js'
import { writeImageRecord } from '../formats/images/image-record.js'
import { templateToJson } from '../formats/json/template-json-convert.js'
import { readIso19794p2v2005Card } from '../formats/minutiae/iso19794-2-2005-card.js'
import { templateToRecord } from '../formats/minutiae/template-record.js'
import { encodeImage } from '../image/encode-image.js'
import { imageToRecord } from '../image/encode-record.js'
import { encodeWsq } from '../image/wsq/encode.js'
import { decodeTemplate, encodeTemplate } from '../template/native.js'
import type { GrayImage, Template } from '../types.js'
import { fingerOf, type Print } from './prints.js'
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

/**
 * One print in another form.
 *
 * @throws SidikError NO_IMAGE where an image is asked for and there are minutiae alone, and what decoding and extraction throw
 * @throws RangeError for options that the form has no room for
 */
export async function convertPrint(print: Print, target: Target, options: ConvertOptions): Promise<Converted> {
  if (isImageTarget(target)) {
    const image = await imageOf(print, target, options)
    if (target !== 'wsq') return { bytes: await encodeImage(image, target), losses: LOSSES[target] ?? [] }
    const rounded = roundedPpi(image)
    const bytes = await encodeWsq(rounded.image, { bitRate: options.bitRate })
    return { bytes, losses: ['WSQ keeps the image approximately', ...rounded.losses] }
  }
  if (isImageRecordTarget(target)) return imageRecord(await imageOf(print, target, options), print, target, options)
  return minutiae(await templateOf(print, options), target, options)
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
  const { image: whole, losses } = roundedPpi(image)
  const record = await imageToRecord(whole, { format, compression, fingerPosition, bitRate: options.bitRate })
  const isExact = ['raw', 'packed', 'png', 'jpeg2000', 'jpeg2000-lossless'].includes(compression)
  return {
    bytes: writeImageRecord(record),
    losses: isExact ? losses : [`${compression} keeps the image approximately`, ...losses],
  }
}

function minutiae(template: Template, target: MinutiaeTarget, { maxMinutiae }: ConvertOptions): Converted {
  if (target === 'template') return { bytes: template, losses: [] }
  if (target === 'template-json') {
    const bytes = new TextEncoder().encode(`${JSON.stringify(templateToJson(template), undefined, 2)}\n`)
    return { bytes, losses: [] }
  }
  const { minutiae, learnedCodes } = decodeTemplate(template)
  const most = maxMinutiae === undefined ? {} : { maxMinutiae }
  const left = Math.max(0, minutiae.length - (maxMinutiae ?? Number.POSITIVE_INFINITY))
  const losses = [
    ...(learnedCodes ? ['codes: the print compares by its minutiae alone from here on'] : []),
    ...(left > 0 ? [`${left} of ${minutiae.length} minutiae`] : []),
  ]
  if (target === 'iso-card-normal' || target === 'iso-card-compact') {
    const cardSize = target === 'iso-card-normal' ? ('normal' as const) : ('compact' as const)
    const card = { format: 'iso-19794-2-2005-card', cardSize, removeBeyondReach: true } as const
    const bytes = templateToRecord(template, { ...card, ...most })
    const beyond = minutiae.length - left - readIso19794p2v2005Card(bytes, cardSize).minutiae.length
    const lost = beyond > 0 ? [`${beyond} minutiae beyond the reach of the format`] : []
    return { bytes, losses: [...losses, ...lost, 'size, finger, and quality of the print and its minutiae'] }
  }
  const angles = target.startsWith('ansi') ? ['directions: to 2 degrees'] : []
  return { bytes: templateToRecord(template, { format: target, ...most }), losses: [...losses, ...angles] }
}

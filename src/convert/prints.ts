import { SidikError } from '../errors.js'
import { type FrictionRidgeImage, imagesOf } from '../formats/ansi-nist/images.js'
import {
  type MinutiaeImage,
  minutiaeAround,
  minutiaeImagesByIdc,
  type UnroundedMinutiae,
} from '../formats/ansi-nist/minutiae.js'
import type { AnsiNistTransaction } from '../formats/ansi-nist/transaction.js'
import { impressionsOf } from '../formats/code-names.js'
import type { ReadOptions } from '../formats/deviation.js'
import { FRICTION_RIDGE_POSITIONS, nameOfPosition } from '../formats/finger-positions.js'
import { imagesOfRecord } from '../formats/images/stated-image.js'
import type { MinutiaeRecord } from '../formats/minutiae/minutiae-record.js'
import { pruneMinutiae } from '../formats/minutiae/prune.js'
import { minutiaeOfRecord, unroundedMinutiae } from '../formats/minutiae/record-print.js'
import { templateOfMinutiae } from '../formats/minutiae/template-record.js'
import { decodeImage } from '../image/decode.js'
import type { StatedResolution } from '../image/pixels.js'
import { imageOfRecord } from '../image/record-image.js'
import { problemOfAxes, resolvePpi } from '../image/resolution.js'
import { MAX_FINGER_POSITION, MAX_MINUTIAE } from '../template/minutia-codes.js'
import { decodeTemplate } from '../template/native-decode.js'
import type { Minutia, Template } from '../types.js'
import { type PrintDocument, readDocument } from './document.js'
import type { Print } from './print.js'
import { printsOfBir } from './prints-of-bir.js'
import {
  statedByImage,
  statedByImageRecord,
  statedByMinutiaeRecord,
  statedByTemplate,
  statedByTransactionImage,
  statedByTransactionRecord,
} from './stated.js'

export type { Print } from './print.js'

/**
 * The prints of a document, in its order. Of a transaction those with an image, then those with minutiae; of a CBEFF record the
 * fingers that are not missing.
 *
 * @throws SidikError as reading what is within a document does
 */
export function printsOf(document: PrintDocument, options: ReadOptions = {}): Print[] {
  switch (document.kind) {
    case 'image':
      return [printOfImage(document)]
    case 'template':
    case 'template-json':
      return [printOfTemplate(document.template)]
    case 'minutiae-record':
      return fingersOfRecord(document.tagged).map((fingerPosition, i) => ({
        name: `view ${i + 1}: ${nameOfPosition(fingerPosition)}`,
        fingerPosition,
        ...impressionNamed(impressionOfView(document.tagged, i)),
        template: () => templateOfMinutiae(minutiaeOfRecord(document.tagged, i)),
        minutiae: () => unroundedMinutiae(document.tagged, i),
        stated: () => statedByMinutiaeRecord(document.tagged, i),
      }))
    case 'image-record':
      return imagesOfRecord(document.tagged).map(({ fingerPosition, impression, quality, ...resolution }, i) => {
        reportAxes(`resolution of image ${i + 1}`, resolution, options)
        return {
          name: `image ${i + 1}: ${nameOfPosition(fingerPosition)}`,
          fingerPosition,
          ...impressionNamed(impressionsOf(document.tagged.format).get(impression)),
          ...(quality !== undefined && { statedQuality: quality }),
          image: ppi => imageOfRecord(document.tagged, i, { ppi, onDeviation: options.onDeviation }),
          stated: () => statedByImageRecord(document.tagged, i),
        }
      })
    case 'ansi-nist': {
      const { transaction } = document
      const images = imagesOf(transaction)
      return [
        ...images.flatMap(image => ridgeImage(image, transaction, options)),
        ...minutiaeIn(transaction, minutiaeImagesByIdc(images), options),
      ]
    }
    case 'cbeff':
      return printsOfBir(document.bir, options, (data, within) => printsOf(readDocument(data, within), within))
  }
}

/**
 * The one print of a document.
 *
 * @param number which of several, from 1
 * @throws SidikError PRINT_NOT_CHOSEN when there is none, or there are several and no number says which
 */
export function chosenPrint(prints: readonly Print[], number?: number): Print {
  if (number === undefined && prints.length === 1) return prints[0]
  const chosen = number === undefined ? undefined : prints[number - 1]
  if (chosen !== undefined) return chosen
  if (prints.length === 0) throw new SidikError('PRINT_NOT_CHOSEN', 'there is no print in it')
  const list = prints.map(({ name }, i) => `${i + 1} ${name}`).join('; ')
  const asked = number === undefined ? 'say which one' : `there is no print ${number}`
  const counted = prints.length === 1 ? 'is 1 print' : `are ${prints.length} prints`
  throw new SidikError('PRINT_NOT_CHOSEN', `there ${counted} in it (${list}): ${asked}`)
}

/** Codes from here on are of palms and wrists, but for those of several fingers. */
const FIRST_PALM = 20

/**
 * The finger that the print is of, 1 to 10; 0 where that is not known.
 *
 * @throws SidikError NOT_ONE_FINGER for a print of several, or of a palm, where its document says so
 */
export function fingerOf({ name, fingerPosition }: Print): number {
  const { fingers = [] } = FRICTION_RIDGE_POSITIONS.get(fingerPosition) ?? {}
  if (fingers.length === 1) return fingers[0]
  if (fingers.length === 0 && fingerPosition < FIRST_PALM) return 0
  const shown = fingers.length > 1 ? `${fingers.length} fingers` : 'no finger'
  const message = `${name} shows ${shown}: a template is of one finger, cut that out of the image first`
  throw new SidikError('NOT_ONE_FINGER', message)
}

function printOfImage({ bytes, format }: Extract<PrintDocument, { kind: 'image' }>): Print {
  const image = (ppi?: number) => decodeImage(bytes, { ppi })
  return { name: 'the image', fingerPosition: 0, image, stated: () => statedByImage(bytes, format) }
}

function printOfTemplate(template: Template): Print {
  const { fingerPosition, minutiae } = decodeTemplate(template)
  const stated = () => statedByTemplate(template)
  return {
    name: nameOfPosition(fingerPosition),
    fingerPosition,
    template: () => template,
    minutiae: () => minutiae,
    stated,
  }
}

function impressionOfView({ format, record }: MinutiaeRecord, view: number): string | undefined {
  if (format === 'iso-19794-2-2005-card') return undefined
  return impressionsOf(format).get(record.views[view].impression)
}

/** The finger of each view. */
function fingersOfRecord({ format, record }: MinutiaeRecord): number[] {
  return format === 'iso-19794-2-2005-card' ? [0] : record.views.map(({ fingerPosition }) => fingerPosition)
}

/** ANSI/NIST-ITL 1-2011 (Update 2013) table 7 numbers live and other scans of fingers as this does. */
const ANSI_NIST_IMPRESSIONS = impressionsOf('ansi-378-2009')

function impressionNamed(impression: string | undefined) {
  return impression === undefined ? {} : { impression }
}

/** Whoever listens hears that the pixels of an image are not square. */
function reportAxes(field: string, resolution: StatedResolution, { onDeviation }: ReadOptions): void {
  const message = problemOfAxes(resolution)
  if (message !== undefined) onDeviation?.({ field, offset: 0, message })
}

function ridgeImage(from: FrictionRidgeImage, { records }: AnsiNistTransaction, options: ReadOptions): Print[] {
  const { recordIndex, recordType, positions, impression, missingFingers, image, captureDate } = from
  if (image === undefined) return []
  const stated = { xPpi: from.xPpi ?? 0, yPpi: from.yPpi ?? 0 }
  const isStated = from.xPpi !== undefined || from.yPpi !== undefined
  reportAxes(`resolution of record ${recordIndex + 1}`, stated, options)
  const [fingerPosition = 0] = positions
  const taken = captureDate === undefined ? '' : ` of ${captureDate}`
  return [
    {
      name: `record ${recordIndex + 1}, type ${recordType}${taken}: ${nameOfPosition(fingerPosition)}`,
      fingerPosition,
      ...impressionNamed(impression === undefined ? undefined : ANSI_NIST_IMPRESSIONS.get(impression)),
      ...(missingFingers.length > 0 && { missing: missingFingers.map(({ position }) => position) }),
      image: async ppi => decodeImage(image, { ppi: ppi ?? (isStated ? resolvePpi({ stated }) : undefined) }),
      stated: () => statedByTransactionImage(records[recordIndex], image),
    },
  ]
}

type ImagesByIdc = ReadonlyMap<number, MinutiaeImage | undefined>

function minutiaeIn(transaction: AnsiNistTransaction, images: ImagesByIdc, { onDeviation }: ReadOptions): Print[] {
  return transaction.records.flatMap((record, i) => {
    const found = record.type === 9 ? typeNine(transaction, i, images) : undefined
    if (found === undefined) return []
    const changes = changesOf(found)
    for (const message of changes) onDeviation?.({ field: `minutiae of record ${i + 1}`, offset: 0, message })
    const [position = 0] = found instanceof SidikError ? [] : found.positions
    const fingerPosition = position <= MAX_FINGER_POSITION ? position : 0
    const held = found instanceof SidikError ? [] : pruneMinutiae(found.minutiae, MAX_MINUTIAE)
    const template = () => {
      if (found instanceof SidikError) throw found
      const { widthPx, heightPx } = found
      const minutiae = held
      return templateOfMinutiae({ widthPx, heightPx, sourcePpi: 0, quality: 0, fingerPosition, minutiae })
    }
    return [
      {
        name: `record ${i + 1}, type 9: ${nameOfPosition(position)}`,
        fingerPosition,
        ...impressionNamed(found instanceof SidikError ? undefined : ANSI_NIST_IMPRESSIONS.get(found.impression ?? -1)),
        ...(changes.length > 0 && { changes }),
        template,
        minutiaeCount: () => (found instanceof SidikError ? 0 : found.minutiae.length),
        minutiae: () => (found instanceof SidikError ? [] : unroundedOf(held, found)),
        stated: () => statedByTransactionRecord(record),
      },
    ]
  })
}

function unroundedOf(held: readonly Minutia[], { minutiae, unrounded }: UnroundedMinutiae): Minutia[] {
  const byRounded = new Map(minutiae.map((one, i) => [one, unrounded[i]]))
  return held.map(one => byRounded.get(one) ?? one)
}

function changesOf(found: UnroundedMinutiae | SidikError): string[] {
  if (found instanceof SidikError || found.movedCount === undefined) return []
  const { movedCount, widthPx, heightPx } = found
  return [`${movedCount} minutiae outside the image of ${widthPx} x ${heightPx} px: moved to its edge`]
}

/** The minutiae of a record, or why there are none; undefined where it says nothing of minutiae. */
function typeNine(
  transaction: AnsiNistTransaction,
  index: number,
  images: ImagesByIdc,
): UnroundedMinutiae | SidikError | undefined {
  try {
    return minutiaeAround(transaction, index, idc => images.get(idc))
  } catch (error) {
    if (error instanceof SidikError) return error
    if (!(error instanceof RangeError)) throw error
    const message = `record ${index + 1} counts its minutiae from the lower edge of an image that the transaction lacks`
    return new SidikError('RECORD_CORRUPT', message, { cause: error })
  }
}

/** What a ten-print transaction is built from, and checks of it. */
import { whole } from '../../template/ranges.js'
import { FRICTION_RIDGE_POSITIONS } from '../finger-positions.js'
import { problemOfEnd } from '../image-end.js'
import { type AnsiNistCompression, COMPRESSIONS, KIND_OF_COMPRESSION, statedImage } from './compression.js'
import { DAY } from './field-forms.js'
import type { FingerSegment, MissingFinger, NistQuality } from './images.js'
import { hasSeparator } from './text.js'

export interface TenPrintImage {
  /** A file, or pixels (8 bits) where the compression is NONE. */
  readonly data: Uint8Array
  readonly compression: AnsiNistCompression
  readonly widthPx: number
  readonly heightPx: number
  readonly ppi: number
}

interface Print {
  /** Table 7: 0 live-scan plain, 1 live-scan rolled, 2 non-live plain, 3 non-live rolled. */
  readonly impression: number
  /** Absent where no finger of the print can be there. */
  readonly image?: TenPrintImage
  /** YYYYMMDD; the transaction's date unless given. */
  readonly captureDate?: string
}

/** A print of one finger. */
export interface TenPrintFinger extends Print {
  /** 1 to 10; 11 and 12 for a plain thumb beside slaps. */
  readonly position: number
  /** NFIQ, for 14.022: 1 to 5, 254 or 255. */
  readonly quality?: number
  /** For 14.018: amputated (XX), or unable to print (UP), as when bandaged. */
  readonly amputated?: MissingFinger['reason']
}

/** A print of several fingers at once. */
export interface TenPrintSlap extends Print {
  /** 13 right four fingers, 14 left four, 15 both thumbs. */
  readonly position: number
  /** Where its fingers lie, for 14.021. */
  readonly segments?: readonly FingerSegment[]
  /** NFIQ of its fingers, for 14.022. */
  readonly qualities?: readonly NistQuality[]
  /** Those of its fingers that cannot be there, for 14.018. */
  readonly missing?: readonly MissingFinger[]
}

/** A finger as a slap of one. */
export function asSlap({ quality, amputated, ...print }: TenPrintFinger): TenPrintSlap {
  const position = FRICTION_RIDGE_POSITIONS.get(print.position)?.fingers[0] ?? print.position
  return {
    ...print,
    ...(quality === undefined ? {} : { qualities: [{ position, quality }] }),
    ...(amputated === undefined ? {} : { missing: [{ position, reason: amputated }] }),
  }
}

/** @throws RangeError naming what of a print the standard does not allow */
export function checkPrint(
  { position, impression, image, missing, segments, qualities }: TenPrintSlap,
  path: string,
): void {
  whole(`${path}.impression`, impression, 0, 29)
  const fingers = FRICTION_RIDGE_POSITIONS.get(position)?.fingers ?? []
  const within = (name: string, of: readonly { readonly position: number }[] = []) => {
    const other = of.find(one => !fingers.includes(one.position))
    if (other)
      throw new RangeError(`${path}.${name} has finger ${other.position}, which is not in position ${position}`)
  }
  within('missing', missing)
  within('segments', segments)
  within('qualities', qualities)
  for (const { reason } of missing ?? []) {
    if (reason !== 'XX' && reason !== 'UP')
      throw new RangeError(`${path}.missing has reason ${reason}, must be XX or UP`)
  }
  for (const { leftPx, rightPx, topPx, bottomPx } of segments ?? []) {
    if (image === undefined) throw new RangeError(`${path}.segments lie in an image, of which there is none`)
    whole(
      `${path}.segments rightPx`,
      rightPx,
      whole(`${path}.segments leftPx`, leftPx, 0, image.widthPx),
      image.widthPx,
    )
    whole(
      `${path}.segments bottomPx`,
      bottomPx,
      whole(`${path}.segments topPx`, topPx, 0, image.heightPx),
      image.heightPx,
    )
  }
  for (const { quality } of qualities ?? []) {
    if (quality !== 254 && quality !== 255) whole(`${path}.qualities quality`, quality, 1, 5)
  }
  if (image === undefined && !missing?.length) throw new RangeError(`${path} has neither image nor missing fingers`)
  if (image !== undefined) checkPayload(image, `${path}.image`)
}

/** The reader reports an image that is not what its record says: it is not written either. */
function checkPayload({ data, compression, widthPx, heightPx }: TenPrintImage, path: string): void {
  if (!COMPRESSIONS.includes(compression)) {
    throw new RangeError(`${path}.compression is ${compression}, must be one of ${COMPRESSIONS.join(', ')}`)
  }
  if (compression === 'NONE') {
    if (data.length === widthPx * heightPx) return
    throw new RangeError(
      `${path}.data has ${data.length} bytes, ${widthPx} x ${heightPx} px need ${widthPx * heightPx}`,
    )
  }
  const stated = statedImage(data)
  if (stated?.kind !== KIND_OF_COMPRESSION[compression]) {
    throw new RangeError(`${path}.compression is ${compression}, the data is ${stated?.kind ?? 'of no known kind'}`)
  }
  if (stated.widthPx !== widthPx || stated.heightPx !== heightPx) {
    const size = `${stated.widthPx} x ${stated.heightPx} px`
    throw new RangeError(`${path} says ${widthPx} x ${heightPx} px, the data ${size}`)
  }
  const problem = problemOfEnd(data)
  if (problem !== undefined) throw new RangeError(`${path}.data ${problem}`)
}

/** Text without separators, some. */
export function text<T extends string | readonly (readonly string[])[]>(path: string, value: T): T {
  const items = typeof value === 'string' ? [value] : value.flat()
  if (typeof value === 'string' && value === '') throw new RangeError(`${path} is empty`)
  if (items.some(hasSeparator)) throw new RangeError(`${path} has a separator (1C to 1F) in it`)
  return value
}

/** A date as YYYYMMDD. */
export function day(path: string, value: string): string {
  if (DAY.holds([[value]])) return value
  throw new RangeError(`${path} is ${value}, ${DAY.says}`)
}

/**
 * The resolution that a compressed image within a record states of itself, compared with what the
 * record says. Nothing is decoded.
 */
import { SidikError } from '../errors.js'
import { openJp2 } from '../image/jp2/boxes.js'
import type { StatedResolution } from '../image/pixels.js'
import { differInResolution } from '../image/resolution.js'
import { exifOfJpeg, statedResolution } from '../image/stated-resolution.js'
import { readCommentPpi } from '../image/wsq/comment.js'
import { partsOf } from '../image/wsq/parts.js'
import { MARKER } from '../image/wsq/segment.js'
import { imageKindOf } from './image-end.js'

/** Screens: what programs write into PNG, JPEG and JPEG 2000 that know of no resolution. */
const SCREENS_PPI = [72, 96]

/**
 * Problems of the resolutions of a record along x and y; undefined where they are those of the image
 * but for rounding, and where either does not state one.
 *
 * @param stated by the record, in ppi; 0 or undefined where it does not
 */
export function problemsOfResolution(
  stated: { readonly xPpi: number | undefined; readonly yPpi: number | undefined },
  image: Uint8Array,
): [x: string | undefined, y: string | undefined] {
  const coded = codedResolution(image)
  const problem = (ppi: number | undefined, codedPpi = 0) => {
    const isKnown = codedPpi > 0 && !SCREENS_PPI.some(screen => Math.abs(codedPpi - screen) < 1)
    if (!ppi || !isKnown || !differInResolution(ppi, codedPpi)) return undefined
    return `says ${Math.round(ppi)} ppi, the image states ${Math.round(codedPpi)}`
  }
  return [problem(stated.xPpi, coded?.xPpi), problem(stated.yPpi, coded?.yPpi)]
}

/** Undefined where the image states none, or is damaged: that is for its decoder to say. */
function codedResolution(image: Uint8Array): StatedResolution | undefined {
  try {
    switch (imageKindOf(image)) {
      case 'WSQ':
        return wsqResolution(image)
      case 'PNG':
        return statedResolution('png', image, undefined)
      case 'JPEG':
        return statedResolution('jpeg', image, exifOfJpeg(image))
      case 'JPEG 2000':
        return openJp2(image).resolution
      default:
        return undefined
    }
  } catch (error) {
    if (error instanceof SidikError) return undefined
    throw error
  }
}

/** The resolution in the first comment that states one, as the decoder takes it. */
function wsqResolution(image: Uint8Array): StatedResolution | undefined {
  for (const { marker, segment } of partsOf(image, { onDeviation: () => {} })) {
    const ppi = marker === MARKER.comment && segment !== undefined ? readCommentPpi(segment) : undefined
    if (ppi !== undefined) return { xPpi: ppi, yPpi: ppi }
  }
  return undefined
}

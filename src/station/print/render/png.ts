import { loadSharp } from '../../../image/load-sharp.js'
import { finiteNumber } from '../../../options.js'
import { MM_PER_INCH, printedSize, type Scene } from './items.js'
import { sceneSvg } from './svg.js'

/** Dots per inch: a preview, and more than any printer of cards has. */
const LEAST_DPI = 36
const MOST_DPI = 1_200

/** Of zlib: at 6 files are 3 % smaller and take half as long again to write. */
const COMPRESSION = 3

/**
 * A page as PNG, as many pixels as come nearest to its size; red, green and blue, the resolution stated.
 *
 * @throws TypeError, RangeError when `dpi` is not 36 to 1,200
 */
export async function scenePng(scene: Scene, dpi: number): Promise<Uint8Array> {
  if (finiteNumber('dpi', dpi) < LEAST_DPI || dpi > MOST_DPI) {
    throw new RangeError(`dpi is ${dpi}, must be ${LEAST_DPI} to ${MOST_DPI}`)
  }
  const { widthMm, heightMm } = printedSize(scene)
  const widthPx = Math.round((widthMm / MM_PER_INCH) * dpi)
  const heightPx = Math.round((heightMm / MM_PER_INCH) * dpi)
  // The SVG is our own: shapes and images that were decoded and encoded here, no text and no address of anything outside.
  const svg = Buffer.from(sceneSvg(scene, widthPx, heightPx))
  return new Uint8Array(
    await (await loadSharp())(svg).removeAlpha().withDensity(dpi).png({ compressionLevel: COMPRESSION }).toBuffer(),
  )
}

import { FRICTION_RIDGE_POSITIONS } from '../../formats/finger-positions.js'
import { decodeRawFrame } from '../../image/raw-frame.js'
import { resolvePpi } from '../../image/resolution.js'
import { finiteNumber, oneOf, positiveNumber, readOptions } from '../../options.js'
import type { GrayImage } from '../../types.js'
import { type CardBox, type CardLayout, FD249, FD249_PRINTS } from './card-layouts.js'
import type { FingerBox } from './cut.js'
import { noFinger, type SlapProblem } from './problems.js'
import { rolledPrint } from './rolled-print.js'
import { type SlapFinger, segmentSlap } from './segment-slap.js'
import { expectedFingers, missingFingers, slapCode } from './slaps.js'

/** The image may differ from the layout by this share: cards are laid askew and scanned with a margin. */
const SIZE_TOLERANCE = 0.06

export interface SegmentCardOptions {
  /** Unless given FD249, or FD249_PRINTS where the image has the proportions of that. */
  readonly layout?: CardLayout
  /** Fingers that the person lacks (1 to 10). */
  readonly missing?: readonly number[]
}

/** One finger of a card; places are those of the card's image. */
export interface CardFinger extends SlapFinger {
  readonly impression: 'rolled' | 'plain'
}

/** What is wrong with a box of a card. */
export interface CardProblem extends SlapProblem {
  /** Its code: FRICTION_RIDGE_POSITIONS. */
  readonly boxPosition: number
}

export interface CardSegmentation {
  /** In the order of the layout, those of a slap from left to right. */
  readonly fingers: readonly CardFinger[]
  /** `fingers` of a problem are places within its box. */
  readonly problems: readonly CardProblem[]
}

/**
 * The fingers of a ten-print card: rolled ones whole and as they lie, plain ones cut and upright as `segmentSlap` does. The image shows the
 * layout from edge to edge.
 *
 * @throws TypeError, RangeError for an image, a layout or options that are not what their types say; RangeError for an image of another
 *   size than the layout's
 * @throws SidikError as `segmentSlap`
 */
export function segmentTenPrintCard(image: GrayImage, options?: SegmentCardOptions): CardSegmentation {
  const { layout: given, missing: stated } = readOptions('segmentTenPrintCard', options, ['layout', 'missing'])
  const missing = missingFingers('missing', stated)
  const gray: GrayImage = { ...decodeRawFrame(image), ppi: resolvePpi({ frame: image.ppi }) }
  const layout = given === undefined ? usualLayout(gray) : checkLayout(given)
  checkFit(gray, layout)
  const fingers: CardFinger[] = []
  const problems: CardProblem[] = []
  for (const box of layout.boxes) {
    const { positions } = expectedFingers(box.position, missing)
    if (positions.length === 0) continue
    const part = partOf(gray, layout, box)
    const found = box.impression === 'plain' ? plain(part.image, box, missing) : rolled(part.image, box)
    for (const finger of found.fingers) {
      const moved = movedBox(finger.box, part.leftPx, part.topPx)
      fingers.push({ ...finger, box: moved, impression: box.impression })
    }
    problems.push(...found.problems.map(problem => ({ ...problem, boxPosition: box.position })))
  }
  return { fingers, problems }
}

interface Found {
  readonly fingers: readonly SlapFinger[]
  readonly problems: readonly SlapProblem[]
}

function plain(image: GrayImage, { position }: CardBox, missing: readonly number[]): Found {
  return segmentSlap(image, { hand: position, missing })
}

function rolled(image: GrayImage, { position }: CardBox): Found {
  const print = rolledPrint(image)
  if (print === undefined) return { fingers: [], problems: [noFinger()] }
  return { fingers: [{ position, ...print }], problems: [] }
}

/** The layout that is as wide for its height as the image. */
function usualLayout({ widthPx, heightPx }: GrayImage): CardLayout {
  const off = ({ widthIn, heightIn }: CardLayout) => Math.abs(Math.log((widthPx * heightIn) / (heightPx * widthIn)))
  return off(FD249_PRINTS) < off(FD249) ? FD249_PRINTS : FD249
}

function checkLayout(layout: CardLayout): CardLayout {
  if (typeof layout !== 'object' || layout === null || !Array.isArray(layout.boxes)) {
    throw new TypeError('layout must be an object with widthIn, heightIn and boxes')
  }
  positiveNumber('layout.widthIn', layout.widthIn)
  positiveNumber('layout.heightIn', layout.heightIn)
  for (const [i, box] of layout.boxes.entries()) {
    const name = `layout.boxes[${i}]`
    slapCode(`${name}.position`, box.position)
    oneOf(`${name}.impression`, box.impression, ['rolled', 'plain'])
    if (box.impression === 'rolled' && FRICTION_RIDGE_POSITIONS.get(box.position)!.fingers.length > 1) {
      throw new RangeError(`${name}.position is ${box.position}, of several fingers, which are not rolled together`)
    }
    const { leftIn, topIn, widthIn, heightIn } = box
    const isWithin = finiteNumber(`${name}.leftIn`, leftIn) >= 0 && finiteNumber(`${name}.topIn`, topIn) >= 0
    const right = leftIn + positiveNumber(`${name}.widthIn`, widthIn)
    const bottom = topIn + positiveNumber(`${name}.heightIn`, heightIn)
    // Sums of tenths of inches are not exact.
    if (isWithin && right <= layout.widthIn + 1e-6 && bottom <= layout.heightIn + 1e-6) continue
    throw new RangeError(`${name} reaches beyond the layout`)
  }
  return layout
}

function checkFit({ widthPx, heightPx, ppi }: GrayImage, { widthIn, heightIn }: CardLayout): void {
  const isNear = (px: number, inches: number) => Math.abs(px / ppi / inches - 1) <= SIZE_TOLERANCE
  if (isNear(widthPx, widthIn) && isNear(heightPx, heightIn)) return
  const size = `${(widthPx / ppi).toFixed(1)} x ${(heightPx / ppi).toFixed(1)} inches`
  throw new RangeError(
    `image shows ${size}, the layout has ${widthIn} x ${heightIn}: cut the image, or give its layout`,
  )
}

/** One box of the card as an image; the layout is stretched to the image. */
function partOf({ data, widthPx, heightPx, ppi }: GrayImage, layout: CardLayout, box: CardBox) {
  const [perInchX, perInchY] = [widthPx / layout.widthIn, heightPx / layout.heightIn]
  const leftPx = Math.round(box.leftIn * perInchX)
  const topPx = Math.round(box.topIn * perInchY)
  const width = Math.min(Math.round(box.widthIn * perInchX), widthPx - leftPx)
  const height = Math.min(Math.round(box.heightIn * perInchY), heightPx - topPx)
  const own = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const from = (topPx + y) * widthPx + leftPx
    own.set(data.subarray(from, from + width), y * width)
  }
  return { leftPx, topPx, image: { data: own, widthPx: width, heightPx: height, ppi } }
}

function movedBox(box: FingerBox, leftPx: number, topPx: number): FingerBox {
  const corners = box.corners.map(({ xPx, yPx }) => ({ xPx: xPx + leftPx, yPx: yPx + topPx }))
  return { ...box, xPx: box.xPx + leftPx, yPx: box.yPx + topPx, corners }
}

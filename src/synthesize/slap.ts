import { Random } from '../random.js'
import type { GrayImage } from '../types.js'
import type { Impression } from './impression.js'
import { requireIndex } from './master.js'
import type { SlapCanvas } from './slap-canvas.js'
import { type HandOptions, type LaidFinger, layHand } from './slap-hand.js'
import { creaseSlap, punchHoles, wearPaper } from './slap-paper.js'
import { layPhalanges } from './slap-phalanges.js'
import { printForm, writeByHand } from './slap-writing.js'
import { SmoothField } from './smooth-field.js'

/**
 * What a slap may show besides fingertips: `joints` the two phalanges below them in full,
 * `handwriting`, printed `captions` with lines of the form, `holes` of a punch, `creases` of skin
 * and paper, `wear` of the paper at its edges.
 */
export const SLAP_DISTURBANCES = ['joints', 'handwriting', 'captions', 'holes', 'creases', 'wear'] as const

export type SlapDisturbance = (typeof SLAP_DISTURBANCES)[number]

export interface SlapOptions extends HandOptions {
  /** Pixels an inch. Default 500. */
  readonly ppi?: number
  /** Gray where nothing touches. Default drawn, white for two of three. */
  readonly background?: number
  /** How dark ridges are, 0 to 1, of each finger that is there. Default drawn for each, 0.45 to 1. */
  readonly strength?: readonly number[]
  /** How dark the print is that the person before left on the glass, 0 to 1. Default drawn, 0 to 0.12. */
  readonly residue?: number
  /** Besides fingertips; one more or less changes nothing of how the hand lies. Default none. */
  readonly disturbances?: readonly SlapDisturbance[]
}

/** Where a fingertip is in a synthetic slap. */
export interface SlapTruth {
  readonly position: number
  readonly tiltRad: number
  /** Of the rectangle round its print: left of the tip, right of it, then below. */
  readonly corners: readonly { readonly xPx: number; readonly yPx: number }[]
}

export interface SyntheticSlap {
  readonly image: GrayImage
  readonly fingers: readonly SlapTruth[]
}

const MM_PER_INCH = 25.4
/** Round the fingertips; and what is shown below the lowest. */
const MARGIN_MM = 5
const BELOW_MM = 12
/** What is shown in addition of a hand with all phalanges, and of the form round prints, at most. */
const JOINTS_MM = 35
const FORM_MM = 12
/** Side of the field of what does not touch in a middle phalanx, an eighth of a millimetre each. */
const DROPOUT_PX = 300
/** Values of noise, begun anew at each row. */
const NOISE_VALUES = 65_536
/** Between ridges of the middle phalanx. */
const PERIOD_MM = 0.5

/**
 * A slap of prints that are there, scaled to fingers of a hand, with the phalanges below, the glass and what is left on it; always the
 * same for the same arguments.
 *
 * @param impressions of the optical sensor; the first that touches is taken for the leftmost finger, and so on, beginning again
 * @throws RangeError when there is no impression, `slapIndex` is no whole number from 0 to 2^32 -
 *   1, the code is of no known fingers, or
 *   a disturbance is none of SLAP_DISTURBANCES
 */
export function synthesizeSlap(
  impressions: readonly Impression[],
  slapIndex: number,
  options: SlapOptions = {},
): SyntheticSlap {
  requireIndex('slapIndex', slapIndex)
  if (impressions.length === 0) throw new RangeError('impressions: none is there')
  const random = new Random(slapIndex).child('slap')
  const { ppi = 500, disturbances = [] } = options
  const unknown = disturbances.find(one => !SLAP_DISTURBANCES.includes(one))
  if (unknown !== undefined) throw new RangeError(`disturbances: ${unknown} is none of ${SLAP_DISTURBANCES.join(', ')}`)
  const shows = (one: SlapDisturbance) => disturbances.includes(one)
  const laid = layHand(random.child('hand'), options)
  const canvas = canvasFor(laid, ppi, random.child('canvas'), shows)
  const residue = options.residue ?? random.child('residue').uniform(0, 0.12)
  if (residue > 0) {
    const before = random.child('before')
    const moved = { dx: before.uniform(-12, 12), dy: before.uniform(-10, 10) }
    laid.forEach((finger, i) => {
      const ghost = { ...finger, xMm: finger.xMm + moved.dx, yMm: finger.yMm + moved.dy }
      layDown(canvas, ghost, impressions[(i + 1) % impressions.length], residue, before.child(i))
    })
  }
  laid.forEach((finger, i) => {
    const own = random.child('finger').child(i)
    const strength = options.strength?.[i] ?? own.uniform(0.45, 1)
    const above = shows('joints') ? { ...finger, belowLengthMm: 0 } : finger
    layDown(canvas, above, impressions[i % impressions.length], strength, own)
    if (shows('joints')) layPhalanges(canvas, finger, strength, own.child('phalanges'))
  })
  if (shows('creases')) creaseSlap(canvas, laid, random.child('creases'))
  if (shows('wear')) wearPaper(canvas, random.child('wear'))
  if (shows('captions')) printForm(canvas, random.child('captions'))
  if (shows('handwriting')) writeByHand(canvas, random.child('handwriting'))
  const data = exposed(canvas, random.child('glass'), options.background)
  if (shows('holes')) punchHoles(data, canvas, random.child('holes'))
  const fingers = laid.map((finger): SlapTruth => {
    const inPx = cornersOf(finger).map(({ x, y }) => ({
      xPx: (x - canvas.left) * canvas.pxPerMm,
      yPx: (y - canvas.top) * canvas.pxPerMm,
    }))
    return { position: finger.position, tiltRad: finger.tiltRad, corners: inPx }
  })
  return { image: { data, widthPx: canvas.widthPx, heightPx: canvas.heightPx, ppi }, fingers }
}

/**
 * Glass or paper round fingers, without ink: a form leaves room above and beside them, phalanges
 * are shown below as far as it goes.
 */
function canvasFor(
  laid: readonly LaidFinger[],
  ppi: number,
  random: Random,
  shows: (one: SlapDisturbance) => boolean,
): SlapCanvas {
  const hasForm = shows('captions') || shows('handwriting')
  const [leftMm, rightMm, topMm] = [1, 2, 3].map(() => MARGIN_MM + (hasForm ? random.uniform(0, FORM_MM) : 0))
  const belowMm = BELOW_MM + (shows('joints') ? random.uniform(0, JOINTS_MM) : 0)
  const corners = laid.flatMap(finger => cornersOf(finger))
  const left = Math.min(...corners.map(({ x }) => x)) - leftMm
  const top = Math.min(...corners.map(({ y }) => y)) - topMm
  const widthPx = Math.ceil(((Math.max(...corners.map(({ x }) => x)) + rightMm - left) * ppi) / MM_PER_INCH)
  const heightPx = Math.ceil(((Math.max(...corners.map(({ y }) => y)) + belowMm - top) * ppi) / MM_PER_INCH)
  return { left, top, widthPx, heightPx, pxPerMm: ppi / MM_PER_INCH, ink: new Float32Array(widthPx * heightPx) }
}

function cornersOf({ xMm, yMm, tiltRad, widthMm, lengthMm }: LaidFinger): { x: number; y: number }[] {
  const [cos, sin] = [Math.cos(tiltRad), Math.sin(tiltRad)]
  const half = widthMm / 2
  const all = [
    [-half, 0],
    [half, 0],
    [half, lengthMm],
    [-half, lengthMm],
  ]
  return all.map(([across, down]) => ({ x: xMm + across * cos - down * sin, y: yMm + across * sin + down * cos }))
}

/** Adds one finger to the ink: the impression scaled to its tip, and plain ridges below the crease. */
function layDown(
  canvas: SlapCanvas,
  finger: LaidFinger,
  impression: Impression,
  strength: number,
  random: Random,
): void {
  const { widthPx, heightPx, pxPerMm, ink } = canvas
  const { xMm, yMm, tiltRad, widthMm, lengthMm, creaseMm, belowWidthMm, belowLengthMm } = finger
  const contact = contactBounds(impression)
  const [cos, sin] = [Math.cos(tiltRad), Math.sin(tiltRad)]
  const end = lengthMm + creaseMm + belowLengthMm
  const slant = random.uniform(-0.7, 0.7)
  const dropout = new SmoothField(random.child('dropout'), DROPOUT_PX, DROPOUT_PX, 8, 0.4).raster(
    DROPOUT_PX,
    DROPOUT_PX,
  )
  const reach = cornersOf({ ...finger, lengthMm: end })
  const columns = reach.map(({ x }) => (x - canvas.left) * pxPerMm)
  const rows = reach.map(({ y }) => (y - canvas.top) * pxPerMm)
  const lastRow = Math.min(heightPx - 1, Math.ceil(Math.max(...rows)))
  const lastColumn = Math.min(widthPx - 1, Math.ceil(Math.max(...columns)))
  for (let row = Math.max(0, Math.floor(Math.min(...rows))); row <= lastRow; row++) {
    for (let column = Math.max(0, Math.floor(Math.min(...columns))); column <= lastColumn; column++) {
      const dx = (column + 0.5) / pxPerMm + canvas.left - xMm
      const dy = (row + 0.5) / pxPerMm + canvas.top - yMm
      const across = dx * cos + dy * sin
      const down = -dx * sin + dy * cos
      let darkness = 0
      if (down >= 0 && down < lengthMm && Math.abs(across) < widthMm / 2) {
        const x = contact.left + (across / widthMm + 0.5) * contact.width
        const y = contact.top + (down / lengthMm) * contact.height
        darkness = darknessAt(impression, x, y)
      } else if (down >= lengthMm + creaseMm && down < end) {
        const v = down - lengthMm - creaseMm
        // Corners are round.
        const half = (belowWidthMm / 2) * Math.min(1, 0.75 + v / 8, 0.75 + (end - down) / 8)
        if (Math.abs(across) < half) {
          const wave = Math.cos((2 * Math.PI * (down + slant * across + 0.004 * across * across)) / PERIOD_MM)
          const field = dropout[Math.floor(v * 8) * DROPOUT_PX + Math.floor(DROPOUT_PX / 2 + across * 8)]
          darkness = Math.min(Math.max(0.5 + wave + field, 0), 1) * Math.min(Math.max(0.75 + field, 0), 1)
        }
      }
      const at = row * widthPx + column
      ink[at] = Math.max(ink[at], strength * darkness)
    }
  }
}

/** The rectangle that touches, px of the impression. */
function contactBounds({ truth }: Impression): { left: number; top: number; width: number; height: number } {
  const { data, widthPx } = truth.contact
  let [left, right, top, bottom] = [widthPx, 0, data.length, 0]
  data.forEach((touches, i) => {
    if (touches === 0) return
    left = Math.min(left, i % widthPx)
    right = Math.max(right, (i % widthPx) + 1)
    top = Math.min(top, Math.floor(i / widthPx))
    bottom = Math.max(bottom, Math.floor(i / widthPx) + 1)
  })
  return { left, top, width: right - left, height: bottom - top }
}

/** How dark an impression is between its pixels, 0 to 1; nothing where no skin touches. */
function darknessAt({ image, truth }: Impression, x: number, y: number): number {
  const left = Math.min(Math.max(Math.floor(x - 0.5), 0), image.widthPx - 2)
  const top = Math.min(Math.max(Math.floor(y - 0.5), 0), image.heightPx - 2)
  const at = top * image.widthPx + left
  if (truth.contact.data[at] === 0) return 0
  const [u, v] = [x - 0.5 - left, y - 0.5 - top]
  const { data, widthPx } = image
  const upper = data[at] + u * (data[at + 1] - data[at])
  const lower = data[at + widthPx] + u * (data[at + widthPx + 1] - data[at + widthPx])
  return Math.min(Math.max(1 - (upper + v * (lower - upper)) / 255, 0), 1)
}

/** Ink on glass that is lit unevenly, with noise. */
function exposed({ widthPx, heightPx, ink }: SlapCanvas, random: Random, given?: number): Uint8Array {
  const background = given ?? (random.chance(2 / 3) ? random.uniform(235, 255) : random.uniform(70, 200))
  const deviation = random.uniform(1, 4)
  const noise = Float32Array.from({ length: NOISE_VALUES }, () => random.normal(0, deviation))
  const lit = new SmoothField(random.child('light'), widthPx, heightPx, 250, 0.03).raster(widthPx, heightPx)
  const data = new Uint8Array(ink.length)
  for (let i = 0, row = 0; row < heightPx; row++) {
    const from = random.below(NOISE_VALUES)
    for (let column = 0; column < widthPx; column++, i++) {
      const gray = background * (1 + lit[i]) * (1 - 0.9 * ink[i]) + noise[(from + column) % NOISE_VALUES]
      data[i] = Math.min(Math.max(Math.round(gray), 0), 255)
    }
  }
  return data
}

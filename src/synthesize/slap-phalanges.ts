import type { Random } from '../random.js'
import type { PlaceMm, SlapCanvas } from './slap-canvas.js'
import type { LaidFinger } from './slap-hand.js'
import { SmoothField } from './smooth-field.js'

/** Values of the fields a millimetre. */
const PER_MM = 4

/** One phalanx along its finger, mm below the top of the tip. */
interface Phalanx {
  readonly topMm: number
  readonly lengthMm: number
  readonly widthMm: number
  readonly strength: number
}

/**
 * Lays down what is below the joint of a fingertip: the middle phalanx, in most touches the lowest
 * one too. Their ridges run across the finger, slanted and bent in their own way; parts of them do
 * not touch, and a phalanx may be wider than its tip.
 */
export function layPhalanges(canvas: SlapCanvas, finger: LaidFinger, strength: number, random: Random): void {
  for (const [i, phalanx] of phalangesOf(finger, strength, random).entries()) {
    layPhalanx(canvas, finger, phalanx, random.child(i))
  }
}

function phalangesOf({ lengthMm, widthMm }: LaidFinger, strength: number, random: Random): Phalanx[] {
  // A finger that is pressed hard shows ridges right through its joint.
  const creaseMm = random.chance(0.3) ? random.uniform(0.2, 1) : random.uniform(1, 5)
  const middle: Phalanx = {
    topMm: lengthMm + creaseMm,
    lengthMm: random.uniform(15, 26),
    widthMm: widthMm * random.uniform(0.75, 1.12),
    strength: Math.min(strength * random.uniform(0.4, 1.2), 1),
  }
  const lowest: Phalanx = {
    topMm: middle.topMm + middle.lengthMm + random.uniform(0.5, 6),
    lengthMm: random.uniform(8, 22),
    widthMm: widthMm * random.uniform(0.8, 1.15),
    strength: Math.min(strength * random.uniform(0.3, 1.1), 1),
  }
  return random.chance(0.65) ? [middle, lowest] : [middle]
}

function layPhalanx(canvas: SlapCanvas, finger: LaidFinger, phalanx: Phalanx, random: Random): void {
  const { tiltRad } = finger
  const { topMm, lengthMm, widthMm, strength } = phalanx
  const [cos, sin] = [Math.cos(tiltRad), Math.sin(tiltRad)]
  const bend = random.normal(0, 0.06)
  const slant = random.uniform(-0.6, 0.6)
  const arch = random.uniform(-0.03, 0.03)
  const periodMm = random.uniform(0.45, 0.6)
  // How much of a ridge prints: some phalanges are rows of dots.
  const wholeness = random.uniform(0.55, 1)
  const columns = Math.ceil(widthMm * PER_MM) + 1
  const rows = Math.ceil(lengthMm * PER_MM) + 1
  const field = (name: string, spacingMm: number, deviation: number) =>
    new SmoothField(random.child(name), columns, rows, spacingMm * PER_MM, deviation).raster(columns, rows)
  const flow = field('flow', 6, 2.2)
  const contact = field('contact', 4, 0.55)
  const dropout = field('dropout', 0.75, 0.6)
  // Skin of a phalanx is pressed less in its middle.
  const hollow = random.chance(0.5) ? random.uniform(0, 0.5) : 0

  for (const { pixel, dx, dy } of pixelsOf(canvas, finger, phalanx, bend)) {
    const v = -dx * sin + dy * cos - topMm
    const u = dx * cos + dy * sin - bend * (v + topMm - finger.lengthMm)
    if (v < 0 || v >= lengthMm || Math.abs(u) >= widthMm / 2) continue
    const at = Math.floor(v * PER_MM) * columns + Math.floor((u + widthMm / 2) * PER_MM)
    const inward = Math.min(v, lengthMm - v, widthMm / 2 - Math.abs(u))
    const middle = 1 - (2 * u) ** 2 / widthMm ** 2
    const touch = Math.min(inward / 4, 1) + contact[at] - hollow * middle - 0.1
    if (touch <= 0) continue
    const wave = Math.cos((2 * Math.PI * (v + slant * u + arch * u * u + flow[at])) / periodMm)
    const ridge = Math.min(Math.max(wholeness - 0.25 + wave + dropout[at], 0), 1)
    const darkness = strength * ridge * Math.min(0.5 + 1.5 * touch, 1)
    canvas.ink[pixel] = Math.max(canvas.ink[pixel], darkness)
  }
}

/** Pixels of the upright rectangle round a phalanx, and how far right and below the top of its tip each is, mm. */
function* pixelsOf(canvas: SlapCanvas, { xMm, yMm, tiltRad }: LaidFinger, phalanx: Phalanx, bend: number) {
  const { left, top, pxPerMm, widthPx, heightPx } = canvas
  const [cos, sin] = [Math.cos(tiltRad), Math.sin(tiltRad)]
  const end = phalanx.topMm + phalanx.lengthMm
  const side = phalanx.widthMm / 2 + Math.abs(bend) * end
  const corners = [phalanx.topMm, end].flatMap(down =>
    [-side, side].map(
      (across): PlaceMm => ({
        x: (xMm + across * cos - down * sin - left) * pxPerMm,
        y: (yMm + across * sin + down * cos - top) * pxPerMm,
      }),
    ),
  )
  const between = (values: number[], most: number) => [
    Math.max(0, Math.floor(Math.min(...values))),
    Math.min(most - 1, Math.ceil(Math.max(...values))),
  ]
  const [firstColumn, lastColumn] = between(
    corners.map(({ x }) => x),
    widthPx,
  )
  const [firstRow, lastRow] = between(
    corners.map(({ y }) => y),
    heightPx,
  )
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const dx = (column + 0.5) / pxPerMm + left - xMm
      const dy = (row + 0.5) / pxPerMm + top - yMm
      yield { pixel: row * widthPx + column, dx, dy }
    }
  }
}

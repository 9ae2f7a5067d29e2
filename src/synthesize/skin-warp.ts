/**
 * How one touch maps the sensor's image onto the finger: rotation and shift, then skin that is stretched. Stretching is
 * the model of Cappelli, Maio and Maltoni (ICAPR 2001): the middle of the contact sticks, the rim slides and turns, and a
 * raised cosine joins them; a smooth random displacement is added.
 */
import type { Random } from '../random.js'
import type { RenderingStep } from './rendering-steps.js'
import { SmoothField } from './smooth-field.js'

export interface Point {
  readonly xPx: number
  readonly yPx: number
}

export interface WarpOptions {
  readonly widthPx: number
  readonly heightPx: number
  /** Middle of the contact on the finger. */
  readonly fingerCentre: Point
  /** False leaves rotation and shift alone. */
  readonly elastic: boolean
  /** Whether somebody sees to it that the finger lies straight and on the sensor. */
  readonly attended: boolean
  readonly steps: ReadonlySet<RenderingStep>
}

/** With somebody beside, fingers are put down straight within about 10 degrees, and hardly ever beyond 35. */
const ROTATION_DEVIATION_RAD = (10 * Math.PI) / 180
const ROTATION_LIMIT_RAD = (35 * Math.PI) / 180

/** Share of touches that miss the middle of the sensor, so that its edge cuts them off, and by how much, px. */
const MISSING_SHARE = 0.2
const UNATTENDED_MISSING_SHARE = 0.5
const MISSED_PX = 55

/** Share of touches with skin dragged along or turned, and how much further it then slides. */
const DRAGGED_SHARE = 0.25
const DRAGGED = 2.2

/** Distances from the middle of the contact, px, between which skin goes from sticking to sliding. */
const STICKS_PX = 60
const SLIDES_PX = 190

export class SkinWarp {
  /** Of the finger on the sensor, radians, counter-clockwise as seen. */
  readonly rotationRad: number
  /** Middle of the contact in the image. */
  readonly imageCentre: Point
  readonly #fingerCentre: Point
  readonly #cos: number
  readonly #sin: number
  readonly #slide: Point
  readonly #twistRad: number
  readonly #bumps: readonly [SmoothField, SmoothField] | undefined

  constructor(random: Random, options: WarpOptions) {
    const straightRad = random.normalWithin(0, ROTATION_DEVIATION_RAD, -ROTATION_LIMIT_RAD, ROTATION_LIMIT_RAD)
    this.rotationRad = options.attended ? straightRad : random.child('turn').uniform(-Math.PI, Math.PI)
    const miss = random.child('miss')
    const misses = options.elastic && options.steps.has('contact')
    const missingShare = options.attended ? MISSING_SHARE : UNATTENDED_MISSING_SHARE
    const missedPx = misses && miss.chance(missingShare) ? MISSED_PX : 0
    this.imageCentre = {
      xPx: options.widthPx / 2 + random.normalWithin(0, 12, -30, 30) + missedPx * miss.normalWithin(0, 1, -2, 2),
      yPx: options.heightPx / 2 + random.normalWithin(0, 14, -35, 35) + missedPx * miss.normalWithin(0, 1.2, -2, 2),
    }
    this.#fingerCentre = options.fingerCentre
    this.#cos = Math.cos(this.rotationRad)
    this.#sin = Math.sin(this.rotationRad)
    const dragged = options.steps.has('drag') && random.child('drag').chance(DRAGGED_SHARE) ? DRAGGED : 1
    this.#slide = { xPx: random.normal(0, 4 * dragged), yPx: random.normal(0, 5 * dragged) }
    this.#twistRad = random.normal(0, 0.03 * dragged)
    const bump = (name: string) => new SmoothField(random.child(name), options.widthPx, options.heightPx, 70, 3.5)
    this.#bumps = options.elastic ? [bump('across'), bump('down')] : undefined
  }

  /** Position relative to the middle of the contact, turned upright as the finger is. */
  upright(xPx: number, yPx: number): Point {
    const dx = xPx - this.imageCentre.xPx
    const dy = yPx - this.imageCentre.yPx
    return { xPx: this.#cos * dx - this.#sin * dy, yPx: this.#sin * dx + this.#cos * dy }
  }

  /** The point of the finger that lies under a point of the image. */
  toFinger(xPx: number, yPx: number): Point {
    const shift = this.#displacement(xPx, yPx, this.#bumps?.[0].at(xPx, yPx) ?? 0, this.#bumps?.[1].at(xPx, yPx) ?? 0)
    return this.#place(xPx, yPx, shift)
  }

  /** `toFinger` for every pixel: x and y on the finger, row by row. */
  raster(widthPx: number, heightPx: number): { xPx: Float32Array; yPx: Float32Array } {
    const out = { xPx: new Float32Array(widthPx * heightPx), yPx: new Float32Array(widthPx * heightPx) }
    const across = this.#bumps?.[0].raster(widthPx, heightPx)
    const down = this.#bumps?.[1].raster(widthPx, heightPx)
    for (let i = 0, y = 0; y < heightPx; y++) {
      for (let x = 0; x < widthPx; x++, i++) {
        const point = this.#place(x, y, this.#displacement(x, y, across?.[i] ?? 0, down?.[i] ?? 0))
        out.xPx[i] = point.xPx
        out.yPx[i] = point.yPx
      }
    }
    return out
  }

  /** The point of the image where a point of the finger lies. Exact to a thousandth of a pixel. */
  toImage(xPx: number, yPx: number): Point {
    // The displacement changes by well under a pixel a pixel, so that undoing it again and again converges.
    let x = this.imageCentre.xPx
    let y = this.imageCentre.yPx
    for (let i = 0; i < 12; i++) {
      const there = this.toFinger(x, y)
      const dx = xPx - there.xPx
      const dy = yPx - there.yPx
      if (Math.abs(dx) + Math.abs(dy) < 1e-3) break
      x += this.#cos * dx + this.#sin * dy
      y += -this.#sin * dx + this.#cos * dy
    }
    return { xPx: x, yPx: y }
  }

  /** An angle on the finger as it appears at a point of the image, radians in [0, 2 pi), counter-clockwise, y up. */
  toImageDirection(image: Point, fingerRad: number): number {
    const right = this.toFinger(image.xPx + 1, image.yPx)
    const left = this.toFinger(image.xPx - 1, image.yPx)
    const below = this.toFinger(image.xPx, image.yPx + 1)
    const above = this.toFinger(image.xPx, image.yPx - 1)
    const [a, c] = [right.xPx - left.xPx, right.yPx - left.yPx]
    const [b, d] = [below.xPx - above.xPx, below.yPx - above.yPx]
    // The inverse of the Jacobian (a b; c d) times the direction, y down; its positive scale does not matter.
    const x = Math.cos(fingerRad)
    const y = -Math.sin(fingerRad)
    const angle = Math.atan2(-(a * y - c * x), d * x - b * y)
    return angle < 0 ? angle + 2 * Math.PI : angle
  }

  #displacement(xPx: number, yPx: number, across: number, down: number): Point {
    if (!this.#bumps) return { xPx: 0, yPx: 0 }
    const dx = xPx - this.imageCentre.xPx
    const dy = yPx - this.imageCentre.yPx
    const far = Math.min(Math.max((Math.hypot(dx, dy) - STICKS_PX) / (SLIDES_PX - STICKS_PX), 0), 1)
    const loose = (1 - Math.cos(Math.PI * far)) / 2
    return {
      xPx: across + loose * (this.#slide.xPx - this.#twistRad * dy),
      yPx: down + loose * (this.#slide.yPx + this.#twistRad * dx),
    }
  }

  #place(xPx: number, yPx: number, shift: Point): Point {
    const upright = this.upright(xPx, yPx)
    return {
      xPx: this.#fingerCentre.xPx + upright.xPx + shift.xPx,
      yPx: this.#fingerCentre.yPx + upright.yPx + shift.yPx,
    }
  }
}

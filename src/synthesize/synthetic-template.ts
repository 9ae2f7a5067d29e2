import { Random } from '../random.js'
import { codeOfDirection } from '../template/minutia-codes.js'
import { joinPieces } from '../template/native-parts.js'
import type { Template } from '../types.js'
import { CODE_BYTES } from './code-lanes.js'
import { codeTables } from './code-tables.js'
import { CodeWriter } from './code-writer.js'
import { FingerFlow } from './finger-flow.js'
import { type FingerMinutiae, placeMinutiae } from './finger-minutiae.js'
import { FingerSight } from './finger-sight.js'
import { requireIndex } from './master.js'
import { normalAt, uniformOf } from './minutia-key.js'
import { drawTouch, type ProbeDifficulty, stretchOf, type Touch } from './touch-draw.js'

/** Most minutiae of a template, and fewest: a touch with fewer is drawn again. */
const MOST = 80
const FEWEST = 9

/** px between the contact and the rim of the image. */
const MARGIN_PX = 12

/** Deviation of the quality that a touch shows of a minutia. */
const SEEN_DEVIATION = 5
/** Quality of a print by the mean quality of its minutiae: as in the development prints (correlation 0.75). */
const QUALITY_MIDDLE = 57
const QUALITY_SLOPE = 6
const QUALITY_OF_MIDDLE = 37

/** Minutiae that are none, by those that lie in the contact. */
const SPURIOUS = 0.04

/** Share of ridge endings; of touches that show a minutia as what it is. */
const ENDINGS = 0.57
const TYPE_KEPT = 0.84

/** Radians: deviation of the direction that a touch shows. */
const TURN_RAD = 0.055

/** ISO/IEC 19794-2:2005 7.4.2, as the native template has them. */
const ENDING = 1
const BIFURCATION = 2

/** Header of a template behind what all versions have: where its fields are (src/template/native-layout.ts). */
const HEADER_BYTES = 24
const NONE = new Uint8Array(0)

/**
 * The template of finger `index` in the population of `seed`, as if it had been extracted from a plain impression: minutiae and
 * learned codes by the statistics of real prints. It depends on both numbers alone and is the same on every machine.
 *
 * @throws RangeError when `seed` or `index` is not an integer from 0 to 2^32 - 1
 */
export function syntheticTemplate(seed: number, index: number): Template {
  return touched(seed, index, 'enrolled')
}

/**
 * Another impression of the finger of {@link syntheticTemplate}: turned, stretched, shifted, with minutiae lost and added and
 * codes altered, as little or as much as `difficulty` says.
 *
 * @throws RangeError as syntheticTemplate, and for another difficulty
 */
export function syntheticProbe(seed: number, index: number, difficulty: ProbeDifficulty = 'typical'): Template {
  if (!['clean', 'typical', 'poor'].includes(difficulty)) {
    throw new RangeError(`difficulty: 'clean', 'typical' or 'poor', not ${JSON.stringify(difficulty)}`)
  }
  return touched(seed, index, difficulty)
}

function touched(seed: number, index: number, which: ProbeDifficulty | 'enrolled'): Template {
  requireIndex('seed', seed)
  requireIndex('index', index)
  const random = new Random(seed).child('template').child(index)
  const fingerKey = random.bits()
  const flow = new FingerFlow(random)
  const minutiae = placeMinutiae(random)
  const own = random.child(which)
  for (;;) {
    const touch = drawTouch(own, which === 'enrolled' ? undefined : which)
    const template = impressionOf(fingerKey, flow, minutiae, touch, own)
    if (template !== undefined) return template
  }
}

/** What is used again for every template. */
const places = new Uint8Array(5 * MOST)
const types = new Uint8Array(MOST)
const qualities = new Uint8Array(MOST)
const codes = new Uint8Array(CODE_BYTES * MOST)
const columns = new Uint16Array(MOST)
const rows = new Uint16Array(MOST)
const turns = new Uint8Array(MOST)
const seen = new FingerSight()

function impressionOf(
  fingerKey: number,
  flow: FingerFlow,
  minutiae: FingerMinutiae,
  touch: Touch,
  random: Random,
): Template | undefined {
  const tables = codeTables()
  seen.clear()
  seen.look(tables, flow, minutiae, touch, random)
  for (let left = Math.round(SPURIOUS * seen.count); left > 0; left--) {
    const x = touch.xPx + touch.halfWidthPx * random.uniform(-0.7, 0.7)
    const y = touch.yPx + touch.halfHeightPx * random.uniform(-0.7, 0.7)
    seen.add(tables, flow, touch, x, y, random.bits(), random)
  }
  const writer = new CodeWriter(tables, fingerKey, random)
  const frame = new Frame(touch)
  let shown = 0
  let qualitySum = 0
  for (let i = 0; i < seen.count && shown < MOST; i++) {
    if (seen.shown[i] === 0) continue
    const bits = random.bits()
    const more = random.bits()
    const quality = clamp(Math.round(seen.quality[i] + touch.quality + SEEN_DEVIATION * normalAt(bits)), 4, 78)
    writer.write(seen, i, alterationOf(touch, quality, bits >>> 12), codes, CODE_BYTES * shown)
    frame.place(seen.xPx[i], seen.yPx[i], touch.jitterPx * normalAt(more), touch.jitterPx * normalAt(more >>> 12))
    columns[shown] = frame.xPx
    rows[shown] = frame.yPx
    turns[shown] = codeOfDirection(seen.directionRad[i] + touch.rotationRad + TURN_RAD * random.normal())
    types[shown] = uniformOf(seen.keys[i], 5) < ENDINGS === bits >>> 24 < TYPE_KEPT * 256 ? ENDING : BIFURCATION
    qualities[shown] = quality
    qualitySum += quality
    shown++
  }
  if (shown < FEWEST) return undefined
  const view = new DataView(places.buffer)
  for (let i = 0; i < shown; i++) {
    view.setUint16(2 * i, columns[i], true)
    view.setUint16(2 * (shown + i), rows[i], true)
    places[4 * shown + i] = turns[i]
  }
  const score = clamp(Math.round(QUALITY_MIDDLE + QUALITY_SLOPE * (qualitySum / shown - QUALITY_OF_MIDDLE)), 1, 100)
  return joinPieces({
    header: headerOf(frame, score, shown, tables.model.networkVersion),
    places: places.subarray(0, 5 * shown),
    types: types.subarray(0, shown),
    qualities: qualities.subarray(0, shown),
    geometry: NONE,
    learnedBits: codes.subarray(0, CODE_BYTES * shown),
  })
}

/** From the finger to the image. */
class Frame {
  readonly widthPx: number
  readonly heightPx: number
  xPx = 0
  yPx = 0
  readonly #touch: Touch
  readonly #cos: number
  readonly #sin: number

  constructor(touch: Touch) {
    this.#touch = touch
    this.#cos = Math.cos(touch.rotationRad)
    this.#sin = Math.sin(touch.rotationRad)
    const { halfWidthPx: a, halfHeightPx: b } = touch
    this.widthPx = 2 * Math.ceil(Math.hypot(a * this.#cos, b * this.#sin) + MARGIN_PX)
    this.heightPx = 2 * Math.ceil(Math.hypot(a * this.#sin, b * this.#cos) + MARGIN_PX)
  }

  /** Sets xPx and yPx to where a point of the finger lies, moved by so much. */
  place(xPx: number, yPx: number, moveX: number, moveY: number): void {
    const u = xPx - this.#touch.xPx
    const v = yPx - this.#touch.yPx
    const dx = u + stretchOf(this.#touch, 0, u, v) + moveX
    const dy = v + stretchOf(this.#touch, 1, u, v) + moveY
    const x = this.widthPx / 2 + this.#cos * dx + this.#sin * dy
    const y = this.heightPx / 2 - this.#sin * dx + this.#cos * dy
    this.xPx = clamp(Math.round(x), 0, this.widthPx - 1)
    this.yPx = clamp(Math.round(y), 0, this.heightPx - 1)
  }
}

function headerOf(frame: Frame, quality: number, count: number, networkVersion: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES)
  const view = new DataView(header.buffer)
  view.setUint16(4, frame.widthPx, true)
  view.setUint16(6, frame.heightPx, true)
  view.setUint16(8, 500, true)
  header[10] = quality
  view.setUint16(12, count, true)
  header[14] = 2
  view.setUint32(16, networkVersion, true)
  return header
}

/** Poor minutiae are altered more: 1.2 times at quality 12, 0.9 times at 60. */
function alterationOf(touch: Touch, quality: number, bits: number): number {
  const spread = 1 + 0.25 * normalAt(bits)
  return clamp(Math.round(touch.alteration * spread * (1.24 - 0.0065 * quality)), 1, 32)
}

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most)

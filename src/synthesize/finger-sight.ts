import type { Random } from '../random.js'
import { codeOfDirection } from '../template/minutia-codes.js'
import type { CodeTables } from './code-tables.js'
import type { FingerFlow } from './finger-flow.js'
import type { FingerMinutiae } from './finger-minutiae.js'
import { FlowRound } from './flow-round.js'
import { normalOf, uniformOf } from './minutia-key.js'
import { FLOW_POINTS } from './template-model.js'
import { isShown, type Touch } from './touch-draw.js'

/** Most minutiae that lie in a contact. */
const MOST = 400

/** What is drawn of each minutia once for its finger: mean and deviation of its quality, 0 to 100, before it is seen. */
const QUALITY = 33
const QUALITY_DEVIATION = 14
/** Quality below which a minutia is seldom seen: neighbours do not count it. */
const FAINT = 20
/** How fast minutiae are missed below `shownFrom`, 1 / quality. */
const SHOWN_STEEPNESS = 1 / 5

/** Radians: direction against the flow, of most minutiae and of a tenth. */
const ALONG_RAD = 0.075
const ASTRAY_RAD = 0.4
const ASTRAY_SHARE = 0.1

const round = new FlowRound()

/** The minutiae of a finger that lie in a contact, in the finger's own coordinates: those shown and those that others are near. */
export class FingerSight {
  count = 0
  readonly xPx = new Float32Array(MOST)
  readonly yPx = new Float32Array(MOST)
  readonly keys = new Uint32Array(MOST)
  readonly quality = new Float32Array(MOST)
  readonly faint = new Uint8Array(MOST)
  /** 1 where the touch shows the minutia. */
  readonly shown = new Uint8Array(MOST)
  readonly directionRad = new Float64Array(MOST)
  readonly cos = new Float64Array(MOST)
  readonly sin = new Float64Array(MOST)
  /** 1 where a minutia lies against the direction that its flow is counted in. */
  readonly against = new Uint8Array(MOST)
  /** [minutia][pair of points]: rows of CodeTables.flow. */
  readonly flowRows = new Uint16Array((MOST * FLOW_POINTS) / 2)

  clear(): void {
    this.count = 0
  }

  look(tables: CodeTables, flow: FingerFlow, minutiae: FingerMinutiae, touch: Touch, random: Random): void {
    for (let i = 0; i < minutiae.count; i++) {
      if (isShown(touch, minutiae.xPx[i], minutiae.yPx[i])) {
        this.add(tables, flow, touch, minutiae.xPx[i], minutiae.yPx[i], minutiae.keys[i], random)
      }
    }
  }

  /** One more at that place of the finger; what else it is like comes from its key, whether it is shown from `random`. */
  add(tables: CodeTables, flow: FingerFlow, touch: Touch, xPx: number, yPx: number, key: number, random: Random): void {
    const quality = QUALITY + QUALITY_DEVIATION * normalOf(key, 1)
    const shown = random.uniform() * (1 + Math.exp((touch.shownFrom - quality) * SHOWN_STEEPNESS)) < 1
    if (this.count === MOST || (!shown && quality < FAINT)) return
    const i = this.count++
    const off = uniformOf(key, 2) < ASTRAY_SHARE ? ASTRAY_RAD : ALONG_RAD
    const along = flow.at(xPx, yPx) + off * normalOf(key, 3)
    round.look(flow, touch, xPx, yPx, along)
    const chance = uniformOf(key, 4)
    const against = round.polarity(tables, codeOfDirection(along)) < Math.log((chance + 1e-9) / (1 - chance + 1e-9))
    if (against) round.turnRound()
    const direction = against ? along + Math.PI : along
    round.rows(codeOfDirection(direction), this.flowRows, (FLOW_POINTS / 2) * i)
    this.xPx[i] = xPx
    this.yPx[i] = yPx
    this.keys[i] = key
    this.quality[i] = quality
    this.shown[i] = shown ? 1 : 0
    this.faint[i] = quality < FAINT ? 1 : 0
    this.directionRad[i] = direction
    this.cos[i] = Math.cos(direction)
    this.sin[i] = Math.sin(direction)
    this.against[i] = against ? 1 : 0
  }
}

import { type CodeTables, TURN_BINS } from './code-tables.js'
import type { FingerFlow } from './finger-flow.js'
import { FLOW_LEVELS, FLOW_POINTS, FLOW_RINGS, OUTSIDE_LEVEL } from './template-model.js'
import { isShown, type Touch } from './touch-draw.js'

const angles = FLOW_RINGS.flatMap(({ radiusPx, points }) =>
  Array.from({ length: points }, (_, i) => ({ radiusPx, angleRad: (2 * Math.PI * i) / points })),
)
/** Columns and rows of the points round a minutia that points to the right, px. */
const ALONG = Float64Array.from(angles, ({ radiusPx, angleRad }) => radiusPx * Math.cos(angleRad))
const ACROSS = Float64Array.from(angles, ({ radiusPx, angleRad }) => radiusPx * Math.sin(angleRad))
/** The point that takes each one's place when the minutia is turned round: half its ring further. */
const OPPOSITE = Uint8Array.from(
  FLOW_RINGS.flatMap(({ points }, ring) => {
    const first = FLOW_RINGS.slice(0, ring).reduce((sum, other) => sum + other.points, 0)
    return Array.from({ length: points }, (_, i) => first + ((i + points / 2) % points))
  }),
)

/** The flow of the ridges round a minutia: a level at each of the model's points. */
export class FlowRound {
  readonly levels = new Uint8Array(FLOW_POINTS)
  readonly #turned = new Uint8Array(FLOW_POINTS)

  /** Sees the finger from a place of it in that direction; with what the touch does not show as outside. */
  look(flow: FingerFlow, touch: Touch, xPx: number, yPx: number, directionRad: number): void {
    const cos = Math.cos(directionRad)
    const sin = Math.sin(directionRad)
    // Half an eighth less, so that a level's middle is a whole number of eighths.
    const twice = Math.round((directionRad * 256) / Math.PI) - 16
    for (let p = 0; p < FLOW_POINTS; p++) {
      const x = xPx + cos * ALONG[p] + sin * ACROSS[p]
      const y = yPx - sin * ALONG[p] + cos * ACROSS[p]
      this.levels[p] = isShown(touch, x, y) ? ((flow.near(x, y) - twice) & 255) >> 5 : OUTSIDE_LEVEL
    }
  }

  /** Sees it in the opposite direction: along the same ridges. */
  turnRound(): void {
    for (let p = 0; p < FLOW_POINTS; p++) this.#turned[p] = this.levels[OPPOSITE[p]]
    this.levels.set(this.#turned)
  }

  /** Log odds of a minutia lying in the direction that was looked in, `turn` in 256ths, and not in the opposite one. */
  polarity({ model }: CodeTables, turn: number): number {
    const { polarityLogOdds, directionBins } = model
    const bins = FLOW_POINTS * FLOW_LEVELS
    const bin = ((turn + 8) >> 4) % directionBins
    let sum = polarityLogOdds[bins + bin] - polarityLogOdds[bins + ((bin + directionBins / 2) % directionBins)]
    for (let p = 0; p < FLOW_POINTS; p++) {
      const level = this.levels[p]
      // What lies outside says nothing, so that a minutia near the rim of one touch keeps its direction in the others.
      if (level === OUTSIDE_LEVEL) continue
      sum += polarityLogOdds[FLOW_LEVELS * p + level] - polarityLogOdds[FLOW_LEVELS * OPPOSITE[p] + level]
    }
    return sum
  }

  /** Writes which rows of CodeTables.flow are those of this flow, one for two points. */
  rows(turn: number, out: Uint16Array, at: number): void {
    const bin = ((turn + 8) >> 4) % TURN_BINS
    for (let p = 0; p < FLOW_POINTS; p += 2) {
      const both = this.levels[p] * FLOW_LEVELS + this.levels[p + 1]
      out[at + p / 2] = ((p / 2) * TURN_BINS + bin) * FLOW_LEVELS * FLOW_LEVELS + both
    }
  }
}

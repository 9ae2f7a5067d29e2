import { type CodeTables, gumbelsAt } from './code-tables.js'
import type { FingerFlow } from './finger-flow.js'
import { FLOW_LEVELS, FLOW_POINTS, OUTSIDE_LEVEL } from './template-model.js'
import type { Touch } from './touch-draw.js'

/** Columns and rows of {@link FLOW_POINTS} from a minutia that points to the right, px. */
const ALONG = Float64Array.from(FLOW_POINTS, ({ radiusPx, angleRad }) => radiusPx * Math.cos(angleRad))
const ACROSS = Float64Array.from(FLOW_POINTS, ({ radiusPx, angleRad }) => radiusPx * Math.sin(angleRad))
/** The points are those of a minutia turned round when each ring is: rings of 4 and of 8. */
const OPPOSITE = Uint8Array.from(FLOW_POINTS, (_, i) => (i < 4 ? (i + 2) % 4 : 4 + ((i - 4 + 4) % 8)))

/** Cells of point x level, one a point: what the flow round a minutia is. */
export class FlowRound {
  readonly cells = new Uint16Array(FLOW_POINTS.length)

  /** The flow round a place of the finger, seen in that direction; with a touch, only what it shows. */
  look(flow: FingerFlow, xPx: number, yPx: number, directionRad: number, touch?: Touch): void {
    const cos = Math.cos(directionRad)
    const sin = Math.sin(directionRad)
    for (let p = 0; p < this.cells.length; p++) {
      const x = xPx + cos * ALONG[p] + sin * ACROSS[p]
      const y = yPx - sin * ALONG[p] + cos * ACROSS[p]
      const shown = touch === undefined || isShown(touch, x, y)
      const eighths = (flow.at(x, y) - directionRad) * (8 / Math.PI) + 0.5
      this.cells[p] = FLOW_LEVELS * p + (shown ? Math.floor(eighths) & 7 : OUTSIDE_LEVEL)
    }
  }

  /** Log odds of a minutia lying in the direction that was looked in and not in the opposite one. */
  polarity({ model }: CodeTables, turn: number): number {
    const { polarityLogOdds, directionBins } = model
    const bins = FLOW_POINTS.length * FLOW_LEVELS
    const bin = ((turn + 8) >> 4) % directionBins
    let sum = polarityLogOdds[bins + bin] - polarityLogOdds[bins + ((bin + directionBins / 2) % directionBins)]
    for (let p = 0; p < this.cells.length; p++) {
      const level = this.cells[p] - FLOW_LEVELS * p
      sum += polarityLogOdds[this.cells[p]] - polarityLogOdds[FLOW_LEVELS * OPPOSITE[p] + level]
    }
    return sum
  }

  /** The kind of minutia of that direction, 256ths of a turn; the same for the same flow and `hash`. */
  kind({ model, candidates, gumbels }: CodeTables, turn: number, hash: number): number {
    const { kinds, flowLogChance, directionLogChance } = model
    const rows = this.cells
    const of = candidates[turn]
    const own = turn * kinds
    const from = gumbelsAt(hash)
    let best = -Infinity
    let chosen = of[0]
    for (let c = 0; c < of.length; c++) {
      const kind = of[c]
      let sum = directionLogChance[own + kind] + gumbels[from + kind]
      for (let p = 0; p < rows.length; p++) sum += flowLogChance[rows[p] * kinds + kind]
      if (sum > best) {
        best = sum
        chosen = kind
      }
    }
    return chosen
  }
}

/** Whether a place of the finger lies in the contact. */
export function isShown(touch: Touch, xPx: number, yPx: number): boolean {
  const u = (xPx - touch.xPx) / touch.halfWidthPx
  const v = (yPx - touch.yPx) / touch.halfHeightPx
  return u * u + v * v < 1
}

import { Random } from '../random.js'
import { BITS, packRow, ROW } from './code-lanes.js'
import {
  DIRECTION_INPUTS,
  FLOW_LEVELS,
  FLOW_POINTS,
  loadTemplateModel,
  OUTSIDE_LEVEL,
  type TemplateModel,
  TURNS,
} from './template-model.js'

/** Rows of disturbances. A sum takes them with whole factors, so that each is a deviation of one {@link DISTURBANCE_PARTS}th. */
export const DISTURBANCES = 1024
export const DISTURBANCE_PARTS = 16
/** Bins of the minutia's direction in the rows of flow: 22.5 degrees each. */
export const TURN_BINS = 16

/**
 * How much the foretold bits weigh against what is random, whose deviation is 1. A bit of +-1 whose mean is m is the
 * sign of a normal variable with mean 1.25 m / sqrt(1 - explained variance) = 1.5 m. Four times that makes strangers
 * score as real ones do: it stands for what the regression leaves out and real fingers of like pattern have in common
 * (docs/experiments.md).
 */
const FORETOLD = 5.8

/** What templates are made from, in the form in which it is quick. */
export interface CodeTables {
  readonly model: TemplateModel
  /**
   * [pair of points][turn bin][level of the first][level of the second]: rows of what the flow there adds; with the first pair comes
   * what the direction alone adds.
   */
  readonly flow: Int32Array
  /** [square][same way, other way]: rows of what another minutia there adds; then a row of zeros. */
  readonly near: Int32Array
  /** Rows of normal variables of a deviation of 1 / DISTURBANCE_PARTS, correlated as the model says. */
  readonly disturbances: Int32Array
}

let shared: CodeTables | undefined

/** Made at the first call; the same on every machine. Throws as loadTemplateModel. */
export function codeTables(): CodeTables {
  shared ??= makeTables(loadTemplateModel())
  return shared
}

function makeTables(model: TemplateModel): CodeTables {
  return { model, flow: flowRows(model), near: nearRows(model), disturbances: disturbanceRows(model) }
}

function flowRows({ weights }: TemplateModel): Int32Array {
  const rows = new Int32Array((FLOW_POINTS / 2) * TURN_BINS * FLOW_LEVELS ** 2 * ROW)
  const one = new Int32Array(2 * FLOW_LEVELS * ROW)
  for (let pair = 0, to = 0; pair < FLOW_POINTS / 2; pair++) {
    for (let bin = 0; bin < TURN_BINS; bin++) {
      for (let k = 0; k < 2; k++)
        levelRows(weights, 2 * pair + k, (2 * Math.PI * bin) / TURN_BINS, one, k * FLOW_LEVELS * ROW)
      for (let both = 0; both < FLOW_LEVELS ** 2; both++) {
        const first = Math.floor(both / FLOW_LEVELS) * ROW
        const second = (FLOW_LEVELS + (both % FLOW_LEVELS)) * ROW
        for (let j = 0; j < ROW; j++, to++) rows[to] = one[first + j] + one[second + j]
      }
    }
  }
  return rows
}

function levelRows(weights: Float32Array, point: number, turnRad: number, out: Int32Array, at: number): void {
  const values = new Float64Array(BITS)
  for (let level = 0; level < FLOW_LEVELS; level++) {
    values.fill(0)
    if (point === 0) addDirection(weights, turnRad, values)
    if (level !== OUTSIDE_LEVEL) addFlow(weights, point, turnRad, (Math.PI * level) / 4, values)
    packRow(values, out, at + level * ROW)
  }
}

function addDirection(weights: Float32Array, turnRad: number, values: Float64Array): void {
  addInput(weights, 0, 1, values)
  for (let order = 1; order <= 3; order++) {
    addInput(weights, 2 * order - 1, Math.cos(order * turnRad), values)
    addInput(weights, 2 * order, Math.sin(order * turnRad), values)
  }
}

function addFlow(weights: Float32Array, point: number, turnRad: number, twiceRad: number, values: Float64Array): void {
  const seen = [Math.cos(twiceRad), Math.sin(twiceRad), 1]
  const turns = [1, Math.cos(turnRad), Math.sin(turnRad), Math.cos(2 * turnRad), Math.sin(2 * turnRad)]
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [k, value] of seen.entries()) {
      addInput(weights, DIRECTION_INPUTS + 3 * (turn * FLOW_POINTS + point) + k, turns[turn] * value, values)
    }
  }
}

function addInput(weights: Float32Array, input: number, value: number, values: Float64Array): void {
  const factor = FORETOLD * value
  for (let bit = 0, at = BITS * input; bit < BITS; bit++, at++) values[bit] += factor * weights[at]
}

function nearRows({ weights, nearCells }: TemplateModel): Int32Array {
  const squares = 2 * nearCells ** 2
  const first = DIRECTION_INPUTS + 3 * TURNS * FLOW_POINTS
  const rows = new Int32Array((squares + 1) * ROW)
  const values = new Float64Array(BITS)
  for (let square = 0; square < squares; square++) {
    values.fill(0)
    addInput(weights, first + square, 1, values)
    packRow(values, rows, square * ROW)
  }
  return rows
}

function disturbanceRows({ factors, loadings }: TemplateModel): Int32Array {
  const random = new Random(0x51d1c)
  const rows = new Int32Array(DISTURBANCES * ROW)
  const values = new Float64Array(BITS)
  const draws = new Float64Array(factors)
  for (let row = 0; row < DISTURBANCES; row++) {
    for (let f = 0; f < factors; f++) draws[f] = random.normal()
    for (let bit = 0; bit < BITS; bit++) {
      let sum = 0
      let own = 1
      for (let f = 0; f < factors; f++) {
        const loading = loadings[factors * bit + f]
        sum += loading * draws[f]
        own -= loading * loading
      }
      values[bit] = (sum + Math.sqrt(Math.max(own, 0)) * random.normal()) / DISTURBANCE_PARTS
    }
    packRow(values, rows, row * ROW)
  }
  return rows
}

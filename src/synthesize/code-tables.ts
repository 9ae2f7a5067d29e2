import { Random } from '../random.js'
import { BITS, packRow, ROW } from './code-lanes.js'
import { loadTemplateModel, SHARPNESS, type TemplateModel } from './template-model.js'

/** Rows of disturbances. A sum takes them with whole factors, so that each is a deviation of one {@link DISTURBANCE_PARTS}th. */
export const DISTURBANCES = 2048
export const DISTURBANCE_PARTS = 16
/** Numbers that choose a kind; a cell reads on from a place of its own. */
const GUMBELS = 8192
/** Kinds whose log chance of the minutia's direction is this much lower than the highest are not asked. */
const DIRECTION_REACH = 4.5

/** What templates are made from, in the form in which it is quick. */
export interface CodeTables {
  readonly model: TemplateModel
  /** [sharpness][kind]: rows of means. */
  readonly means: Int32Array
  /** Rows of normal variables of a deviation of 1 / DISTURBANCE_PARTS, correlated as the model says. */
  readonly disturbances: Int32Array
  /** Gumbel variables, then as many again of the first as there are kinds. */
  readonly gumbels: Float32Array
  /** [256ths of a turn]: kinds that a minutia of that direction can be. */
  readonly candidates: readonly Uint16Array[]
}

let shared: CodeTables | undefined

/** Made at the first call, in some 30 ms; the same on every machine. Throws as loadTemplateModel. */
export function codeTables(): CodeTables {
  shared ??= makeTables(loadTemplateModel())
  return shared
}

function makeTables(model: TemplateModel): CodeTables {
  const random = new Random(0x51d1c)
  const { kinds } = model
  const gumbels = new Float32Array(GUMBELS + kinds)
  for (let i = 0; i < GUMBELS; i++) gumbels[i] = -Math.log(-Math.log(random.uniform(1e-9, 1)))
  gumbels.copyWithin(GUMBELS, 0, kinds)
  return {
    model,
    means: meanRows(model),
    disturbances: disturbanceRows(model, random),
    gumbels,
    candidates: Array.from({ length: 256 }, (_, turn) => candidatesOf(model, turn)),
  }
}

/** Where in {@link CodeTables.gumbels} a hash begins to read. */
export function gumbelsAt(hash: number): number {
  return hash & (GUMBELS - 1)
}

function meanRows({ kinds, bitLogOdds }: TemplateModel): Int32Array {
  const rows = new Int32Array(SHARPNESS.length * kinds * ROW)
  const values = new Float32Array(BITS)
  for (const [s, sharpness] of SHARPNESS.entries()) {
    for (let kind = 0; kind < kinds; kind++) {
      for (let bit = 0; bit < BITS; bit++) values[bit] = meanOf(sharpness * bitLogOdds[BITS * kind + bit])
      packRow(values, rows, (s * kinds + kind) * ROW)
    }
  }
  return rows
}

function disturbanceRows({ factors, loadings }: TemplateModel, random: Random): Int32Array {
  const rows = new Int32Array(DISTURBANCES * ROW)
  const values = new Float32Array(BITS)
  const draws = new Float32Array(factors)
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

function candidatesOf({ kinds, directionLogChance }: TemplateModel, turn: number): Uint16Array {
  const own = directionLogChance.subarray(turn * kinds, (turn + 1) * kinds)
  const least = own.reduce((most, value) => Math.max(most, value), -Infinity) - DIRECTION_REACH
  return Uint16Array.from([...own.keys()].filter(kind => own[kind] >= least))
}

/** Mean of a normal variable of deviation 1 that is above 0 with these log odds: within 3. */
function meanOf(logOdds: number): number {
  const chance = Math.min(Math.max(1 / (1 + Math.exp(-logOdds)), 0.00135), 0.99865)
  let [low, high] = [-3.1, 3.1]
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2
    if (normalBelow(middle) < chance) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Chance of a normal variable below `x` (Abramowitz and Stegun 1964, 26.2.17: to 7.5e-8). */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * poly
  return x > 0 ? 1 - tail : tail
}

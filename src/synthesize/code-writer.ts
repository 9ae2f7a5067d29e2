import type { Random } from '../random.js'
import { ROW, writeSigns } from './code-lanes.js'
import { type CodeTables, DISTURBANCES } from './code-tables.js'
import type { FlowRound } from './kind-of-minutia.js'

/**
 * px: side of the squares of a finger in which minutiae that lie the same way along the ridges are of one kind and their codes have
 * most of what is random in common. Two minutiae r px apart share one as often as neighbours' codes of real prints are alike.
 */
const PATCH_PX = 24
/** Deviations of what a patch, and all minutiae of a touch, have in common, in parts. */
const PATCH = 14
const PRINT = 2

const row = new Int32Array(ROW)

/** Writes the codes of one touch's minutiae. */
export class CodeWriter {
  readonly #tables: CodeTables
  readonly #fingerKey: number
  readonly #random: Random
  readonly #common: number

  /** `random` is drawn from, once now and once a code. */
  constructor(tables: CodeTables, fingerKey: number, random: Random) {
    this.#tables = tables
    this.#fingerKey = fingerKey
    this.#random = random
    this.#common = rowOf(random.bits())
  }

  /** The code of a minutia at that place of the finger, at `at` of `out`; `alteration` in parts of a deviation. */
  write(
    xPx: number,
    yPx: number,
    against: number,
    turn: number,
    round: FlowRound,
    alteration: number,
    out: Uint8Array,
    at: number,
  ): void {
    const { means, disturbances, model } = this.#tables
    const patch = patchOf(this.#fingerKey, xPx, yPx, against)
    const kind = round.kind(this.#tables, turn, patch)
    const mean = (sharpnessOf(model.sharpnessShares, patch) * model.kinds + kind) * ROW
    const shared = rowOf(Math.imul(patch, 0x2c1b3c6d) ^ kind)
    const altered = rowOf(this.#random.bits())
    for (let j = 0; j < ROW; j++) {
      row[j] =
        (means[mean + j] +
          PATCH * disturbances[shared + j] +
          PRINT * disturbances[this.#common + j] +
          alteration * disturbances[altered + j]) |
        0
    }
    writeSigns(row, out, at)
  }
}

function rowOf(hash: number): number {
  return (((hash ^ (hash >>> 16)) & 0xffff) % DISTURBANCES) * ROW
}

function patchOf(fingerKey: number, xPx: number, yPx: number, against: number): number {
  const column = Math.floor(xPx / PATCH_PX)
  const line = Math.floor(yPx / PATCH_PX)
  let hash = Math.imul(fingerKey ^ Math.imul(2 * (column * 64 + line) + against, 0x9e3779b1), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function sharpnessOf(shares: Float32Array, hash: number): number {
  const u = ((hash >>> 8) & 0xffff) / 0x1_0000
  return u < shares[0] ? 0 : u < shares[0] + shares[1] ? 1 : 2
}

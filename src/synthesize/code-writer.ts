import type { Random } from '../random.js'
import { ROW, writeSigns } from './code-lanes.js'
import { type CodeTables, DISTURBANCES } from './code-tables.js'
import type { FingerSight } from './finger-sight.js'
import { FLOW_POINTS } from './template-model.js'

/**
 * px: side of the squares of a finger in which the codes of minutiae that lie the same way along the ridges have most of what is
 * random in common. Two minutiae r px apart share one as often as codes so far apart are alike in real prints.
 */
const PATCH_PX = 24
/** Deviations of what a square, and all minutiae of a touch, have in common, in parts. */
const PATCH = Number(process.env.PATCH) || 12
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

  /** The code of minutia `i` of those seen, at `at` of `out`; `alteration` in parts of a deviation. */
  write(seen: FingerSight, i: number, alteration: number, out: Uint8Array, at: number): void {
    const { flow, near, disturbances, model } = this.#tables
    const patch = rowOf(patchHash(this.#fingerKey, seen.xPx[i], seen.yPx[i], seen.against[i]))
    const altered = rowOf(this.#random.bits())
    const common = this.#common
    for (let j = 0; j < ROW; j++) {
      row[j] = PATCH * disturbances[patch + j] + PRINT * disturbances[common + j] + alteration * disturbances[altered + j]
    }
    for (let p = FLOW_POINTS * i; p < FLOW_POINTS * (i + 1); p += 2) addTwo(flow, seen.flowRows[p], seen.flowRows[p + 1])
    const side = model.nearCells
    const half = side / 2
    const cos = seen.cos[i] / model.nearPx
    const sin = seen.sin[i] / model.nearPx
    for (let k = 0; k < seen.count; k++) {
      const dx = seen.xPx[k] - seen.xPx[i]
      const dy = seen.yPx[k] - seen.yPx[i]
      const column = Math.floor(cos * dx - sin * dy + half)
      const line = Math.floor(sin * dx + cos * dy + half)
      if (column < 0 || line < 0 || column >= side || line >= side || k === i || seen.faint[k] === 1) continue
      const against = seen.cos[i] * seen.cos[k] + seen.sin[i] * seen.sin[k] < 0 ? 1 : 0
      addOne(near, 2 * (line * side + column) + against)
    }
    writeSigns(row, out, at)
  }
}

function addOne(table: Int32Array, which: number): void {
  const from = which * ROW
  for (let j = 0; j < ROW; j++) row[j] += table[from + j]
}

function addTwo(table: Int32Array, one: number, other: number): void {
  const a = one * ROW
  const b = other * ROW
  for (let j = 0; j < ROW; j++) row[j] += table[a + j] + table[b + j]
}

function rowOf(hash: number): number {
  return (((hash ^ (hash >>> 16)) & 0xffff) % DISTURBANCES) * ROW
}

function patchHash(fingerKey: number, xPx: number, yPx: number, against: number): number {
  const column = Math.floor(xPx / PATCH_PX)
  const line = Math.floor(yPx / PATCH_PX)
  let hash = Math.imul(fingerKey ^ Math.imul(2 * (column * 64 + line) + against, 0x9e3779b1), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

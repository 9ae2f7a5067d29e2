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
const PATCH = 12
const PRINT = 2

/** Most other minutiae that a code knows of: a multiple of four. */
const NEAREST = 32

const row = new Int32Array(ROW)
const nearest = new Uint16Array(NEAREST)

/** Writes the codes of one touch's minutiae. */
export class CodeWriter {
  readonly #tables: CodeTables
  readonly #fingerKey: number
  readonly #random: Random
  /** What all codes of the touch have in common. */
  readonly #common = new Int32Array(ROW)
  readonly #reachPx: number

  /** `random` is drawn from, once now and once a code. */
  constructor(tables: CodeTables, fingerKey: number, random: Random) {
    this.#tables = tables
    this.#fingerKey = fingerKey
    this.#random = random
    const common = rowOf(random.bits())
    for (let j = 0; j < ROW; j++) this.#common[j] = PRINT * tables.disturbances[common + j]
    this.#reachPx = (tables.model.nearPx * tables.model.nearCells) / Math.SQRT2
  }

  /** The code of minutia `i` of those seen, at `at` of `out`; `alteration` in parts of a deviation. */
  write(seen: FingerSight, i: number, alteration: number, out: Uint8Array, at: number): void {
    const { flow, near, disturbances } = this.#tables
    const patch = rowOf(patchHash(this.#fingerKey, seen.xPx[i], seen.yPx[i], seen.against[i]))
    const altered = rowOf(this.#random.bits())
    const common = this.#common
    for (let j = 0; j < ROW; j++) {
      const own = Math.imul(PATCH, disturbances[patch + j]) + Math.imul(alteration, disturbances[altered + j])
      row[j] = ((own | 0) + common[j]) | 0
    }
    addFour(flow, seen.flowRows, (FLOW_POINTS / 2) * i)
    addFour(flow, seen.flowRows, (FLOW_POINTS / 2) * i + 4)
    const count = this.#findNear(seen, i)
    for (let k = 0; k < count; k += 4) addFour(near, nearest, k)
    writeSigns(row, out, at)
  }

  /** Writes into `nearest` which rows of CodeTables.near are those of minutia `i`, filled up to a multiple of four. */
  #findNear(seen: FingerSight, i: number): number {
    const { nearCells, nearPx } = this.#tables.model
    const half = nearCells / 2
    const cos = seen.cos[i] / nearPx
    const sin = seen.sin[i] / nearPx
    const x = seen.xPx[i]
    const y = seen.yPx[i]
    const reach = this.#reachPx
    const { xPx, yPx, faint, count: all } = seen
    let count = 0
    for (let k = 0; k < all && count < NEAREST; k++) {
      const dx = xPx[k] - x
      const dy = yPx[k] - y
      if (dx > reach || dx < -reach || dy > reach || dy < -reach || k === i || faint[k] === 1) continue
      const column = cos * dx - sin * dy + half
      const line = sin * dx + cos * dy + half
      if (column < 0 || line < 0 || column >= nearCells || line >= nearCells) continue
      const against = seen.cos[i] * seen.cos[k] + seen.sin[i] * seen.sin[k] < 0 ? 1 : 0
      nearest[count++] = 2 * (Math.floor(line) * nearCells + Math.floor(column)) + against
    }
    while (count % 4 > 0) nearest[count++] = 2 * nearCells * nearCells
    return count
  }
}

/** Adds the four rows of `table` that `which` names from `at` on. */
function addFour(table: Int32Array, which: Uint16Array, at: number): void {
  const a = which[at] * ROW
  const b = which[at + 1] * ROW
  const c = which[at + 2] * ROW
  const d = which[at + 3] * ROW
  for (let j = 0; j < ROW; j++) {
    // Each sum back to 32 bits at once, or they would be added as floating-point numbers.
    const two = (table[a + j] + table[b + j]) | 0
    row[j] = (((row[j] + two) | 0) + ((table[c + j] + table[d + j]) | 0)) | 0
  }
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

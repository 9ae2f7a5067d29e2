/**
 * Whether two templates show nearly the same minutiae, up to a motion of the finger: one print under
 * two positions, shifted or turned, some minutiae moved, left out or added. It needs no engine and
 * no codes. Two touches of one finger may or may not be alike; two fingers never are
 * (docs/station-enrol.md has the figures).
 */
import type { Minutia, TemplateContents } from '../types.js'

/** Fewer say nothing: some of any two prints can be brought to fit. */
const LEAST_MINUTIAE = 12

/** Share of the smaller template's minutiae that must have their counterpart. */
const LEAST_SHARE = 0.7

/** Farthest that a counterpart may lie, and turn. */
const REACH_PX = 4
const REACH_RAD = 0.35

/** Below this many, a template is compared with those of about as many minutiae alone: a few fit into many. */
const FEW_MINUTIAE = 24

/**
 * Motions are voted for by pairs of minutiae: 64 turns, and shifts in cells of 16 px that repeat
 * themselves every 512 px. Those of a copy fall into some cells round the right one.
 */
const TURNS = 64
const SHIFT_CELL = 4
const SHIFTS = 32
const LEAST_VOTES_SHARE = 0.08
const LEAST_VOTES = 4

/** Minutiae that are looked at first, and how many of them must have theirs. */
const SAMPLE = 16
const LEAST_OF_SAMPLE = 8

/** Cells of a grid that repeats itself every 512 px. */
const CELL_SHIFT = 3
const CELLS = 64

/**
 * Lookups and comparisons for two templates. The most that two of 640 prints take is 2,400;
 * minutiae that lie so as to take ten times as many are no finger's.
 */
const MOST_STEPS = 24_000

/** A print to be compared: `first` minutia of each cell, and the `next` after each; -1 for none. */
interface Shape {
  readonly minutiae: readonly Minutia[]
  readonly first: Int16Array
  readonly next: Int16Array
  /** Places from the middle of all, and turns. */
  readonly x: Float32Array
  readonly y: Float32Array
  readonly turn: Uint8Array
}

/** The first two of these prints that are alike. */
export function alikePrints(
  prints: readonly Pick<TemplateContents, 'minutiae'>[],
): readonly [number, number] | undefined {
  const shapes = prints.map(({ minutiae }) => shapeOf(minutiae))
  for (let b = 1; b < shapes.length; b++) {
    for (let a = 0; a < b; a++) if (areAlike(shapes[a], shapes[b])) return [a, b]
  }
  return undefined
}

function shapeOf(minutiae: readonly Minutia[]): Shape {
  const count = minutiae.length
  const first = new Int16Array(CELLS * CELLS).fill(-1)
  const next = new Int16Array(count)
  const [x, y] = [new Float32Array(count), new Float32Array(count)]
  const turn = new Uint8Array(count)
  const middleX = minutiae.reduce((sum, { xPx }) => sum + xPx, 0) / count
  const middleY = minutiae.reduce((sum, { yPx }) => sum + yPx, 0) / count
  for (const [i, { xPx, yPx, directionRad }] of minutiae.entries()) {
    const cell = cellOf(xPx >> CELL_SHIFT, yPx >> CELL_SHIFT)
    next[i] = first[cell]
    first[cell] = i
    x[i] = xPx - middleX
    y[i] = yPx - middleY
    turn[i] = Math.round((directionRad / (2 * Math.PI)) * TURNS) & (TURNS - 1)
  }
  return { minutiae, first, next, x, y, turn }
}

const cellOf = (x: number, y: number) => (y & (CELLS - 1)) * CELLS + (x & (CELLS - 1))

const votes = new Uint16Array(TURNS * SHIFTS * SHIFTS)
const cosOf = Float32Array.from({ length: TURNS }, (_, turn) => Math.cos((turn * 2 * Math.PI) / TURNS))
const sinOf = Float32Array.from({ length: TURNS }, (_, turn) => Math.sin((turn * 2 * Math.PI) / TURNS))

function areAlike(a: Shape, b: Shape): boolean {
  const [few, many] = a.minutiae.length <= b.minutiae.length ? [a, b] : [b, a]
  const count = few.minutiae.length
  if (count < LEAST_MINUTIAE) return false
  if (count < FEW_MINUTIAE && count < LEAST_SHARE * many.minutiae.length) return false
  const search = { few: few.minutiae, many, left: MOST_STEPS }
  const least = Math.max(LEAST_VOTES, Math.ceil(LEAST_VOTES_SHARE * count))
  votes.fill(0)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < many.minutiae.length; j++) {
      if (++votes[motionCell(few, i, many, j)] < least) continue
      if (fits(search, motionFrom(few.minutiae[i], many.minutiae[j])) || search.left < 0) return true
    }
  }
  return false
}

/** The cell of the motion that brings minutia `i` to minutia `j`. */
function motionCell(few: Shape, i: number, many: Shape, j: number): number {
  const turn = (many.turn[j] - few.turn[i]) & (TURNS - 1)
  const [cos, sin] = [cosOf[turn], sinOf[turn]]
  const dx = (many.x[j] - (cos * few.x[i] - sin * few.y[i])) >> SHIFT_CELL
  const dy = (many.y[j] - (sin * few.x[i] + cos * few.y[i])) >> SHIFT_CELL
  return (turn * SHIFTS + (dy & (SHIFTS - 1))) * SHIFTS + (dx & (SHIFTS - 1))
}

interface Search {
  readonly few: readonly Minutia[]
  readonly many: Shape
  left: number
}

interface Motion {
  readonly cos: number
  readonly sin: number
  readonly dxPx: number
  readonly dyPx: number
  readonly turnRad: number
}

function motionFrom(from: Minutia, to: Minutia): Motion {
  const turnRad = to.directionRad - from.directionRad
  const [cos, sin] = [Math.cos(turnRad), Math.sin(turnRad)]
  const dxPx = to.xPx - (cos * from.xPx - sin * from.yPx)
  const dyPx = to.yPx - (sin * from.xPx + cos * from.yPx)
  return { cos, sin, dxPx, dyPx, turnRad }
}

/** Whether enough minutiae have a counterpart after the motion: first of a sample, then of all. */
function fits(search: Search, motion: Motion): boolean {
  const count = search.few.length
  const sample = Math.min(SAMPLE, count)
  const least = (LEAST_OF_SAMPLE * sample) / SAMPLE
  return (
    hits(search, motion, sample, count / sample, least) >= least &&
    hits(search, motion, count, 1, LEAST_SHARE * count) >= LEAST_SHARE * count
  )
}

/** Minutiae with a counterpart among `count` of them; fewer where there cannot be `least`. */
function hits(search: Search, motion: Motion, count: number, step: number, least: number): number {
  let found = 0
  for (let i = 0; i < count && found + count - i >= least && search.left >= 0; i++) {
    if (hasCounterpart(search, motion, search.few[Math.floor(i * step)])) found++
  }
  return found
}

function hasCounterpart(search: Search, { cos, sin, dxPx, dyPx, turnRad }: Motion, minutia: Minutia): boolean {
  const { minutiae, first, next } = search.many
  search.left--
  const x = cos * minutia.xPx - sin * minutia.yPx + dxPx
  const y = sin * minutia.xPx + cos * minutia.yPx + dyPx
  for (let cy = (y - REACH_PX) >> CELL_SHIFT; cy <= (y + REACH_PX) >> CELL_SHIFT; cy++) {
    for (let cx = (x - REACH_PX) >> CELL_SHIFT; cx <= (x + REACH_PX) >> CELL_SHIFT; cx++) {
      for (let i = first[cellOf(cx, cy)]; i >= 0; i = next[i]) {
        search.left--
        const { xPx, yPx, directionRad } = minutiae[i]
        if ((xPx - x) ** 2 + (yPx - y) ** 2 > REACH_PX ** 2) continue
        if (Math.cos(directionRad - minutia.directionRad - turnRad) >= COS_REACH) return true
      }
    }
  }
  return false
}

const COS_REACH = Math.cos(REACH_RAD)

import { CELL_MM, type RidgeMap } from './ridge-map.js'

/** Half the width of the narrowest piece of a finger, mm: letters, lines and remains of other prints have less. */
const LEAST_HALF_WIDTH_MM = 2.6

/**
 * Two parts are one where the neck between them is wider than this share of the narrower one. A finger narrows to 0.8 at the crease
 * below its tip; of two fingers that touch, the neck has 0.6.
 */
const NECK = 0.72

/** Holes up to this area belong to the print round them: scars, punched holes (7 mm wide, and 1 mm all round that shows no ridges). */
const LARGEST_HOLE_MM2 = 100

/** What is narrower than twice this is taken off a print: lines of frames that run into it, letters. */
const STRAND_MM = 1.6

/**
 * Where ridges run less one way than this over more than a strand, they are grain of worn paper:
 * that has 0.1 to 0.15, fingertips have 0.3 and more. Round the holes of a punch a narrow rim has
 * less.
 */
const LEAST_FLOW = 0.18

/** Steps to the eight neighbours, straight ones first. */
const NEIGHBOURS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
] as const

/** Pieces of prints, each in one part: a cell has the number of its piece, from 0, or -1. */
export interface Regions {
  readonly labels: Int16Array
  readonly count: number
}

/**
 * Cuts the mask into pieces at its necks: from the innermost cells outwards, each joins the piece that it touches, and pieces that
 * meet become one unless they meet at a neck.
 */
export function regionsOf({
  width,
  height,
  mask,
  flow,
}: Pick<RidgeMap, 'width' | 'height' | 'mask' | 'flow'>): Regions {
  const grain = withoutStrands(
    mask.map((one, i) => (flow[i] < LEAST_FLOW ? one : 0)),
    width,
    height,
  )
  const print = mask.map((one, i) => (grain[i] ? 0 : one))
  const depth = depthsOf(withoutStrands(fillHoles(print, width, height), width, height), width, height)
  const order = Int32Array.from(depth.keys()).filter(i => depth[i] > 0)
  order.sort((a, b) => depth[b] - depth[a] || a - b)
  const piece = new Int32Array(depth.length).fill(-1)
  const parent: number[] = []
  const peak: number[] = []
  const root = (one: number): number => {
    let at = one
    while (parent[at] !== at) at = parent[at] = parent[parent[at]]
    return at
  }
  for (const i of order) {
    let own = -1
    const x = i % width
    const y = (i - x) / width
    for (const [dx, dy] of NEIGHBOURS) {
      if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue
      const next = piece[i + dy * width + dx]
      if (next < 0) continue
      const other = root(next)
      if (own < 0) own = other
      if (own === other || depth[i] < NECK * Math.min(peak[own], peak[other])) continue
      const [keeps, goes] = peak[own] >= peak[other] ? [own, other] : [other, own]
      parent[goes] = keeps
      own = keeps
    }
    if (own < 0) {
      own = parent.length
      parent.push(own)
      peak.push(depth[i])
    }
    piece[i] = own
  }
  const numbers = new Map<number, number>()
  const labels = Int16Array.from(piece, one => {
    if (one < 0) return -1
    const at = root(one)
    if (peak[at] * CELL_MM < LEAST_HALF_WIDTH_MM) return -1
    if (!numbers.has(at)) numbers.set(at, numbers.size)
    return numbers.get(at)!
  })
  return { labels, count: numbers.size }
}

/** The mask as far as it can be covered by discs that lie in it. */
function withoutStrands(mask: Uint8Array, width: number, height: number): Uint8Array {
  const radius = STRAND_MM / CELL_MM
  const isRim = Uint8Array.from(depthsOf(mask, width, height), depth => (depth < radius ? 1 : 0))
  const fromCore = depthsOf(isRim, width, height, Number.POSITIVE_INFINITY)
  return mask.map((one, i) => (one > 0 && fromCore[i] < radius ? 1 : 0))
}

/** How far each cell is from the nearest outside the mask, in cells; diagonal steps count 4/3. @param beyond how far it is beyond the image */
function depthsOf(mask: Uint8Array, width: number, height: number, beyond = 0): Float32Array {
  const depth = new Float32Array(mask.length)
  const at = (x: number, y: number) => (x < 0 || x >= width || y < 0 || y >= height ? beyond : depth[y * width + x])
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (mask[i] === 0) continue
      const straight = Math.min(at(x - 1, y), at(x, y - 1)) + 1
      depth[i] = Math.min(straight, Math.min(at(x - 1, y - 1), at(x + 1, y - 1)) + 4 / 3)
    }
  }
  for (let y = height - 1, i = mask.length - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--, i--) {
      if (mask[i] === 0) continue
      const straight = Math.min(at(x + 1, y), at(x, y + 1)) + 1
      depth[i] = Math.min(depth[i], straight, Math.min(at(x + 1, y + 1), at(x - 1, y + 1)) + 4 / 3)
    }
  }
  return depth
}

/** The mask without the holes in it that are too small to be the space between fingers. */
function fillHoles(mask: Uint8Array, width: number, height: number): Uint8Array {
  const filled = Uint8Array.from(mask)
  const seen = Uint8Array.from(mask)
  const most = LARGEST_HOLE_MM2 / CELL_MM ** 2
  for (let start = 0; start < mask.length; start++) {
    if (seen[start]) continue
    const hole = [start]
    seen[start] = 1
    let reachesEdge = false
    for (let k = 0; k < hole.length; k++) {
      const x = hole[k] % width
      const y = (hole[k] - x) / width
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) reachesEdge = true
      for (const [dx, dy] of NEIGHBOURS.slice(0, 4)) {
        const next = hole[k] + dy * width + dx
        if (x + dx < 0 || x + dx >= width || next < 0 || next >= mask.length || seen[next]) continue
        seen[next] = 1
        hole.push(next)
      }
    }
    if (!reachesEdge && hole.length <= most) for (const i of hole) filled[i] = 1
  }
  return filled
}

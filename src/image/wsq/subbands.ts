/**
 * Where the subbands of a WSQ image lie in the plane of coefficients (IAFIS-IC-0110): the plane is split into quarters
 * (low and high frequencies along x and y), some of which are split again, down to 64 subbands.
 */
import type { WsqRegion } from '../../core/wsq-core.js'

/** Subbands that a stream can hold; the four of the highest frequencies along both axes are always zero. */
export const SUBBANDS = 60

/** Where the second and the third of the standard's blocks begin. */
export const BLOCK_STARTS = [19, 52]

export interface Layout {
  /** In the order of the stream. */
  readonly subbands: readonly WsqRegion[]
  /** Regions whose four quarters are to be joined, each after those within it. */
  readonly joins: readonly WsqRegion[]
}

type Tree = 'subband' | readonly [Tree, Tree, Tree, Tree]

const QUARTERS: Tree = ['subband', 'subband', 'subband', 'subband']
const SIXTEENTHS: Tree = [QUARTERS, QUARTERS, QUARTERS, QUARTERS]
/** Subbands 0 to 18; the lowest frequencies are split once more. */
const LOWEST: Tree = [[QUARTERS, 'subband', 'subband', 'subband'], QUARTERS, QUARTERS, QUARTERS]
const TREE: Tree = [[LOWEST, SIXTEENTHS, SIXTEENTHS, 'subband'], QUARTERS, QUARTERS, 'subband']

export function layoutSubbands(width: number, height: number): Layout {
  const subbands: WsqRegion[] = []
  const joins: WsqRegion[] = []
  const place = (tree: Tree, region: WsqRegion): void => {
    if (tree === 'subband') {
      subbands.push(region)
      return
    }
    const [x, secondX] = halves(region.x, region.width, region.mirroredX)
    const [y, secondY] = halves(region.y, region.height, region.mirroredY)
    place(tree[0], { ...x, ...inY(y), mirroredX: false, mirroredY: false })
    place(tree[1], { ...secondX, ...inY(y), mirroredX: true, mirroredY: false })
    place(tree[2], { ...x, ...inY(secondY), mirroredX: false, mirroredY: true })
    place(tree[3], { ...secondX, ...inY(secondY), mirroredX: true, mirroredY: true })
    joins.push(region)
  }
  place(TREE, { x: 0, y: 0, width, height, mirroredX: false, mirroredY: false })
  return { subbands: subbands.slice(0, SUBBANDS), joins }
}

/**
 * The low-pass half has the odd sample, wherever it lies. Subsampling a high-pass half turns its frequencies round, so when that
 * half is split again, what its high-pass filter gave is the lower half and lies first.
 */
function halves(x: number, length: number, mirrored: boolean) {
  const low = Math.ceil(length / 2)
  const first = mirrored ? length - low : low
  return [
    { x, width: first },
    { x: x + first, width: length - first },
  ] as const
}

function inY(half: { x: number; width: number }) {
  return { y: half.x, height: half.width }
}

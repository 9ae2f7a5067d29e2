import type { GrayImage, Minutia } from '../types.js'
import { CREST, type Master } from './master.js'
import type { Point, SkinWarp } from './skin-warp.js'

/** Side of a cell of the orientation grid, px. */
export const ORIENTATION_CELL_PX = 8

/** A ridge that ends this close to the rim cannot be told from one that leaves the contact area there. */
const RIM_PX = 9
const AROUND = Array.from({ length: 8 }, (_, i) => [
  RIM_PX * Math.cos((i * Math.PI) / 4),
  RIM_PX * Math.sin((i * Math.PI) / 4),
])

/**
 * Least correlation of the image's darkness with the ridges round a minutia, and how far round it: where a blot, a fold
 * or a dry place leaves less, nobody could find it.
 */
const READABLE = 0.25
const READ_PX = 8

/** What an extractor should find in an impression. Positions in px of the impression. */
export interface ImpressionTruth {
  /** Those in the contact area, at least RIM_PX from its rim, and not hidden by a fault; quality 100 each. */
  readonly minutiae: readonly Minutia[]
  readonly orientation: OrientationGrid
  /** Ridges 0, valleys 255 and the slopes between, wherever there is contact; elsewhere 255. */
  readonly ridges: GrayImage
  /** 255 where skin touches, 0 elsewhere. */
  readonly contact: GrayImage
}

/** Orientation in the middle of each cell that touches. */
export interface OrientationGrid {
  readonly cellPx: number
  readonly columns: number
  readonly rows: number
  /** Radians in [0, pi), counter-clockwise with y up; NaN without contact. Row by row. */
  readonly orientationsRad: Float32Array
}

export interface TruthInput {
  readonly widthPx: number
  readonly heightPx: number
  readonly ridges: Float32Array
  /** 255 where skin touches, 0 elsewhere. */
  readonly contact: Uint8Array
  readonly gray: Uint8Array
}

/** The master's truth as `warp` brings it into the image. */
export function truthOf(input: TruthInput, master: Master, warp: SkinWarp): ImpressionTruth {
  const { widthPx, heightPx, contact } = input
  const touches = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < widthPx && y < heightPx && contact[Math.floor(y) * widthPx + Math.floor(x)] > 0
  const isShown = (at: Point) => AROUND.every(([dx, dy]) => touches(at.xPx + dx, at.yPx + dy))
  const minutiae: Minutia[] = []
  for (const minutia of master.minutiae) {
    const at = warp.toImage(minutia.xPx, minutia.yPx)
    if (!isShown(at) || !isReadable(input, at)) continue
    minutiae.push({ ...minutia, ...at, directionRad: warp.toImageDirection(at, minutia.directionRad) })
  }
  const image = (data: Uint8Array): GrayImage => ({ data, widthPx, heightPx, ppi: 500 })
  const ridges = new Uint8Array(contact.length).fill(255)
  for (let i = 0; i < ridges.length; i++) {
    if (contact[i] > 0) ridges[i] = Math.round(Math.min(Math.max(127.5 - 127.5 * input.ridges[i], 0), 255))
  }
  return { minutiae, orientation: orientationGrid(input, master, warp), ridges: image(ridges), contact: image(contact) }
}

/** Whether ridges show round a point of the image at least READ_PX from its rim. */
function isReadable({ gray, ridges, widthPx }: TruthInput, at: Point): boolean {
  const [column, row] = [Math.round(at.xPx), Math.round(at.yPx)]
  let [n, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0]
  for (let y = row - READ_PX; y <= row + READ_PX; y++) {
    for (let x = column - READ_PX; x <= column + READ_PX; x++) {
      const dark = -gray[y * widthPx + x]
      const ridge = ridges[y * widthPx + x]
      n++
      a += dark
      b += ridge
      aa += dark * dark
      bb += ridge * ridge
      ab += dark * ridge
    }
  }
  const spread = Math.sqrt(Math.max(aa - (a * a) / n, 0) * Math.max(bb - (b * b) / n, 0))
  return ab - (a * b) / n > READABLE * spread
}

function orientationGrid(input: TruthInput, master: Master, warp: SkinWarp): OrientationGrid {
  const columns = Math.floor(input.widthPx / ORIENTATION_CELL_PX)
  const rows = Math.floor(input.heightPx / ORIENTATION_CELL_PX)
  const orientationsRad = new Float32Array(columns * rows).fill(Number.NaN)
  for (let i = 0; i < orientationsRad.length; i++) {
    const xPx = ((i % columns) + 0.5) * ORIENTATION_CELL_PX
    const yPx = (Math.floor(i / columns) + 0.5) * ORIENTATION_CELL_PX
    if (input.contact[yPx * input.widthPx + xPx] === 0) continue
    const finger = warp.toFinger(xPx, yPx)
    const direction = warp.toImageDirection({ xPx, yPx }, master.orientationRad(finger.xPx, finger.yPx))
    orientationsRad[i] = direction % Math.PI
  }
  return { cellPx: ORIENTATION_CELL_PX, columns, rows, orientationsRad }
}

/** The master's wave under each pixel, 1 on a crest and -1 in a valley, by cubic interpolation; 0 off the master. */
export function sampleWave(master: Master, xPx: Float32Array, yPx: Float32Array): Float32Array {
  const { wave, widthPx, heightPx } = master
  const out = new Float32Array(xPx.length)
  for (let i = 0; i < out.length; i++) {
    const x = Math.floor(xPx[i])
    const y = Math.floor(yPx[i])
    if (x < 1 || y < 1 || x > widthPx - 3 || y > heightPx - 3) continue
    const u = xPx[i] - x
    let sum = 0
    const v = yPx[i] - y
    for (let j = -1; j <= 2; j++) {
      const k = (y + j) * widthPx + x
      sum += cubic(wave[k - 1], wave[k], wave[k + 1], wave[k + 2], u) * cubicWeight(j, v)
    }
    out[i] = sum / CREST
  }
  return out
}

/** Catmull and Rom's cubic through b and c, at t between them. */
function cubic(a: number, b: number, c: number, d: number, t: number): number {
  return b + (t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))) / 2
}

/** The weight that the same cubic gives to the value at -1, 0, 1 or 2. */
function cubicWeight(at: number, t: number): number {
  return cubic(at === -1 ? 1 : 0, at === 0 ? 1 : 0, at === 1 ? 1 : 0, at === 2 ? 1 : 0, t)
}

import { type Piece, pieceOf } from './pieces.js'
import { CELL_MM, type RidgeMap } from './ridge-map.js'

const DEGREE = Math.PI / 180

/** A piece this far off the line of a finger, in widths of it, is not below its tip. */
const OFF_LINE = 0.6
/** Between the tip and what lies below it: creases have 1 to 4 mm, and a joint that does not touch 12. */
const WIDEST_GAP_MM = 18

/** A finger leans away from its hand's by so much at most. */
const FARTHEST_LEAN = 15 * DEGREE
/** What is smaller than this share of the tip says nothing of the axis: remains of skin, grain of paper. */
const LEAST_BELOW = 0.3
/** Length by width from which the axis of a piece is that of the finger, and at which it says nothing. */
const TELLING_LENGTH = 2
const ROUND_LENGTH = 1.15

/** What of a finger shows, from the tip down. Places in cells. */
export interface Finger {
  readonly tip: Piece
  /** Below the first crease, where that parts them. */
  readonly below: readonly Piece[]
  /** How it leans, from straight up, clockwise. */
  readonly tiltRad: number
}

/** Down the finger, and across it to the right, of a place on the map. */
export const downOf = (x: number, y: number, tiltRad: number) => y * Math.cos(tiltRad) - x * Math.sin(tiltRad)
export const acrossOf = (x: number, y: number, tiltRad: number) => x * Math.cos(tiltRad) + y * Math.sin(tiltRad)

/** Puts pieces that lie below each other along the hand together, and those from left to right. */
export function fingersOf(map: RidgeMap, pieces: readonly Piece[], slapTiltRad: number): Finger[] {
  const placed = pieces
    .map(piece => ({ piece, ...extent(piece, map.width, slapTiltRad) }))
    .sort((a, b) => a.top - b.top)
  const columns: { parts: typeof placed; tiltRad: number }[] = []
  for (const part of placed) {
    const { piece } = part
    let nearest: (typeof columns)[number] | undefined
    let least = Number.POSITIVE_INFINITY
    for (const column of columns) {
      const last = column.parts[column.parts.length - 1]
      const tip = column.parts[0]
      const gapMm = (part.top - last.bottom) * CELL_MM
      const isBelow = downOf(piece.x, piece.y, slapTiltRad) > (last.top + last.bottom) / 2 && gapMm < WIDEST_GAP_MM
      const line = acrossOf(tip.piece.x, tip.piece.y, column.tiltRad)
      const off = Math.abs(acrossOf(piece.x, piece.y, column.tiltRad) - line) * CELL_MM
      if (!isBelow || off > OFF_LINE * tip.piece.widthMm || off >= least) continue
      least = off
      nearest = column
    }
    if (nearest === undefined) columns.push({ parts: [part], tiltRad: leanOf(piece, slapTiltRad) })
    else nearest.parts.push(part)
  }
  return columns
    .map(({ parts: [{ piece: tip }, ...rest], tiltRad }) => {
      const below = rest.map(({ piece }) => piece)
      const telling = below.find(({ cells }) => cells.length > LEAST_BELOW * tip.cells.length)
      const whole = telling && pieceOf([...tip.cells, ...telling.cells], map.width)
      return { tip, below, tiltRad: whole === undefined ? tiltRad : leanOf(whole, slapTiltRad) }
    })
    .sort((a, b) => acrossOf(a.tip.x, a.tip.y, slapTiltRad) - acrossOf(b.tip.x, b.tip.y, slapTiltRad))
}

/** How far up and down a piece reaches, along the hand. */
function extent({ cells }: Piece, width: number, tiltRad: number): { top: number; bottom: number } {
  let [top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const i of cells) {
    const down = downOf(i % width, Math.floor(i / width), tiltRad)
    top = Math.min(top, down)
    bottom = Math.max(bottom, down)
  }
  return { top, bottom }
}

/** The longer a piece, the more of its own axis. */
function leanOf({ tiltRad, lengthMm, widthMm }: Piece, slapTiltRad: number): number {
  const share = Math.min(Math.max((lengthMm / widthMm - ROUND_LENGTH) / (TELLING_LENGTH - ROUND_LENGTH), 0), 1)
  const off = Math.asin(Math.sin(tiltRad - slapTiltRad))
  return slapTiltRad + share * Math.min(Math.max(off, -FARTHEST_LEAN), FARTHEST_LEAN)
}

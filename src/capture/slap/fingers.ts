import { type Piece, pieceOf } from './pieces.js'
import { CELL_MM, type RidgeMap } from './ridge-map.js'

const DEGREE = Math.PI / 180

/** A piece hangs below a tip if its middle is so near to the line of the finger, in widths of the tip. */
const OFF_LINE = 0.6
/**
 * And where so much of the narrower one's width is shared: it may be of two fingers. Below writing,
 * which is lower than a tip, a tip may be.
 */
const LEAST_SHARED = 0.5
const LOWEST_TIP_MM = 8
/** Between the tip and what lies below it: creases have 1 to 4 mm, and a joint that does not touch 12. */
const WIDEST_GAP_MM = 18

/** A finger leans away from its hand's by so much at most. */
const FARTHEST_LEAN = 15 * DEGREE
/** What is wider than so many tips is of more than one finger, and its axis says nothing either. */
const MOST_BELOW = 1.4

/**
 * A tip shorter than so many widths may be the upper part of one, if a gap of so much at most is
 * below it, and both have this length.
 */
const SHORT_IN_WIDTHS = 1
const WIDEST_CUT_MM = 3
const TIP_IN_WIDTHS = 1.8

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

/**
 * Puts pieces that lie below each other along the hand together, and those from left to right. What
 * hangs below a tip is no finger, though it be as wide as two.
 */
export function fingersOf(map: RidgeMap, pieces: readonly Piece[], slapTiltRad: number): Finger[] {
  const placed = pieces.map(piece => extentOf(piece, map.width, slapTiltRad)).sort((a, b) => a.top - b.top)
  const columns: { parts: Placed[]; tiltRad: number }[] = []
  for (const part of placed) {
    let above: (typeof columns)[number] | undefined
    let least = Number.POSITIVE_INFINITY
    for (const column of columns) {
      const [tip, last] = [column.parts[0], column.parts[column.parts.length - 1]]
      const isBelow = part.middle > (last.top + last.bottom) / 2 && (part.top - last.bottom) * CELL_MM < WIDEST_GAP_MM
      if (!isBelow) continue
      const off = Math.min(offLine(tip, part, column.tiltRad), offLine(last, part, slapTiltRad)) / tip.piece.widthMm
      const isTip = (tip.bottom - tip.top) * CELL_MM > LOWEST_TIP_MM
      const leanRad = column.tiltRad - slapTiltRad
      const isHanging = off < OFF_LINE || (isTip && sharedWidth(column.parts, part, leanRad) > LEAST_SHARED)
      if (!isHanging || off >= least) continue
      least = off
      above = column
    }
    if (above === undefined) columns.push({ parts: [part], tiltRad: leanOf(part.piece, slapTiltRad) })
    else above.parts.push(part)
  }
  return columns
    .map(({ parts, tiltRad }) => {
      const [tip, ...below] = wholeTip(parts, map.width).map(({ piece }) => piece)
      const telling = below.find(
        ({ cells, widthMm }) => cells.length > LEAST_BELOW * tip.cells.length && widthMm < MOST_BELOW * tip.widthMm,
      )
      const whole = telling && pieceOf([...tip.cells, ...telling.cells], map.width)
      return { tip, below, tiltRad: whole === undefined ? tiltRad : leanOf(whole, slapTiltRad) }
    })
    .sort((a, b) => acrossOf(a.tip.x, a.tip.y, slapTiltRad) - acrossOf(b.tip.x, b.tip.y, slapTiltRad))
}

/** A piece, and where it is along the hand and across it, cells. */
interface Placed {
  readonly piece: Piece
  readonly top: number
  readonly bottom: number
  readonly middle: number
  readonly left: number
  readonly right: number
}

function extentOf(piece: Piece, width: number, tiltRad: number): Placed {
  let [top, bottom, left, right] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const i of piece.cells) {
    const [x, y] = [i % width, Math.floor(i / width)]
    const down = downOf(x, y, tiltRad)
    const across = acrossOf(x, y, tiltRad)
    top = Math.min(top, down)
    bottom = Math.max(bottom, down)
    left = Math.min(left, across)
    right = Math.max(right, across)
  }
  return { piece, top, bottom, middle: downOf(piece.x, piece.y, tiltRad), left, right }
}

/** How far the middle of a piece is from a line through that of another, mm. */
function offLine({ piece: from }: Placed, { piece: to }: Placed, tiltRad: number): number {
  return Math.abs(acrossOf(to.x, to.y, tiltRad) - acrossOf(from.x, from.y, tiltRad)) * CELL_MM
}

/**
 * How much of the narrower one's width a piece shares with a finger: on the line of its tip, or
 * straight below its lowest part, since fingers bend.
 */
function sharedWidth(parts: readonly Placed[], below: Placed, leanRad: number): number {
  const share = ({ left, right, middle }: Placed, lean: number) => {
    const drift = -(below.middle - middle) * Math.tan(lean)
    const common = Math.min(right + drift, below.right) - Math.max(left + drift, below.left)
    return common / Math.min(right - left, below.right - below.left)
  }
  return Math.max(share(parts[0], leanRad), share(parts[parts.length - 1], 0))
}

/** Joins the parts of a tip that a crease or the hole of a punch goes through. */
function wholeTip(parts: readonly Placed[], width: number): Placed[] {
  const [first, second, ...rest] = parts
  if (second === undefined) return [first]
  const wide = Math.max(first.right - first.left, second.right - second.left)
  const gap = second.top - first.bottom
  const isShort = first.bottom - first.top < SHORT_IN_WIDTHS * wide
  if (isShort && gap * CELL_MM < WIDEST_CUT_MM && second.bottom - first.top < TIP_IN_WIDTHS * wide) {
    const piece = pieceOf([...first.piece.cells, ...second.piece.cells], width)
    const joined: Placed = {
      piece,
      top: first.top,
      bottom: Math.max(first.bottom, second.bottom),
      middle: (first.middle + second.middle) / 2,
      left: Math.min(first.left, second.left),
      right: Math.max(first.right, second.right),
    }
    return wholeTip([joined, ...rest], width)
  }
  return [...parts]
}

/** The longer a piece, the more of its own axis. */
function leanOf({ tiltRad, lengthMm, widthMm }: Piece, slapTiltRad: number): number {
  const share = Math.min(Math.max((lengthMm / widthMm - ROUND_LENGTH) / (TELLING_LENGTH - ROUND_LENGTH), 0), 1)
  const off = Math.asin(Math.sin(tiltRad - slapTiltRad))
  return slapTiltRad + share * Math.min(Math.max(off, -FARTHEST_LEAN), FARTHEST_LEAN)
}

import { decodeRawFrame } from '../../image/raw-frame.js'
import { resolvePpi } from '../../image/resolution.js'
import { readOptions } from '../../options.js'
import type { GrayImage } from '../../types.js'
import { backgroundGray, boxOf, cutUpright, type FingerBox } from './cut.js'
import { type Finger, fingersOf } from './fingers.js'
import { type Fingertip, fingertipOf } from './fingertip.js'
import { doubleFingers, touchingFingers } from './overlap.js'
import { piecesOf } from './pieces.js'
import { withoutScraps } from './plausible.js'
import { atEdge, overlap, rotatedTooFar, type SlapProblem } from './problems.js'
import { regionsOf } from './regions.js'
import { CELL_MM, ridgeMap } from './ridge-map.js'
import { expectedFingers, missingFingers, type Slap, slapCode } from './slaps.js'
import { type ToldSlap, tellHand, tellStated } from './tell-hand.js'
import { slapTilt } from './tilt.js'

const FARTHEST_TILT = Math.PI / 4
/** Share of a fingertip's width that may lie on the edge of the image. */
const MOST_AT_EDGE = 0.25

export interface SegmentSlapOptions {
  /** Which fingers were laid down, by name or code: `{ hand: 'right' }`, `{ hand: frame.position }`. Unless given, four of an unknown hand. */
  readonly hand?: Slap | undefined
  /** Fingers that the person lacks (1 to 10); those of other slaps may be among them. */
  readonly missing?: readonly number[]
}

/** One finger of a slap: what lies above the crease below its tip. */
export interface SlapFinger {
  /** 1 right thumb to 10 left little finger; absent where that is not sure, in all of them. */
  readonly position?: number
  readonly box: FingerBox
  /** What the box holds, upright, at the image's resolution; without what belongs to other fingers. */
  readonly image: GrayImage
  /** Area in which ridges show, square millimetres: a faint finger has less of its box. */
  readonly ridgeAreaMm2: number
}

export interface SlapSegmentation {
  /** Which slap it is; absent where it was not stated and cannot be told. */
  readonly slap?: ToldSlap
  /** How the hand leans, from straight up to where its fingers point, clockwise. */
  readonly rotationRad: number
  /** From left to right. */
  readonly fingers: readonly SlapFinger[]
  /** Empty where all is well. */
  readonly problems: readonly SlapProblem[]
}

/**
 * Single fingers of an image of several: where each lies, which it is, and its image upright. Fingers point up, within 45 degrees.
 * What keeps it from being of use is in `problems`; positions are left out where they are not sure.
 *
 * @throws TypeError, RangeError for an image or options that are not what their types say
 * @throws SidikError IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL, PPI_UNKNOWN, PPI_OUT_OF_RANGE
 */
export function segmentSlap(image: GrayImage, options?: SegmentSlapOptions): SlapSegmentation {
  const { hand, missing: stated } = readOptions('segmentSlap', options, ['hand', 'missing'])
  const code = hand === undefined ? undefined : slapCode('hand', hand)
  const missing = missingFingers('missing', stated)
  if (code !== undefined && expectedFingers(code, missing).positions.length === 0) {
    throw new RangeError('missing lists every finger of the slap: there is nothing to look for')
  }
  const gray: GrayImage = { ...decodeRawFrame(image), ppi: resolvePpi({ frame: image.ppi }) }
  const map = ridgeMap(gray)
  const pieces = piecesOf(map, regionsOf(map))
  const rotationRad = slapTilt(pieces)
  const all = fingersOf(map, pieces, rotationRad).map(finger => ({ finger, fingertip: fingertipOf(map, finger) }))
  const large = withoutScraps(map, all)
  const double = doubleFingers(large.map(({ fingertip }) => fingertip))
  const kept = large.filter((_, place) => !double.includes(place))
  const tips = kept.map(({ fingertip }) => fingertip)
  const told = code === undefined ? tellHand(tips, missing, rotationRad) : tellStated(tips, code, missing, rotationRad)

  // What is as wide as two is no finger, and may be two of those that were expected.
  const positions = double.length === 0 ? told.positions : undefined
  const owner = ownersOf([...kept, ...all.filter(one => !kept.includes(one))], map.mask.length)
  const background = backgroundGray(gray, map)
  const fingers = tips.map((tip, place): SlapFinger => {
    const box = boxOf(tip, map, gray.ppi)
    return {
      ...(positions && { position: positions[place] }),
      box,
      image: cutUpright(gray, box, map, { owner, own: place, background }),
      ridgeAreaMm2: tip.area * CELL_MM ** 2,
    }
  })
  const touching = touchingFingers(ownersOf(kept.map(withoutBelow), map.mask.length), map.width, tips)
  const problems = [
    ...told.problems,
    ...(Math.abs(rotationRad) > FARTHEST_TILT ? [rotatedTooFar((rotationRad * 180) / Math.PI)] : []),
    ...(touching.length > 0 || double.length > 0 ? [overlap(touching.sort((a, b) => a - b))] : []),
    ...edgeProblems(tips, positions),
  ]
  return { ...(told.slap && { slap: told.slap }), rotationRad, fingers, problems }
}

/** The place of the finger that each cell of the map belongs to, or -1. */
function ownersOf(all: readonly { readonly finger: Finger }[], cells: number): Int16Array {
  const owner = new Int16Array(cells).fill(-1)
  all.forEach(({ finger: { tip, below } }, place) => {
    for (const piece of [tip, ...below]) for (const cell of piece.cells) owner[cell] = place
  })
  return owner
}

/** A finger as far as its tip goes: phalanges may touch those of the next finger. */
function withoutBelow({ finger }: { readonly finger: Finger }): { readonly finger: Finger } {
  return { finger: { ...finger, below: [] } }
}

function edgeProblems(tips: readonly Fingertip[], positions: readonly number[] | undefined): SlapProblem[] {
  return tips.flatMap((tip, place) => (tip.atEdge > MOST_AT_EDGE ? [atEdge(place, positions?.[place])] : []))
}

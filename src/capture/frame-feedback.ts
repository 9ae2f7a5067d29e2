import type { QualityReason, QualityReasonCode } from '../types.js'
import { type FrameLook, isPressedFlat, type Side } from './frame-look.js'

/** What to tell the person whose finger it is, while frames come. */
export interface FrameFeedback {
  readonly code: QualityReasonCode | 'no-finger' | 'moving' | 'good'
  /** In words for a person: what is wrong, and what to do. */
  readonly message: string
}

export const NO_FINGER: FrameFeedback = { code: 'no-finger', message: 'finger missing: put it on the sensor' }
export const MOVING: FrameFeedback = { code: 'moving', message: 'the finger moves: hold it still' }
export const GOOD: FrameFeedback = { code: 'good', message: 'good: hold still' }
const NO_RIDGES: QualityReason = {
  code: 'unclear-ridges',
  message: 'no ridges can be seen: wipe the finger and the sensor, and put the fingertip flat on it',
}
const PRESSED: QualityReason = {
  code: 'too-wet',
  message: 'too wet or pressed too hard: dry the finger, press more lightly',
}
const UNCLEAR: QualityReason = {
  code: 'unclear-ridges',
  message: 'the ridges are not clear: wipe the finger and the sensor, and press evenly',
}

/** Which way leads to the centre from the side at which the finger is cut off, as the person sees it who faces the sensor. */
const WAY: Readonly<Record<Side, string>> = { left: 'to the right', right: 'to the left', top: 'towards yourself' }

export function offCentre(sides: readonly Side[]): FrameFeedback {
  return { code: 'off-centre', message: `move to the centre: ${sides.map(side => WAY[side]).join(' and ')}` }
}

/** The first reason is the one that matters most; that ridges are unclear is said where nothing tells why. */
export function notGoodEnough([reason = UNCLEAR]: readonly QualityReason[], look: FrameLook): FrameFeedback {
  const isWhy = reason.code !== 'unclear-ridges'
  return !isWhy && isPressedFlat(look) ? PRESSED : reason
}

export function noRidges(look: FrameLook): FrameFeedback {
  return isPressedFlat(look) ? PRESSED : NO_RIDGES
}

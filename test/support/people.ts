import type { FingerInput, Template } from 'sidik'
import { type CodedMinutia, codedFinger, codedTemplate, secondCoded } from './learned-templates.js'

/** A person's fingers, right thumb to left little, with learned codes. */
export type Hands = readonly CodedMinutia[][]

export function newHands(next: () => number): Hands {
  return Array.from({ length: 10 }, () => codedFinger(next, 30 + Math.floor(20 * next())))
}

/** The fingers as they are captured once; each time anew. */
export function captured(next: () => number, hands: Hands): { position: number; template: Template }[] {
  return hands.map((finger, i) => ({ position: i + 1, template: codedTemplate(secondCoded(next, finger)) }))
}

/** The same with two stated as each other. */
export function swappedFingers<Finger extends FingerInput>(fingers: readonly Finger[], a: number, b: number): Finger[] {
  return fingers.map((finger, i) => {
    if (i !== a && i !== b) return finger
    return { ...finger, position: fingers[i === a ? b : a].position }
  })
}

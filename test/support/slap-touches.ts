import { type Impression, synthesizeFinger, synthesizeImpression } from 'sidik/synthesize'

/** Fingers that touch once each, without faults: what slaps of tests are made of. */
export function slapTouches(fingers = 1): Impression[] {
  return Array.from({ length: fingers }, (_, index) =>
    synthesizeImpression(synthesizeFinger(77, index), 0, {
      sensor: 'optical',
      without: ['contact', 'faults', 'platen'],
    }),
  )
}

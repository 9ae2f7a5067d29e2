import { type Impression, synthesizeFinger, synthesizeImpression } from 'sidik/synthesize'

/** Four fingers that touch once each, without faults: what slaps of tests are made of. */
export function slapTouches(): Impression[] {
  return [0, 1, 2, 3].map(index =>
    synthesizeImpression(synthesizeFinger(77, index), 0, {
      sensor: 'optical',
      without: ['contact', 'faults', 'platen'],
    }),
  )
}

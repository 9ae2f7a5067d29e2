/** Who lives in the city of bench/station-night.js, and who comes to its kiosks. */
import { syntheticProbe, syntheticTemplate } from 'sidik/synthesize'

export const SEED = 17
const TEN = Array.from({ length: 10 }, (_, i) => i + 1)
/** One in fifty is somebody who is there already. */
const TWICE_EVERY = 50

export const fingersOf = person => tenOf(person, syntheticTemplate)
/** The same fingers, put on a scanner once more. */
export const fingersAgain = person => tenOf(person, (seed, finger) => syntheticProbe(seed, finger, 'typical'))

function tenOf(person, make) {
  return TEN.map(position => ({ position, template: make(SEED, person * 10 + position) }))
}

/** Who was recorded, as the person that a number stands for: every fiftieth is somebody else again. */
export function personOf(arrival, residents) {
  if (arrival % TWICE_EVERY !== TWICE_EVERY - 1) return { person: residents + arrival, isAgain: false }
  const isResident = arrival % (2 * TWICE_EVERY) === TWICE_EVERY - 1
  return { person: isResident ? (arrival * 7) % residents : residents + arrival - 1, isAgain: true }
}

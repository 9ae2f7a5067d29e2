/** How prints are turned before they are compared: sets are of fingers that lie upright, people's fingers are not. */
import { Random } from '../random.js'
import type { PrintSet } from './dataset.js'
import type { EvaluationOptions } from './report.js'

/** An angle of each print of each set, degrees counter-clockwise. */
export type Turns = readonly (readonly number[])[]

const DEFAULT_SEED = 1

/**
 * The angles at which prints are extracted: one list where a print lies alike in all of its pairs,
 * and two, for the first and for the second of a pair, where it does not.
 *
 * @throws TypeError, RangeError for `turnDeg` or `turnSeed` that are not what their types say
 */
export function turnsOf(
  sets: readonly PrintSet[],
  { turnDeg, turnSeed = DEFAULT_SEED }: EvaluationOptions,
): readonly Turns[] {
  if (turnDeg === undefined) return [sets.map(({ prints }) => prints.map(() => 0))]
  if (turnDeg === 'random') return [drawn(sets, turnSeed)]
  if (!Array.isArray(turnDeg) || turnDeg.length !== 2) throw new TypeError("turnDeg must be two angles or 'random'")
  const sides = turnDeg[0] === turnDeg[1] ? [turnDeg[0]] : turnDeg
  return sides.map(degrees => {
    if (typeof degrees !== 'number') throw new TypeError('an angle of turnDeg must be a number of degrees')
    if (!Number.isFinite(degrees)) throw new RangeError(`an angle of turnDeg must be finite, not ${degrees}`)
    return sets.map(({ prints }) => prints.map(() => degrees))
  })
}

function drawn(sets: readonly PrintSet[], seed: number): Turns {
  if (seed >>> 0 !== seed) throw new RangeError(`turnSeed must be an integer from 0 to 4294967295, not ${seed}`)
  const random = new Random(seed)
  return sets.map(({ name, prints }) => {
    const ofSet = random.child(name)
    return prints.map(({ file }) => ofSet.child(file).uniform(0, 360))
  })
}

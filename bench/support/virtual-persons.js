/**
 * Persons made of real prints: each set of ten fingers is one person with as many enrolments as it has impressions; the
 * rolled prints are the cards that they come from, ten fingers of one person in the order of their positions
 * (right thumb to little, left thumb to little: so it is printed in their boxes).
 */
import { Random } from '../../dist/random.js'

const FINGERS = 10

/**
 * Prints on one card that show one finger: into the box of the left ring finger of s0024889 reaches the plain impression of
 * the right middle finger, s0024883.
 */
const TWICE = new Set(['s0024889'])

/** { sets: per set, fingers: per finger its impressions as indices of prints }, { cards: per card ten indices } */
export function virtualPersons(prints) {
  const sets = new Map()
  const cards = new Map()
  prints.forEach(({ kind, set, finger }, i) => {
    if (kind === 'rolled') {
      const name = finger.split('/').at(-1)
      const card = Math.floor((Number(name.slice(1)) - 1) / FINGERS)
      if (!cards.has(card)) cards.set(card, [])
      cards.get(card).push(TWICE.has(name) ? undefined : i)
    } else {
      if (!sets.has(set)) sets.set(set, new Map())
      const fingers = sets.get(set)
      if (!fingers.has(finger)) fingers.set(finger, [])
      fingers.get(finger).push(i)
    }
  })
  return { sets: [...sets.values()].map(fingers => [...fingers.values()]), cards: [...cards.values()] }
}

export function shuffled(items, random) {
  const all = [...items]
  for (let i = all.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[all[i], all[j]] = [all[j], all[i]]
  }
  return all
}

export const pick = (items, random) => items[random.below(items.length)]

export const newRandom = seed => new Random(seed)

import type { Random } from '../random.js'
import type { PersonPair } from './plan-types.js'

/** What a kiosk does in one slot, as numbers of persons. */
export interface Work {
  readonly enrol: readonly number[]
  readonly correct: readonly number[]
  readonly withdraw: readonly number[]
}

/** Shares of the enrolled that are corrected, and withdrawn, some time later. */
const CORRECTED = 0.03
const WITHDRAWN = 0.01

/** One slot in twelve has nobody come: holidays, blanks that ran out, a queue that went home. */
const EMPTY = 1 / 12

/**
 * Spreads persons 0 to `records` - 1 over the slots of all kiosks, and draws whom of them a kiosk corrects or withdraws later.
 *
 * @returns for each kiosk, for each slot
 */
export function drawWork(random: Random, kiosks: number, slots: number, records: number): Work[][] {
  const cells = kiosks * slots
  const weights = Array.from({ length: cells }, () => (random.chance(EMPTY) ? 0 : random.uniform(0.3, 1.7)))
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1
  const counts: number[] = []
  let [passed, given] = [0, 0]
  for (const weight of weights) {
    passed += weight
    const until = Math.round((records * passed) / total)
    counts.push(until - given)
    given = until
  }
  // All weights 0: someone comes on the last day after all.
  counts[cells - 1] += records - given
  let next = 0
  return Array.from({ length: kiosks }, (_, kiosk) => {
    const enrolled = counts.slice(kiosk * slots, (kiosk + 1) * slots).map(count => {
      const first = next
      next += count
      return Array.from({ length: count }, (_, i) => first + i)
    })
    return withChanges(random.child(kiosk), enrolled)
  })
}

function withChanges(random: Random, enrolled: readonly (readonly number[])[]): Work[] {
  const slots = enrolled.map(enrol => ({ enrol, correct: [] as number[], withdraw: [] as number[] }))
  for (const [slot, persons] of enrolled.entries()) {
    for (const person of persons) {
      const withdrawnAt = random.chance(WITHDRAWN) ? laterSlot(random, slot, slots.length) : undefined
      if (withdrawnAt !== undefined) slots[withdrawnAt].withdraw.push(person)
      if (!random.chance(CORRECTED)) continue
      const correctedAt = laterSlot(random, slot, withdrawnAt ?? slots.length)
      if (correctedAt !== undefined) slots[correctedAt].correct.push(person)
    }
  }
  return slots
}

/** A slot after `slot` and before `end`, mostly a near one; undefined where there is none. */
function laterSlot(random: Random, slot: number, end: number): number | undefined {
  const room = end - slot - 1
  return room < 1 ? undefined : slot + 1 + Math.floor(room * random.uniform() ** 3)
}

/** Shares of the recorded whose NIK somebody else has, and who are somebody recorded before, at another kiosk. */
const SAME_NIK = 0.01
const SAME_PERSON = 0.02

export interface DrawnPairs {
  readonly sameNik: readonly PersonPair[]
  readonly samePerson: readonly PersonPair[]
}

/** Draws who is recorded under the NIK of whom, and who comes twice: nobody is in two pairs. */
export function drawPairs(random: Random, work: readonly (readonly Work[])[]): DrawnPairs {
  const comers = work.flatMap((slots, kiosk) =>
    slots.flatMap(({ enrol }, slot) => enrol.map(person => ({ person, kiosk, slot }))),
  )
  const taken = new Set<number>()
  const draw = (own: Random, share: number) => {
    // A pair at least where there are two kiosks with somebody.
    const count = Math.max(1, Math.round(share * comers.length))
    const pairs: PersonPair[] = []
    for (let tries = 0; pairs.length < count && tries < 100 * count; tries++) {
      const [one, other] = [comers[own.below(comers.length)], comers[own.below(comers.length)]]
      if (one.kiosk === other.kiosk || taken.has(one.person) || taken.has(other.person)) continue
      const [first, second] = [one, other].sort((a, b) => a.slot - b.slot || a.person - b.person)
      taken.add(first.person).add(second.person)
      pairs.push([first.person, second.person])
    }
    return pairs
  }
  return {
    sameNik: draw(random.child('same nik'), SAME_NIK),
    samePerson: draw(random.child('same person'), SAME_PERSON),
  }
}

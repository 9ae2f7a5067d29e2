import type { InvariantResult } from '../invariants.js'
import type { Evening } from './evening.js'
import type { ShortageInvariant } from './invariant.js'
import { CARD_INVARIANTS } from './invariants-cards.js'
import { STOCK_INVARIANTS } from './invariants-stock.js'

export const SHORTAGE_INVARIANTS: readonly ShortageInvariant[] = [...STOCK_INVARIANTS, ...CARD_INVARIANTS]

const SHOWN = 5

/** What the invariants come to, evening after evening. */
export class InvariantTally {
  readonly #sums = SHORTAGE_INVARIANTS.map(() => ({ looked: 0, violations: new Set<string>(), first: [] as string[] }))

  look(evening: Evening): void {
    for (const [i, { look }] of SHORTAGE_INVARIANTS.entries()) {
      const sum = this.#sums[i]
      const { looked, wrong } = look(evening)
      sum.looked += looked
      for (const what of wrong) {
        // What was wrong on an evening before is not wrong once more.
        if (sum.violations.has(what)) continue
        sum.violations.add(what)
        if (sum.first.length < SHOWN) sum.first.push(`day ${evening.day + 1}: ${what}`)
      }
    }
  }

  /** One that had nothing to look at does not hold: it would prove nothing. */
  results(): InvariantResult[] {
    return SHORTAGE_INVARIANTS.map(({ name, says }, i) => {
      const { looked, violations, first } = this.#sums[i]
      const holds = looked > 0 && violations.size === 0
      return { name, says, holds, looked, violations: violations.size, first }
    })
  }
}

import type { InvariantResult } from '../invariants.js'
import type { Evening } from './evening.js'
import type { ShortageInvariant } from './invariant.js'
import { CARD_INVARIANTS } from './invariants-cards.js'
import { STOCK_INVARIANTS } from './invariants-stock.js'

export const SHORTAGE_INVARIANTS: readonly ShortageInvariant[] = [...STOCK_INVARIANTS, ...CARD_INVARIANTS]

const SHOWN = 5

/** What the invariants come to, evening after evening. */
export class InvariantTally {
  readonly #sums = SHORTAGE_INVARIANTS.map(() => ({ looked: 0, violations: 0, first: [] as string[] }))

  look(evening: Evening): void {
    for (const [i, { look }] of SHORTAGE_INVARIANTS.entries()) {
      const sum = this.#sums[i]
      const { looked, wrong } = look(evening)
      sum.looked += looked
      sum.violations += wrong.length
      const room = SHOWN - sum.first.length
      sum.first.push(...wrong.slice(0, room).map(what => `day ${evening.day + 1}: ${what}`))
    }
  }

  /** One that had nothing to look at does not hold: it would prove nothing. */
  results(): InvariantResult[] {
    return SHORTAGE_INVARIANTS.map(({ name, says }, i) => {
      const { looked, violations, first } = this.#sums[i]
      return { name, says, holds: looked > 0 && violations === 0, looked, violations, first }
    })
  }
}

import type { OutageFacts } from './facts.js'

/** Something that must hold, however bad the outage was. */
export interface Invariant {
  readonly name: string
  /** In plain words. */
  readonly says: string
  /** Looks at everything it is about: how many things those are, and what is wrong, in words that name no person. */
  readonly look: (facts: OutageFacts) => { readonly looked: number; readonly wrong: readonly string[] }
}

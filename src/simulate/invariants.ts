import type { OutageFacts } from './facts.js'
import type { Invariant } from './invariant.js'
import { CASE_INVARIANTS } from './invariants-cases.js'
import { CENTRE_INVARIANTS } from './invariants-centre.js'
import { FINGER_INVARIANTS } from './invariants-fingers.js'
import { JOURNAL_INVARIANTS } from './invariants-journal.js'
import { RECORD_INVARIANTS } from './invariants-records.js'

/** What an invariant came to. */
export interface InvariantResult {
  readonly name: string
  readonly says: string
  readonly holds: boolean
  /** Things that were looked at. One that had nothing to look at does not hold: it would prove nothing. */
  readonly looked: number
  readonly violations: number
  /** The first violations. */
  readonly first: readonly string[]
}

const SHOWN = 5

export const INVARIANTS: readonly Invariant[] = [
  ...RECORD_INVARIANTS,
  ...JOURNAL_INVARIANTS,
  ...CENTRE_INVARIANTS,
  ...CASE_INVARIANTS,
  ...FINGER_INVARIANTS,
]

export function checkInvariants(facts: OutageFacts): InvariantResult[] {
  return INVARIANTS.map(({ name, says, look }) => {
    const { looked, wrong } = look(facts)
    const holds = looked > 0 && wrong.length === 0
    return { name, says, holds, looked, violations: wrong.length, first: wrong.slice(0, SHOWN) }
  })
}

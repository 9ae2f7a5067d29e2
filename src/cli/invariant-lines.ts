import type { InvariantResult } from '../simulate/invariants.js'
import { formatCount, formatTable } from './text.js'

/** Ends the `--help` of each simulation, and is said in its page of docs. */
export const SIMULATE_EXIT_HELP =
  'Exit code 1 when something that must hold does not, or when a run had nothing to look at for it (UNSEEN): ' +
  'nothing is broken then, but nothing is proven either.'

/** Table of a simulation's invariants, then the first violations of each that does not hold. */
export function invariantLines(invariants: readonly InvariantResult[]): string[] {
  const rows = invariants.map(each => [
    statusOf(each),
    each.name,
    formatCount(each.looked),
    formatCount(each.violations),
    each.says,
  ])
  return [
    formatTable([['', 'invariant', 'looked at', 'broken', ''], ...rows], [2, 3]),
    ...invariants.flatMap(({ name, first }) => first.map(what => `${name}: ${what}`)),
    ...unseenLines(invariants),
  ]
}

function statusOf({ holds, violations }: InvariantResult): string {
  if (holds) return 'holds'
  return violations === 0 ? 'UNSEEN' : 'BROKEN'
}

function unseenLines(invariants: readonly InvariantResult[]): string[] {
  const unseen = invariants.filter(each => statusOf(each) === 'UNSEEN')
  if (unseen.length === 0) return []
  const names = unseen.map(({ name }) => name).join(', ')
  return [`UNSEEN: there was nothing to look at for ${names}; run longer, larger or with another seed`]
}

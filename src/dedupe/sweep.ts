import { LEARNED_SHORTLIST, SHORTLIST } from '../options.js'
import type { Finding, Stretch } from './findings.js'
import type { DedupeSet } from './set.js'

/**
 * Searches under way at a time: as many as a gallery lets run (LANES of core/gallery-memory.ts), so that workers find something
 * to do in one while another waits for its last part.
 */
const IN_FLIGHT = 8

export interface SweepDemand {
  readonly minScore: number
  readonly exhaustive: boolean
  readonly signal: AbortSignal | undefined
}

/**
 * Searches the set for each of its templates from number `from` on. What each search found is given to `accept` in the order of
 * the numbers; the next search of its turn waits for that. The first error ends it, when all that is under way has ended.
 */
export async function sweep(
  set: DedupeSet,
  from: number,
  demand: SweepDemand,
  accept: (stretch: Stretch) => Promise<void>,
): Promise<void> {
  const numbers = new Map(set.ids.map((id, number) => [id, number]))
  const waiting = new Map<number, Stretch>()
  let next = from
  let accepted = from
  let failed = false
  const takeTurns = async () => {
    while (next < set.ids.length && !failed) {
      const number = next++
      try {
        waiting.set(number, await searchFor(set, number, numbers, demand))
        const taken: Promise<void>[] = []
        for (let stretch = waiting.get(accepted); stretch !== undefined; stretch = waiting.get(accepted)) {
          waiting.delete(accepted++)
          taken.push(accept(stretch))
        }
        await Promise.all(taken)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, takeTurns))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

async function searchFor(
  set: DedupeSet,
  number: number,
  numbers: ReadonlyMap<string, number>,
  { minScore, exhaustive, signal }: SweepDemand,
): Promise<Stretch> {
  signal?.throwIfAborted()
  const template = set.get(set.ids[number])
  if (template === undefined) return { from: number, to: number + 1, findings: [], truncated: [] }
  const demand = { minScore, exhaustive, ...(signal && { signal }) }
  const few = await set.search(template, { ...demand, limit: LEARNED_SHORTLIST })
  // Hardly any template has so many, and those that a search compares beyond them are half of its cost.
  const enough = few.candidates.length < LEARNED_SHORTLIST
  const { candidates, searched } = enough ? few : await set.search(template, { ...demand, limit: SHORTLIST })
  const findings: Finding[] = []
  for (const { id, score, codes } of candidates) {
    const found = numbers.get(id)
    // One that came or was replaced meanwhile is not of the set.
    if (found !== undefined && found !== number && set.holds(id)) findings.push({ probe: number, found, score, codes })
  }
  const all = candidates.length === SHORTLIST && searched > SHORTLIST
  return { from: number, to: number + 1, findings, truncated: all ? [number] : [] }
}

import type { Survivors } from '../core/searcher.js'

/**
 * The places of the `count` best over the lists of all workers, whose slots are places: by score, equal ones by place, so
 * that it does not matter which worker met which.
 */
export function bestPlaces(lists: readonly Survivors[], count: number): Uint32Array {
  const all = lists.flatMap(({ slots, scores }) => Array.from(slots, (slot, i) => ({ slot, score: scores[i] })))
  all.sort((a, b) => b.score - a.score || a.slot - b.slot)
  return Uint32Array.from(all.slice(0, count), ({ slot }) => slot)
}

/** Neighbouring parts of `all`, as equal as can be: at most `parts`, none below `least` unless it is the only one. */
export function split(all: Uint32Array, parts: number, least: number): Uint32Array[] {
  const count = Math.max(1, Math.min(parts, Math.floor(all.length / least)))
  return Array.from({ length: count }, (_, i) =>
    all.slice(Math.round((all.length * i) / count), Math.round((all.length * (i + 1)) / count)),
  )
}

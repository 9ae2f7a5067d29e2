import type { Evening } from './evening.js'

/** Something that must hold on every evening, however short everything is. */
export interface ShortageInvariant {
  readonly name: string
  /** In plain words. */
  readonly says: string
  /** Looks at everything it is about: how many things those are, and what is wrong, in words that name no person. */
  readonly look: (evening: Evening) => { readonly looked: number; readonly wrong: readonly string[] }
}

/** Things that are there more than once. */
export function repeated<T>(things: readonly T[]): T[] {
  const seen = new Set<T>()
  return things.filter(thing => seen.has(thing) || !seen.add(thing))
}

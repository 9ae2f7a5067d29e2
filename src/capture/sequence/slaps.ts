/** Prints that were captured together, or one after the other in one go, and how the fingers of such a batch may have been numbered wrongly. */
import type { ReadPrint } from './read-prints.js'

const HAND = 5

export type NumberingName = 'mirrored' | 'reversed' | 'shifted'

/** What a finger is that was numbered so; undefined where there is none. */
export interface Numbering {
  readonly name: NumberingName
  readonly of: (position: number) => number | undefined
}

const handOf = (position: number) => (position > HAND ? 1 : 0)
const isThumb = (position: number) => position % HAND === 1

/** The same finger of the other hand. */
const mirrored = (position: number) => (position > HAND ? position - HAND : position + HAND)

/**
 * A slap of the other hand is numbered as the one that was asked for from left to right: index and little finger change places
 * (reversed); where something knew the hand by its shape, they do not (mirrored). Where an outer finger was not seen, all others
 * are numbered one off.
 */
export const NUMBERINGS: readonly Numbering[] = [
  { name: 'reversed', of: position => (isThumb(position) ? mirrored(position) : 12 - position) },
  { name: 'mirrored', of: mirrored },
  { name: 'shifted', of: position => neighbour(position, 1) },
  { name: 'shifted', of: position => neighbour(position, -1) },
]

function neighbour(position: number, step: number): number | undefined {
  const other = position + step
  return isThumb(position) || isThumb(other) || other > 2 * HAND || handOf(other) !== handOf(position)
    ? undefined
    : other
}

/** Places of the prints of each slap: captures of two and more prints of one hand that are not just a thumb. */
export function slapsOf(prints: readonly ReadPrint[]): number[][] {
  const groups = [...new Set(prints.flatMap(({ group }) => group ?? []))]
  return groups
    .map(group => prints.flatMap((print, i) => (print.group === group ? [i] : [])))
    .filter(members => new Set(members.map(i => handOf(prints[i].position))).size === 1)
}

/** Places of the single captures of each hand and impression, three and more. */
export function singlesOf(prints: readonly ReadPrint[]): number[][] {
  const kinds = new Map<string, number[]>()
  prints.forEach(({ group, impression, position }, i) => {
    if (group !== undefined) return
    const kind = `${impression} ${handOf(position)}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), i])
  })
  return [...kinds.values()].filter(members => new Set(members.map(i => prints[i].position)).size > 2)
}

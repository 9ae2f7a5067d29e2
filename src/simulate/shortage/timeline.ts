import type { Evening } from './evening.js'
import { everybody, type World } from './world.js'

/** How things stood on an evening, over all stations. Everything but the first group is a sum since the first day. */
export interface ShortageDay {
  /** From 1. */
  readonly day: number
  /** Blanks that could be printed on, ribbons and films in store, requests that wait, cards of which nobody knows, letters that are valid. */
  readonly blanks: number
  readonly consumables: number
  readonly waiting: number
  readonly open: number
  readonly letters: number
  readonly recorded: number
  readonly cleared: number
  readonly delivered: number
  readonly printed: number
  readonly spoiled: number
  readonly handedOver: number
  readonly lettersIssued: number
  readonly answers: number
  readonly cuts: number
}

export function timelineDay(world: World, evening: Evening): ShortageDay {
  const { stations, persons, day } = evening
  const lots = stations.flatMap(each => each.lots)
  const cards = stations.flatMap(each => each.cards)
  const sum = (quantities: readonly number[]) => quantities.reduce((total, quantity) => total + quantity, 0)
  const of = (account: 'available' | 'spoiled', isBlank: boolean) =>
    sum(lots.filter(({ item }) => (item === 'blank') === isBlank).map(({ accounts }) => accounts[account] ?? 0))
  const inState = (...states: string[]) => cards.filter(({ state }) => states.includes(state)).length
  const requests = stations.flatMap(({ says }) => says.requests)
  return {
    day: day + 1,
    blanks: of('available', true),
    consumables: of('available', false),
    waiting: requests.filter(({ state }) => state === 'waiting').length,
    open: inState('open'),
    letters: stations.flatMap(({ says }) => says.letters).filter(({ state }) => state === 'valid').length,
    recorded: persons.length,
    cleared: persons.filter(({ clearedOn }) => clearedOn !== undefined).length,
    delivered: deliveredBlanks(evening),
    printed: inState('printed', 'handed-over'),
    spoiled: of('spoiled', true),
    handedOver: inState('handed-over'),
    lettersIssued: evening.letters.length,
    answers: cards.filter(({ answer }) => answer !== undefined).length,
    cuts: sum(everybody(world).map(({ cuts }) => cuts)),
  }
}

/** Of all that the ministry sent. */
function deliveredBlanks({ stations, delivered }: Evening): number {
  const blanks = new Set(
    stations.flatMap(({ lots }) => lots.filter(({ item }) => item === 'blank').map(({ lot }) => lot)),
  )
  return Object.entries(delivered).reduce((sum, [lot, quantity]) => sum + (blanks.has(lot) ? quantity : 0), 0)
}

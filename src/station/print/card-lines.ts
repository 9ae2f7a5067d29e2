/** Printed cards as people name them, and as lines of a note. */
import { SidikError } from '../../errors.js'
import { canonical, countOf, joined } from '../stock/ranges.js'
import { parseSerials } from '../stock/serials.js'
import type { SerialRange, StockLine } from '../stock/types.js'
import type { JobRow } from './rows.js'

/** Most cards of one shipment. */
const MOST_CARDS = 500

/** A card, or what somebody took for one. */
export interface NotedCard {
  readonly lot: string
  readonly prefix: string | null
  readonly digits: number | null
  readonly number: number | null
}

/** Ids that a caller gave, each once. @throws TypeError, RangeError naming the member */
export function listOfCards(given: unknown, least: 0 | 1): string[] {
  if (!Array.isArray(given)) throw new TypeError('cards must be a list')
  if (given.length < least || given.length > MOST_CARDS) {
    throw new RangeError(`cards has ${given.length} members, may have ${least} to ${MOST_CARDS}`)
  }
  const seen = new Set<string>()
  for (const [place, card] of given.entries()) {
    if (typeof card !== 'string') throw new TypeError(`cards[${place}] must be a string`)
    if (seen.has(card)) throw new RangeError(`cards[${place}] is named twice`)
    seen.add(card)
  }
  return [...seen]
}

/** Finds cards by the ids of their jobs, or by the serials on them. Of two with one serial, the last of the list. */
export function cardsNamed(rows: readonly JobRow[]): (name: string) => JobRow | undefined {
  const cards = new Map<string, JobRow>()
  for (const row of rows) if (row.number !== null) cards.set(keyOf(row), row)
  for (const row of rows) cards.set(row.id, row)
  return name => {
    const serial = cards.has(name) ? undefined : serialIn(name)
    return cards.get(serial === undefined ? name : keyOf(serial))
  }
}

type Serial = Omit<NotedCard, 'lot'>

/** No id has a space in it. */
const keyOf = ({ prefix, digits, number }: Serial) => `serial ${prefix} ${digits} ${number}`

/** Undefined for what is no single serial. */
export function serialIn(text: string): Serial | undefined {
  try {
    const [range, ...others] = parseSerials(text)
    if (others.length > 0 || countOf(range) !== 1) return undefined
    const { prefix, digits, first } = canonical(range)
    return { prefix, digits, number: first }
  } catch (error) {
    if (error instanceof SidikError) return undefined
    throw error
  }
}

/** By lot, and serials as ranges: a lot that has none is counted. */
export function linesOfCards(cards: readonly NotedCard[]): StockLine[] {
  const lots = new Map<string, { quantity: number; serials: SerialRange[] }>()
  for (const { lot, prefix, digits, number } of cards) {
    const key = JSON.stringify([lot, number !== null])
    const known = lots.get(key) ?? { quantity: 0, serials: [] }
    lots.set(key, known)
    known.quantity++
    if (number !== null)
      known.serials.push(canonical({ prefix: prefix!, digits: digits!, first: number, last: number }))
  }
  return [...lots].map(([key, { quantity, serials }]) => {
    const [lot] = JSON.parse(key) as [string]
    return { lot, quantity, ...(serials.length > 0 && { serials: joined(serials) }) }
  })
}

/** What callers give, checked before anything is asked of the books. */
import { SidikError } from '../../errors.js'
import { readOptions, wholeNumber } from '../../options.js'
import { momentMs } from '../clock.js'
import { nonEmptyText, personName } from '../enrol/texts.js'
import { lotRules } from '../journal/kinds-stock.js'
import { overlapIn, totalOf } from './ranges.js'
import { type Serials, serialsOf } from './serials.js'
import type { LotRules, NewStockLine, StockItem, StockLine } from './types.js'

/** So many of a lot, or these serials of it. */
export interface LineInput {
  readonly lot: string
  /** May be left out where there are serials; else it must be their number. */
  readonly quantity?: number
  readonly serials?: Serials
}

/** What comes in says what it is. */
export interface NewLineInput extends LineInput {
  readonly item: StockItem
  /** Cards that one piece prints: a ribbon 500. */
  readonly yieldCards?: number
  readonly rules?: LotRules
}

const NAME = /^[A-Za-z0-9._:/-]{1,64}$/
const MOST_LINES = 500
const MOST_QUANTITY = 100_000_000
const MOST_YIELD = 1_000_000
const MOST_ITEM = 64
const MOST_WORDS = 1_000

/** The name of a lot, a shipment, a printer. @throws TypeError, RangeError */
export function nameOf(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`)
  if (NAME.test(value)) return value
  throw new RangeError(`${name} must be 1 to 64 letters, digits, '.', '_', ':', '/' or '-'`)
}

/** @throws TypeError, RangeError */
export function wordsOf(name: string, value: unknown): string {
  return nonEmptyText(name, value, MOST_WORDS)
}

/** `least` is 0 where none may be counted. @throws TypeError, RangeError naming the line; SidikError STOCK_FORMAT, STOCK_OVERLAP */
export function linesOf(call: string, given: unknown, least = 1): StockLine[] {
  const lines = listOf(given).map((line, place) => {
    const name = `lines[${place}]`
    return lineOf(name, readOptions(`${call}: ${name}`, line as LineInput, ['lot', 'quantity', 'serials']), least)
  })
  assertNamedOnce(lines)
  return lines
}

/** As {@link linesOf}. */
export function newLinesOf(call: string, given: unknown): NewStockLine[] {
  const names = ['lot', 'quantity', 'serials', 'item', 'yieldCards', 'rules'] as const
  const lines = listOf(given).map((line, place): NewStockLine => {
    const name = `lines[${place}]`
    const asked = readOptions(`${call}: ${name}`, line as NewLineInput, names)
    const { yieldCards, rules } = asked
    const item = nonEmptyText(`${name}.item`, asked.item, MOST_ITEM)
    if (yieldCards !== undefined && asked.serials !== undefined) {
      throw new SidikError('STOCK_FORMAT', `${name}: consumables are counted, and have no serials`)
    }
    return {
      ...lineOf(name, asked, 1),
      item,
      ...(yieldCards !== undefined && { yieldCards: wholeNumber(`${name}.yieldCards`, yieldCards, 1, MOST_YIELD) }),
      ...(rules !== undefined && { rules: givenRules(`${name}.rules`, rules) }),
    }
  })
  assertNamedOnce(lines)
  return lines
}

/** Two that act together. @throws TypeError, RangeError; SidikError STOCK_WITNESS when they are one */
export function twoPersons(given: unknown): [string, string] {
  if (!Array.isArray(given) || given.length === 0) throw new TypeError('operators must be a list of two names')
  const names = given.map((name, place) => personName(`operators[${place}]`, name))
  if (names.length === 2 && samePerson(names[0]) !== samePerson(names[1])) return [names[0], names[1]]
  const what = names.length === 2 ? 'both names are of one person' : `${names.length} named`
  throw new SidikError('STOCK_WITNESS', `two different persons are needed: ${what}`)
}

/** One name can be written in several ways: other capitals, other spaces, other code points for the same letters, letters that show nothing. */
function samePerson(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function listOf(given: unknown): readonly unknown[] {
  if (!Array.isArray(given)) throw new TypeError('lines must be a list')
  if (given.length >= 1 && given.length <= MOST_LINES) return given
  throw new RangeError(`lines has ${given.length} members, may have 1 to ${MOST_LINES}`)
}

function lineOf(name: string, { lot, quantity, serials }: LineInput, least: number): StockLine {
  const id = nameOf(`${name}.lot`, lot)
  const given = quantity === undefined ? undefined : wholeNumber(`${name}.quantity`, quantity, least, MOST_QUANTITY)
  if (serials === undefined) {
    if (given === undefined) throw new TypeError(`${name} must have quantity or serials`)
    return { lot: id, quantity: given }
  }
  const ranges = serialsOf(`${name}.serials`, serials)
  const total = totalOf(ranges)
  if (total > MOST_QUANTITY) throw new RangeError(`${name}.serials are ${total}, may be ${MOST_QUANTITY}`)
  if (given !== undefined && given !== total) {
    throw new SidikError('STOCK_FORMAT', `${name}: quantity is ${given}, and its serials are ${total}`)
  }
  return { lot: id, quantity: total, serials: ranges }
}

function givenRules(name: string, rules: unknown): LotRules {
  const parsed = lotRules.safeParse(rules)
  if (parsed.success) return parsed.data
  throw new TypeError(
    `${name} is not what rules of a lot are: ${parsed.error.issues[0]?.path.join('.') || 'all of it'}`,
  )
}

/** No serial twice, whatever the lot: those of several lots of one item must differ too. */
function assertNamedOnce(lines: readonly (StockLine & { item?: string })[]): void {
  const groups = new Map<string, StockLine[]>()
  for (const line of lines) {
    const key = line.item ?? `lot ${line.lot}`
    groups.set(key, [...(groups.get(key) ?? []), line])
  }
  for (const group of groups.values()) {
    const overlap = overlapIn(group.flatMap(({ serials }) => serials ?? []))
    if (overlap === undefined) continue
    const places = lines.flatMap(({ serials }, place) =>
      overlap.some(range => serials?.includes(range)) ? [place] : [],
    )
    const where = places.map(place => `lines[${place}]`).join(' and ')
    throw new SidikError('STOCK_OVERLAP', `${where}: a serial is named twice`)
  }
}

/** A time as the journal writes it. @throws TypeError, RangeError when it is given and no time */
export function timeIn(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw new TypeError(`${name} must be a time as text (ISO 8601)`)
  const ms = momentMs(value)
  if (ms === undefined) throw new RangeError(`${name} is no time of ISO 8601`)
  return new Date(ms).toISOString()
}

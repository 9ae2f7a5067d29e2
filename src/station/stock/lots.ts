/** Lots as they are described. */
import { SidikError } from '../../errors.js'
import { keptJson } from '../guard/kept-json.js'
import { lotRules } from '../journal/kinds-stock.js'
import type { StationFile } from '../store/database.js'
import type { LotRules, NewStockLine } from './types.js'

export interface LotRow {
  readonly id: string
  readonly item: string
  readonly yield_cards: number | null
  /** LotRules as JSON. */
  readonly rules: string | null
}

/**
 * What this station and those above it say of a lot. The row's id is the lot's name; what a station
 * below says lies under {@link wordOf}.
 */
export function lotOf(file: StationFile, id: string): LotRow | undefined {
  return file.get<LotRow>('SELECT id, item, yield_cards, rules FROM lot WHERE id = ?', id)
}

/** Id of the row with what a station below says of a lot. Names of lots and stations have no space. */
export function wordOf(station: string, lot: string): string {
  return `${lot} ${station}`
}

/** A lot by the word of some station below. */
export function wordOfAny(file: StationFile, lot: string): LotRow | undefined {
  const sql = 'SELECT id, item, yield_cards, rules FROM lot WHERE id > ? AND id < ? ORDER BY id LIMIT 1'
  return file.get<LotRow>(sql, `${lot} `, `${lot}!`)
}

/** SQL of what a lot is in the books of `station`: what stations above leave open, its own word says. */
export function lotField(field: 'item' | 'yield_cards' | 'rules', lot: string, station: string): string {
  const where = (id: string) => `(SELECT ${field} FROM lot WHERE id = ${id})`
  return `coalesce(${where(lot)}, ${where(`${lot} || ' ' || ${station}`)})`
}

const FIELDS = (['item', 'yield_cards', 'rules'] as const).map(
  field => `${lotField(field, 'asked.lot', 'asked.station')} AS ${field}`,
)

/** A lot as it stands in the books of a station. */
export function lotAt(file: StationFile, station: string, lot: string): LotRow | undefined {
  const sql = `SELECT asked.lot AS id, ${FIELDS.join(', ')} FROM (SELECT ? AS lot, ? AS station) AS asked`
  const row = file.get<Omit<LotRow, 'item'> & { readonly item: string | null }>(sql, lot, station)!
  return row.item === null ? undefined : (row as LotRow)
}

/** @throws SidikError STATION_ALTERED where they are none */
export function rulesOf(file: StationFile, { id, rules }: Pick<LotRow, 'id' | 'rules'>): LotRules | undefined {
  return rules === null ? undefined : keptJson(file, lotRules, rules, `what is kept of lot ${id}`)
}

/** What of a lot a line describes in another way than is known; what either leaves open does not differ. */
export function describedOtherwise(
  file: StationFile,
  known: LotRow,
  { item, yieldCards, rules }: NewStockLine,
): 'item' | 'yieldCards' | 'rules' | undefined {
  if (item !== known.item) return 'item'
  if (yieldCards !== undefined && known.yield_cards !== null && yieldCards !== known.yield_cards) return 'yieldCards'
  const isSame = rules === undefined || known.rules === null || inOneWay(rules) === inOneWay(rulesOf(file, known)!)
  return isSame ? undefined : 'rules'
}

function inOneWay({ states, quota, until }: LotRules): string {
  const { new: first, replacement } = quota ?? {}
  return JSON.stringify([states === undefined ? null : [...states].sort(), first, replacement, until])
}

/** @throws SidikError STOCK_FORMAT for a lot that is known as something else, or that the lines describe in two ways */
export function assertSameLots(file: StationFile, lines: readonly NewStockLine[]): void {
  const described = new Map<string, LotRow>()
  for (const line of lines) {
    const { lot, item, yieldCards = null, rules } = line
    const before = described.get(lot) ?? lotOf(file, lot)
    const field = before && describedOtherwise(file, before, line)
    if (field !== undefined) {
      const what = described.has(lot) ? 'the list describes a lot in two ways' : `lot ${lot} is known as something else`
      throw new SidikError('STOCK_FORMAT', `${what}: ${field}`)
    }
    described.set(lot, {
      id: lot,
      item,
      yield_cards: before?.yield_cards ?? yieldCards,
      rules: before?.rules ?? (rules === undefined ? null : JSON.stringify(rules)),
    })
  }
}

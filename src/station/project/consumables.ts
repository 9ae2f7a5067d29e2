/** What is in the printers, and how many cards were printed with it. */
import type { EntryHeader } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { lotAt } from '../stock/lots.js'
import { balanceOf } from '../stock/lying.js'
import type { StationFile } from '../store/database.js'
import { noteDiscrepancy } from './discrepancies.js'

/** Below this share of its yield a consumable that is said to be used up has printed far fewer cards than it should. */
const FEW = 0.8

interface Installed {
  readonly lot: string
  readonly cards: number
}

export function isInstalled(file: StationFile, station: string, printer: string, item: string): boolean {
  return (
    file.get('SELECT 1 FROM consumable WHERE station = ? AND printer = ? AND item = ?', station, printer, item) !==
    undefined
  )
}

export function installed(file: StationFile, station: string, printer: string, lot: string): Installed | undefined {
  const sql = 'SELECT lot, cards FROM consumable WHERE station = ? AND printer = ? AND lot = ?'
  return file.get<Installed>(sql, station, printer, lot)
}

/** A piece that was begun and put back goes first, the one that was put back first before others. */
export function putIn(file: StationFile, header: EntryHeader, { printer, lot }: BodyOf<'consumable-installed'>): void {
  const { station, at } = header
  const { item } = lotAt(file, station, lot)!
  const opened = file.get<{ sequence: number; cards: number }>(
    'SELECT sequence, cards FROM opened_consumable WHERE station = ? AND lot = ? ORDER BY sequence LIMIT 1',
    station,
    lot,
  )
  if (opened !== undefined) {
    file.run('DELETE FROM opened_consumable WHERE station = ? AND sequence = ?', station, opened.sequence)
  }
  file.run(
    'INSERT INTO consumable (station, printer, lot, item, cards, installed_at) VALUES (?, ?, ?, ?, ?, ?)',
    station,
    printer,
    lot,
    item,
    opened?.cards ?? 0,
    at,
  )
}

export function takeOut(file: StationFile, header: EntryHeader, body: BodyOf<'consumable-removed'>): void {
  const { station, sequence } = header
  const { printer, lot, outcome } = body
  const { cards } = installed(file, station, printer, lot)!
  file.run('DELETE FROM consumable WHERE station = ? AND printer = ? AND lot = ?', station, printer, lot)
  if (outcome === 'put-back') {
    const sql = 'INSERT INTO opened_consumable (station, sequence, lot, cards) VALUES (?, ?, ?, ?)'
    if (cards > 0) file.run(sql, station, sequence, lot, cards)
    return
  }
  const yieldCards = lotAt(file, station, lot)?.yield_cards ?? undefined
  if (yieldCards === undefined) return
  const isFew = outcome === 'used-up' && cards < yieldCards * FEW
  if (isFew || cards > yieldCards) noteDiscrepancy(file, header, 'yield-differs', { lot, printer, cards, yieldCards })
}

/** A card was printed with these. */
export function countCard(file: StationFile, station: string, printer: string, lots: readonly string[]): void {
  for (const lot of new Set(lots)) {
    const sql = 'UPDATE consumable SET cards = cards + 1 WHERE station = ? AND printer = ? AND lot = ?'
    file.run(sql, station, printer, lot)
  }
}

/** Where fewer pieces are left than were begun, those that were begun first have gone. */
export function dropOpened(file: StationFile, station: string, lots: readonly string[]): void {
  for (const lot of new Set(lots)) {
    const sql = 'SELECT count(*) AS opened FROM opened_consumable WHERE station = ? AND lot = ?'
    const more = file.get<{ opened: number }>(sql, station, lot)!.opened - balanceOf(file, station, lot, 'available')
    if (more <= 0) continue
    file.run(
      `DELETE FROM opened_consumable WHERE station = ? AND sequence IN
         (SELECT sequence FROM opened_consumable WHERE station = ? AND lot = ? ORDER BY sequence LIMIT ?)`,
      station,
      station,
      lot,
      more,
    )
  }
}

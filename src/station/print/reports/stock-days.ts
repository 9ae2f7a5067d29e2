/** What there was of each item at the end of each day. */
import { type Amounts, addAll, cameFrom, type LotBooks } from './books.js'
import { daysOf, dayText, type Period } from './period.js'
import type { StockDay } from './types.js'

export function stockDays(books: readonly LotBooks[], period: Period): StockDay[] {
  const running = byItem(books).map(({ station, item, lots }) => {
    const days = new Map<number, Amounts>()
    for (const { days: ofLot } of lots) {
      for (const [day, amounts] of ofLot) {
        const sum = days.get(day) ?? {}
        days.set(day, sum)
        addAll(sum, amounts)
      }
    }
    const held: Amounts = {}
    let isKnown = false
    for (const [day, amounts] of days) {
      if (day >= period.first) continue
      addAll(held, amounts)
      isKnown = true
    }
    return { station, item, days, held, isKnown }
  })
  const rows: StockDay[] = []
  for (const day of daysOf(period)) {
    for (const each of running) {
      const change = each.days.get(day) ?? {}
      each.isKnown ||= each.days.has(day)
      addAll(each.held, change)
      if (each.isKnown) rows.push(rowOf(dayText(day), each, change))
    }
  }
  return rows
}

function rowOf(
  day: string,
  { station, item, held }: { readonly station: string; readonly item: string; readonly held: Amounts },
  change: Amounts,
): StockDay {
  const { available = 0, reserved = 0, installed = 0 } = held
  const { printed = 0, used = 0, spoiled = 0, returned = 0, sent = 0, missing = 0 } = change
  const [received, found] = [cameFrom(change, 'received'), cameFrom(change, 'found')]
  const left = { available, reserved, installed }
  return { day, station, item, ...left, received, found, printed, used, spoiled, returned, sent, missing }
}

/** Lots of one item at one station; stations as they come, items by name. */
function byItem(books: readonly LotBooks[]): { station: string; item: string; lots: LotBooks[] }[] {
  const groups: { station: string; item: string; lots: LotBooks[] }[] = []
  for (const each of books) {
    const group = groups.find(({ station, item }) => station === each.station && item === each.item)
    if (group === undefined) groups.push({ station: each.station, item: each.item, lots: [each] })
    else group.lots.push(each)
  }
  return groups.sort((a, b) => compare(a.station, b.station) || compare(a.item, b.item))
}

/** By code points, so that the order is the same everywhere. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

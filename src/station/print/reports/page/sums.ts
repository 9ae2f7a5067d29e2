/** What the page shows, from the report: sums over its stations, day by day. */
import type { PrintReport } from '../types.js'

export const BLANK = 'blank'

export interface DaySums {
  readonly day: string
  readonly blanks: number
  readonly received: number
  readonly waiting: number
  readonly waitingNew: number
  readonly printed: number
}

export function daySums({ stock, queue }: PrintReport): DaySums[] {
  const days = new Map<string, { -readonly [K in keyof DaySums]: DaySums[K] }>()
  for (const { day, waiting, waitingNew, printed } of queue) {
    const sums = days.get(day) ?? { day, blanks: 0, received: 0, waiting: 0, waitingNew: 0, printed: 0 }
    days.set(day, sums)
    sums.waiting += waiting
    sums.waitingNew += waitingNew
    sums.printed += printed
  }
  for (const { day, item, available, received } of stock) {
    if (item !== BLANK) continue
    const sums = days.get(day)!
    sums.blanks += available
    sums.received += received
  }
  return [...days.values()]
}

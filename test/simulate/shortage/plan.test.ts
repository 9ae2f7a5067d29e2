import { describe, expect, it } from 'vitest'
import { planShortage } from '../../../dist/simulate/shortage/plan.js'

const full = planShortage({ days: 120, offices: 5, seed: 1 })
const days = full.stations.flatMap(station => station.days)
const boxes = days.flatMap(day => day.deliveries)
const residents = days.flatMap(day => day.residents)
const count = <T>(of: readonly T[], when: (each: T) => unknown) => of.filter(when).length

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planShortage({ days: 120, offices: 5, seed: 1 })).toEqual(full)
    expect(planShortage({ days: 120, offices: 5, seed: 2 })).not.toEqual(full)
  })

  it('records everybody once, and nobody at the hub', () => {
    expect(residents.map(({ number }) => number)).toEqual(residents.map((_, i) => i))
    expect(full.stations[0].days.flatMap(day => day.residents)).toEqual([])
  })

  it('has clocks that are right, ahead and behind, by whole days', () => {
    const plans = [1, 2, 3, 4].map(seed => planShortage({ days: 2, offices: 5, seed }))
    const errorsDays = plans.flatMap(({ stations }) =>
      stations.map(({ clockErrorMs = 0 }) => clockErrorMs / 86_400_000),
    )
    expect(new Set(errorsDays.map(Math.sign)).size).toBe(3)
    for (const days of errorsDays) expect(Math.abs(days - Math.round(days))).toBe(0)
    expect(Math.max(...errorsDays.map(Math.abs))).toBeLessThanOrEqual(40)
  })

  it('gives each lot a name and each blank a serial of its own', () => {
    const lines = boxes.flatMap(box => box.lines)
    expect(new Set(lines.map(({ lot }) => lot)).size).toBe(lines.length)
    const ranges = lines.flatMap(({ serials = [] }) => serials)
    const byPlace = [...ranges].sort((a, b) => (a.prefix < b.prefix ? -1 : a.prefix > b.prefix ? 1 : a.first - b.first))
    byPlace.slice(1).forEach((range, i) => {
      if (range.prefix === byPlace[i].prefix) expect(range.first).toBeGreaterThan(byPlace[i].last)
    })
    for (const { quantity, serials = [] } of lines) {
      for (const { first, last } of serials) expect(last - first + 1).toBe(quantity)
    }
  })

  it('of full size has everything that it is for, in numbers that count', () => {
    expect(residents.length).toBeGreaterThan(1_500)
    for (const line of ['up', 'lossy', 'down']) expect(count(days, day => day.line === line)).toBeGreaterThan(50)
    expect(count(days, ({ cutAtEntry }) => cutAtEntry !== undefined)).toBeGreaterThan(40)
    expect(count(days, ({ mostCards }) => mostCards === 0)).toBeGreaterThan(20)
    for (const loss of ['wet', 'vanishing', 'returning'] as const) {
      expect(
        count(days, day => day[loss] > 0),
        loss,
      ).toBeGreaterThan(3)
    }
    expect(count(boxes, ({ lacking }) => lacking > 0)).toBeGreaterThan(5)
    expect(count(boxes, ({ isTypedTwice }) => isTypedTwice)).toBeGreaterThan(5)
    expect(count(boxes, ({ isOverlapping }) => isOverlapping)).toBeGreaterThan(5)
    expect(count(boxes, ({ announcedDaysBefore }) => announcedDaysBefore !== undefined)).toBeGreaterThan(10)
    expect(count(boxes, ({ lines }) => lines[0].rules?.quota)).toBeGreaterThan(5)
    expect(count(boxes, ({ lines }) => lines[0].rules?.until)).toBeGreaterThan(3)
    expect(count(boxes, ({ lines }) => lines[0].item === 'blank' && !lines[0].serials)).toBeGreaterThan(5)
    const states = residents.map(({ decision }) => decision?.state ?? 'never')
    for (const state of ['never', 'DUPLICATE_RECORD', 'ENROLL_FAILURE_AT_CENTRAL']) {
      expect(
        count(states, each => each === state),
        state,
      ).toBeGreaterThan(20)
    }
    for (const what of ['isUrgent', 'losesAfterDays', 'withdrawsAfterDays', 'letterAfterDays'] as const) {
      expect(
        count(residents, resident => resident[what] !== undefined && resident[what] !== false),
        what,
      ).toBeGreaterThan(5)
    }
  })

  it('leaves everybody without blanks for a third of the time', () => {
    for (const { days } of full.stations) {
      const bringing = days.flatMap(({ deliveries }, day) =>
        deliveries.some(({ lines }) => lines[0].item === 'blank') ? [day] : [],
      )
      const gaps = [...bringing, 120].map((day, i) => day - (bringing[i - 1] ?? 0))
      expect(Math.max(...gaps)).toBeGreaterThanOrEqual(36)
    }
  })
})

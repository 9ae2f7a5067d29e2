import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planOutage } from '../../dist/simulate/plan.js'

const sizes = fc.record({
  kiosks: fc.integer({ min: 1, max: 9 }),
  days: fc.integer({ min: 1, max: 20 }),
  records: fc.integer({ min: 1, max: 400 }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
})

const full = planOutage({ kiosks: 8, days: 90, records: 20_000, seed: 1 })
const slotsOf = (kiosk: (typeof full.kiosks)[number]) => kiosk.days.flatMap(({ slots }) => slots)

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    fc.assert(
      fc.property(sizes, size => {
        const again = planOutage(size)
        expect(again).toEqual(planOutage(size))
        expect(again).not.toEqual(planOutage({ ...size, seed: (size.seed + 1) % 2 ** 32, records: size.records + 1 }))
      }),
      { numRuns: 20 },
    )
  })

  it('enrols every person once, and corrects and withdraws nobody before, twice or at another kiosk', () => {
    fc.assert(
      fc.property(sizes, size => {
        const { kiosks, hub } = planOutage(size)
        expect(kiosks).toHaveLength(size.kiosks)
        expect(hub).toHaveLength(size.days)
        const everybody = kiosks.flatMap(kiosk => slotsOf(kiosk).flatMap(({ enrol }) => enrol))
        expect(everybody.sort((a, b) => a - b)).toEqual(Array.from({ length: size.records }, (_, i) => i))
        for (const kiosk of kiosks) {
          expect(kiosk.days).toHaveLength(size.days)
          const here = new Map<number, string>()
          for (const { enrol, correct, withdraw } of slotsOf(kiosk)) {
            for (const person of correct) expect(here.get(person)).toBe('enrolled')
            for (const person of correct) here.set(person, 'corrected')
            for (const person of withdraw) expect(here.get(person)).toMatch(/enrolled|corrected/)
            for (const person of withdraw) here.set(person, 'withdrawn')
            for (const person of enrol) here.set(person, 'enrolled')
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('pairs persons of two kiosks, the earlier one first, and nobody in two pairs', () => {
    fc.assert(
      fc.property(sizes, size => {
        const { kiosks, sameNik, samePerson, clone } = planOutage(size)
        const placeOf = new Map(
          kiosks.flatMap((kiosk, i) =>
            slotsOf(kiosk).flatMap(({ enrol }, slot) => enrol.map(person => [person, { kiosk: i, slot }] as const)),
          ),
        )
        const pairs = [...sameNik, ...samePerson]
        for (const [first, second] of pairs.map(pair => pair.map(person => placeOf.get(person)!))) {
          expect(first.kiosk).not.toBe(second.kiosk)
          expect(first.slot).toBeLessThanOrEqual(second.slot)
        }
        expect(new Set(pairs.flat()).size).toBe(2 * pairs.length)
        expect(clone.enrol.filter(person => pairs.flat().includes(person))).toEqual([])
        const atKiosk = kiosks.map((_, i) => [...placeOf.values()].filter(({ kiosk }) => kiosk === i).length)
        // Enough persons who were elsewhere than most.
        if (size.records - Math.max(...atKiosk) > 10 + size.records / 10) {
          expect(sameNik).toHaveLength(Math.max(1, Math.round(size.records / 100)))
          expect(samePerson).toHaveLength(Math.max(1, Math.round(size.records / 50)))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('enrols on the copy of a disk no more than the kiosk enrols after it was made', () => {
    fc.assert(
      fc.property(sizes, size => {
        const { kiosks, clone } = planOutage(size)
        const since = kiosks[clone.kiosk].days
          .slice(clone.day)
          .flatMap(({ slots }) => slots.flatMap(({ enrol }) => enrol))
        expect(clone.enrol).toEqual(Array.from({ length: Math.min(3, since.length) }, (_, i) => size.records + i))
      }),
      { numRuns: 200 },
    )
  })

  it('of full size has everything that it is for, in numbers that count', () => {
    const slots = full.kiosks.flatMap(slotsOf)
    const days = full.kiosks.flatMap(kiosk => kiosk.days)
    const count = <T>(of: readonly T[], when: (each: T) => boolean) => of.filter(when).length
    for (const kind of ['up', 'down', 'stall', 'cut', 'corrupt', 'throttle']) {
      expect(
        count(slots, ({ line }) => line.kind === kind),
        kind,
      ).toBeGreaterThan(10)
    }
    for (const moment of ['transaction', 'work', 'sync']) {
      expect(
        count(slots, ({ kill }) => kill?.in === moment),
        moment,
      ).toBeGreaterThan(2)
    }
    for (const fault of ['lost-request', 'lost-answer', 'duplicate', 'late', 'replay', 'stale-answer'] as const) {
      expect(
        count(slots, ({ messages }) => messages.includes(fault)),
        fault,
      ).toBeGreaterThan(10)
    }
    expect(count(days, ({ clockErrorMs }) => clockErrorMs < 0)).toBeGreaterThan(10)
    expect(count(days, ({ clockErrorMs }) => clockErrorMs > 0)).toBeGreaterThan(10)
    expect(count(days, ({ freePages }) => freePages !== undefined)).toBeGreaterThan(5)
    const sticks = days.flatMap(({ stick }) => stick ?? [])
    for (const kind of ['lost', 'lostOnReturn', 'againAfterDays', 'missingPart', 'damagedAt'] as const) {
      expect(
        count(sticks, stick => stick[kind] !== undefined && stick[kind] !== false),
        kind,
      ).toBeGreaterThan(3)
    }
    for (const moment of ['transaction', 'work', 'check']) {
      expect(
        count(full.hub, ({ kill }) => kill?.in === moment),
        moment,
      ).toBeGreaterThan(4)
    }
    const changed = new Set(slots.flatMap(({ correct, withdraw }) => [...correct, ...withdraw]))
    expect(count(full.samePerson.flat(), person => changed.has(person))).toBeGreaterThan(5)
    expect(slots.flatMap(({ correct }) => correct).length).toBeGreaterThan(300)
    expect(slots.flatMap(({ withdraw }) => withdraw).length).toBeGreaterThan(100)
  })

  it('leaves one kiosk in eight without a line for all of the time, and others for weeks', () => {
    const longest = full.kiosks.map(kiosk => {
      let [run, most] = [0, 0]
      for (const { line } of slotsOf(kiosk)) {
        run = line.kind === 'down' || line.kind === 'stall' ? run + 1 : 0
        most = Math.max(most, run)
      }
      return most / 3
    })
    expect(longest.filter(days => days === 90)).toHaveLength(1)
    expect(longest.filter(days => days >= 14).length).toBeGreaterThanOrEqual(4)
    expect(Math.min(...longest)).toBeLessThan(14)
  })
})

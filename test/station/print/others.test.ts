/** Requests that stand against another, held against the rule pair by pair. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { othersOf } from '../../../dist/station/print/others.js'
import { ONE_TOO_MANY } from '../../../dist/station/project/printed-twice.js'
import type { StationParts } from '../../../dist/station/station.js'
import { IN_MEMORY, StationFile } from '../../../dist/station/store/database.js'

const SELF = '3276-01'
const STATES = ['waiting', 'printing', 'printed', 'handed-over', 'cancelled'] as const
const JOB_STATES = ['reserved', 'printed', 'handed-over', 'spoiled', 'released'] as const

const time = fc.integer({ min: 0, max: 5 }).map(n => `2026-01-0${n + 1}T00:00:00.000Z`)
const job = fc.record({ state: fc.constantFrom(...JOB_STATES), at: time, of: fc.nat(7) })
const request = fc.record({
  record: fc.nat(2),
  nik: fc.option(fc.nat(2), { nil: null }),
  station: fc.constantFrom(SELF, 'A-1', 'a-1', 'z'),
  prints: fc.constantFrom(SELF, SELF, SELF, 'a-1'),
  isNew: fc.boolean(),
  state: fc.constantFrom('waiting' as const, ...STATES),
  at: time,
  replaces: fc.option(fc.array(fc.nat(7), { maxLength: 4 }), { nil: null }),
})
/** 0: no record; 1: recorded; 2: withdrawn; 3: let fall by the centre; 4: cleared by it. */
const records = fc.array(fc.nat(4), { minLength: 5, maxLength: 5 })

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never
type Job = typeof job extends fc.Arbitrary<infer T> ? T : never

function write(file: StationFile, requests: readonly Request[], jobs: readonly Job[], known: readonly number[]): void {
  for (const table of ['card_request', 'print_job', 'record']) file.run(`DELETE FROM ${table}`)
  for (const [i, each] of requests.entries()) {
    const { record, nik, station, prints, isNew, state, at, replaces } = each
    file.run(
      `INSERT INTO card_request (id, record, station, prints, purpose, urgent, nik_tag, state,
         requested_at, changed_at, replaces)
       VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`,
      `q${i}`,
      `r${record}`,
      station,
      prints,
      isNew ? 'new' : 'replacement',
      nik === null ? null : new Uint8Array([nik]),
      state,
      at,
      at,
      isNew || replaces === null ? null : JSON.stringify(replaces.map(n => `j${n}`)),
    )
  }
  for (const [i, { state, at, of }] of jobs.entries()) {
    file.run(
      `INSERT INTO print_job (id, request, record, station, lot, printer, consumables, state,
      reserved_at, changed_at)
       VALUES (?, ?, 'r', 's', 'l', 'p', '[]', ?, ?, ?)`,
      `j${i}`,
      `q${of}`,
      state,
      at,
      at,
    )
  }
  for (const [i, state] of known.entries()) {
    if (state === 0) continue
    file.run(
      `INSERT INTO record (id, station, version, sequence, client_state, centre_state, transport_state, payload_bytes,
         recorded_at, changed_at)
       VALUES (?, 's', 1, 1, ?, ?, 'waiting', 0, '', '')`,
      `r${i}`,
      state === 2 ? 'withdrawn' : 'recorded',
      state === 3 ? 'DUPLICATE_RECORD' : state === 4 ? 'PRINT_READY_RECORD' : null,
    )
  }
}

/** The rule as it was: each pair of requests of one person. */
function pairByPair(file: StationFile): Map<string, string> {
  const about = (state: string) =>
    `EXISTS (SELECT 1 FROM record r WHERE r.id = o.record
       AND ${state} (r.client_state = 'withdrawn' OR r.centre_state IS 'DUPLICATE_RECORD'))`
  const [fell, stands] = [about(''), about('NOT')]
  const others = new Map<string, { printed: number; printing: number; purpose: string }>()
  for (const same of ['o.nik_tag = mine.nik_tag', 'o.record = mine.record']) {
    const rows = file.all<{ request: string; purpose: string; printed: number; printing: number }>(
      `SELECT * FROM (
         SELECT mine.id AS request, mine.purpose,
           o.state = 'printing' AND (o.prints = '${SELF}' OR NOT ${fell}) AS printing,
           (mine.purpose = 'new' OR NOT ${fell})
             AND EXISTS (SELECT 1 FROM print_job j WHERE j.request = o.id AND ${ONE_TOO_MANY}) AS printed,
           o.state = 'waiting' AND (o.station, o.id) < (mine.station, mine.id) AND ${stands} AS first
         FROM card_request mine JOIN card_request o ON ${same} AND o.id <> mine.id
         WHERE mine.state = 'waiting' AND mine.prints = '${SELF}')
       WHERE printed OR printing OR first`,
    )
    for (const row of rows) {
      const { printed = 0, printing = 0 } = others.get(row.request) ?? {}
      others.set(row.request, {
        purpose: row.purpose,
        printed: printed | row.printed,
        printing: printing | row.printing,
      })
    }
  }
  const words = ({ purpose, printed, printing }: { printed: number; printing: number; purpose: string }) => {
    if (printed) return purpose === 'new' ? /was printed$/ : /does not name/
    return printing ? /is being printed$/ : /comes first$/
  }
  return new Map([...others].map(([id, found]) => [id, String(words(found))]))
}

/** Tables alone, which nothing guards. */
const tables = () =>
  ({ file: new StationFile(IN_MEMORY, { create: true }), identity: { id: SELF } }) as unknown as StationParts

describe('other cards of the same person', () => {
  it('stand against a request as pair by pair, asked of all or of one', () => {
    const parts = tables()
    let stood = 0
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 2, maxLength: 8 }),
        fc.array(job, { maxLength: 8 }),
        records,
        (requests, jobs, known) => {
          write(parts.file, requests, jobs, known)
          const expected = pairByPair(parts.file)
          const found = othersOf(parts)
          expect([...found.keys()].sort()).toEqual([...expected.keys()].sort())
          for (const [id, words] of found) {
            expect(words).toMatch(new RegExp(expected.get(id)!.slice(1, -1)))
            stood++
          }
          for (const i of requests.keys()) {
            const alone = othersOf(parts, `q${i}`)
            expect([...alone]).toEqual([...found].filter(([id]) => id === `q${i}`))
          }
        },
      ),
      { numRuns: 1_500 },
    )
    // Else nothing was looked at.
    expect(stood).toBeGreaterThan(500)
  })

  it('are looked at once each: thousands of requests for one record, of which pairs would take minutes', () => {
    const parts = tables()
    const count = 20_000
    const each = { record: 0, nik: 0, station: 'z', prints: SELF, isNew: true, state: 'waiting', at: '' } as const
    const requests = Array.from({ length: count }, () => ({ ...each, replaces: null }))
    parts.file.transaction(() => write(parts.file, requests, [], [1]))
    expect(othersOf(parts).size).toBe(count - 1)
    parts.file.run(`INSERT INTO print_job (id, request, record, station, lot, printer, consumables, state,
      reserved_at, changed_at)
      SELECT 'j' || id, id, record, 's', 'l', 'p', '[]', 'printed', '', '' FROM card_request`)
    expect(othersOf(parts).size).toBe(count)
  })

  it('are asked for the cards that a request names only beside a card, and one request after the other', () => {
    const parts = tables()
    const each = { nik: null, station: 'z', prints: SELF, isNew: false, state: 'waiting', at: '' } as const
    const requests = [0, 1, 2].map(record => ({ ...each, record, replaces: [0, 1] }))
    const card = { state: 'printed', at: '', of: 3 } as const
    write(parts.file, [...requests, { ...each, record: 2, state: 'printed', replaces: null }], [card], [1, 1, 1])
    // Nobody reads these.
    parts.file.run(`UPDATE card_request SET replaces = 'none' WHERE record <> 'r2'`)
    const read: string[] = []
    const all = vi.spyOn(parts.file, 'all')
    expect(othersOf(parts).size).toBe(0)
    for (const { value } of all.mock.results) read.push(JSON.stringify(value))
    expect(read.join()).toContain('"q2"')
    expect(read.join()).not.toContain('replaces')
    parts.file.run(`UPDATE card_request SET replaces = '[]' WHERE record = 'r2'`)
    expect([...othersOf(parts).keys()]).toEqual(['q2'])
  })
})

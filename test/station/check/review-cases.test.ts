/** One NIK under two records: found by the first station that holds both, and no card before somebody has decided. */
import fc from 'fast-check'
import {
  adjudications,
  decide,
  handOver,
  issueLetter,
  openStation,
  planPrinting,
  printCards,
  recordOf,
  requestCard,
  type Station,
  status,
  verifyStation,
  withdraw,
} from 'sidik/station'
import { describe, expect, it, vi } from 'vitest'
import { reviewCases } from '../../../dist/station/check/review-cases.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { KEY, record } from '../files.ts'
import { codeOf, edit, openedOf, tampered, WHEN } from '../guard/support.ts'
import { type Below, cleared, network } from '../print/network.ts'
import { BY, blanks, CLEARED, corrected, newOffice, nikOf, printerThat, READY, render, WHY } from '../print/support.ts'

const DUPLICATE = { state: 'DUPLICATE_RECORD', by: 'expert-1' }

/** Codes of what keeps each request from being printed. */
const why = (station: Station) => planPrinting(station).waits.map(({ record, code }) => `${record} ${code}`)

const cards = async (station: Station) => (await printCards(station, { printer: printerThat(), render })).printed.length

/** The same person at two kiosks that have not met; both cleared, blanks and a request at each. */
async function twice() {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const ids: string[] = []
  for (const kiosk of below) {
    const id = `record-${kiosk.station.id}-1`
    record(kiosk.station, id, { nik: nikOf(1) })
    blanks(kiosk.station, 3)
    requestCard(kiosk.station, { record: id, ...BY })
    ids.push(id)
  }
  const meet = async () => {
    for (const kiosk of [...below, ...below]) await kiosk.meet()
  }
  const clear = async () => {
    for (const id of ids) decide(hub, id, CLEARED)
    await meet()
  }
  return { hub, below, ids, meet, clear }
}

describe('a NIK at two kiosks', () => {
  it('is a case at the hub when the second arrives, and at both kiosks, and no card follows', async () => {
    const { hub, below, ids, meet, clear } = await twice()
    await below[0].meet()
    expect(adjudications(hub)).toEqual([])
    await below[1].meet()
    expect(adjudications(hub)).toMatchObject([
      { kind: 'nik', record: ids[0], station: 'kiosk-1', other: ids[1], otherStation: 'kiosk-2' },
    ])
    expect(status(hub).toAdjudicate).toBe(1)
    await meet()
    await clear()
    for (const [at, { station }] of below.entries()) {
      expect(adjudications(station)).toHaveLength(1)
      expect(why(station)).toEqual([`${ids[at]} to-decide`])
      expect(await cards(station)).toBe(0)
      expect(() => issueLetter(station, { record: ids[at], ...BY })).toThrow(/same NIK/)
      expect((await verifyStation(station)).findings).toEqual([])
    }
    expect((await verifyStation(hub)).findings).toEqual([])
  })

  it('is settled by the decision about one of them; the other gets its card', async () => {
    const { hub, below, ids, meet, clear } = await twice()
    await meet()
    await clear()
    decide(hub, ids[1], DUPLICATE)
    await meet()
    expect([hub, ...below.map(({ station }) => station)].map(station => adjudications(station))).toEqual([[], [], []])
    expect([await cards(below[0].station), await cards(below[1].station)]).toEqual([1, 0])
    // The centre changes its mind: both stand again.
    decide(hub, ids[1], CLEARED)
    await meet()
    expect(adjudications(hub)).toHaveLength(1)
    const job = partsOf(below[0].station).file.get<{ id: string }>('SELECT id FROM print_job')!.id
    expect(await codeOf(() => handOver(below[0].station, job, { to: 'Siti', ...BY }))).toBe('PRINT_STATE')
    expect(await cards(below[1].station)).toBe(0)
  })

  it.each(['DUP', 'duplicate-record', ' Duplicate\trecord\u00a0'])(
    'is settled by a decision that another program wrote as %j, under the name of the state',
    async state => {
      const { hub, below, ids, meet } = await twice()
      await meet()
      partsOf(hub).file.transaction(() => {
        const body = { state, by: 'expert-1' }
        const to = below[1].station.id
        append(hub, { kind: 'decision', direction: 'down', record: ids[1], recordVersion: 1, to, body })
        for (const id of [...ids, ...ids]) reviewCases(hub, id)
      })
      await meet()
      for (const station of [hub, below[0].station]) expect(adjudications(station)).toEqual([])
      for (const station of [hub, below[1].station]) {
        expect(recordOf(station, ids[1])).toMatchObject({ centreState: 'DUPLICATE_RECORD', decision: { state } })
      }
    },
  )

  it.each<[string, (kiosk: Below, id: string) => void]>([
    ['one is withdrawn', ({ station }, id) => withdraw(station, id, WHY)],
    [
      'the NIK of one was wrong',
      ({ station }, id) => {
        corrected(station, id, nikOf(2))
        reviewCases(station, id)
      },
    ],
  ])('is settled when %s', async (_, change) => {
    const { hub, below, ids, meet, clear } = await twice()
    await meet()
    await clear()
    change(below[1], ids[1])
    await meet()
    expect([hub, ...below.map(({ station }) => station)].map(station => adjudications(station))).toEqual([[], [], []])
    expect(await cards(below[0].station)).toBe(1)
  })

  it('keeps a card that waits in the printer from being sent', async () => {
    const { hub, below } = await network('kiosk-1', 'kiosk-2')
    const first = await cleared(hub, below[0], 1)
    blanks(below[0].station, 3)
    requestCard(below[0].station, { record: first, ...BY })
    record(below[1].station, 'record-kiosk-2-1', { nik: nikOf(1) })
    await below[1].meet()
    const printer = printerThat()
    const late = async () => {
      // Heard while the card is being made ready.
      await below[0].meet()
      return render()
    }
    const { printed } = await printCards(below[0].station, { printer, render: late })
    expect([printed, printer.calls]).toEqual([[], 0])
  })
})

it('cases are what follows from the records, whatever was done to them', async () => {
  const step = fc.record({
    what: fc.constantFrom('recorded', 'recorded', 'corrected', 'withdrawn', 'duplicate', 'cleared'),
    record: fc.nat(5),
    nik: fc.nat(2),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async steps => {
      const station = await newOffice()
      const { file } = partsOf(station)
      const now = (id: string) => file.get<{ client_state: string }>('SELECT client_state FROM record WHERE id = ?', id)
      for (const { what, record: number, nik } of steps) {
        const id = `record-${number}`
        if ((now(id) === undefined) !== (what === 'recorded') || now(id)?.client_state === 'withdrawn') continue
        if (what === 'recorded') record(station, id, { nik: nikOf(nik) })
        if (what === 'corrected') corrected(station, id, nikOf(nik))
        if (what === 'recorded' || what === 'corrected') reviewCases(station, id)
        if (what === 'withdrawn') withdraw(station, id, WHY)
        if (what === 'duplicate') decide(station, id, DUPLICATE)
        if (what === 'cleared') decide(station, id, { state: READY, by: 'expert-1' })
      }
      const standing = `client_state <> 'withdrawn' AND centre_state IS NOT 'DUPLICATE_RECORD'`
      const twins = file.all<{ record: string; other: string; beside: number }>(
        `WITH standing AS (SELECT id, nik_tag FROM record WHERE ${standing})
         SELECT a.id AS record, b.id AS other, (SELECT count(*) FROM standing c WHERE c.nik_tag = a.nik_tag) AS beside
         FROM standing a JOIN standing b ON a.nik_tag = b.nik_tag AND a.id < b.id`,
      )
      const pair = ({ record, other }: { record: string; other: string }) => `${record} ${other}`
      const found = new Set((adjudications(station) as { record: string; other: string }[]).map(pair))
      // No case but of two that bear one NIK; of two and three that do, every case; of more, each in some.
      expect([...found].filter(each => !twins.some(twin => pair(twin) === each))).toEqual([])
      expect(twins.filter(twin => twin.beside <= 3 && !found.has(pair(twin)))).toEqual([])
      const inCase = new Set([...found].flatMap(each => each.split(' ')))
      expect(twins.filter(({ record, other }) => !inCase.has(record) || !inCase.has(other))).toEqual([])
      expect((await verifyStation(station)).findings).toEqual([])
    }),
    { numRuns: 15 },
  )
})

it('a NIK recorded many times keeps all of its records from being printed, by a few cases each', async () => {
  const station = await newOffice()
  const ids = Array.from({ length: 40 }, (_, i) => `record-${i}`)
  for (const id of ids) {
    record(station, id, { nik: nikOf(1) })
    decide(station, id, { state: READY, by: 'expert-1' })
  }
  const { file } = partsOf(station)
  const open = 'SELECT count(DISTINCT record) AS records, count(*) AS cases FROM identity_case WHERE closed_at IS NULL'
  const { records, cases } = file.get<{ records: number; cases: number }>(open)!
  expect(records).toBe(40)
  expect(cases).toBeLessThanOrEqual(40 * 4)
  for (const id of ids.slice(0, -1)) decide(station, id, DUPLICATE)
  expect(adjudications(station)).toEqual([])
})

it('a NIK recorded and withdrawn many times costs a few entries for each', async () => {
  const station = await newOffice()
  const ids = Array.from({ length: 60 }, (_, i) => `record-${String((i * 37) % 60).padStart(2, '0')}`)
  for (const id of ids) {
    record(station, id, { nik: nikOf(1) })
    partsOf(station).file.transaction(() => reviewCases(station, id))
  }
  for (const id of ids) withdraw(station, id, WHY)
  const { file } = partsOf(station)
  const count = `SELECT count(*) AS n FROM journal WHERE kind = 'case-opened'`
  expect(file.get<{ n: number }>(count)!.n).toBeLessThanOrEqual(8 * ids.length)
  expect(adjudications(station)).toEqual([])
})

it.each(['DUPLICATE_RECORD', 'duplicate record'])(
  'a NIK behind many records that are %s is a case all the same',
  async state => {
    const station = await newOffice()
    const { file } = partsOf(station)
    file.transaction(() => {
      for (let i = 0; i < 260; i++) {
        record(station, `a-${i}`, { nik: nikOf(1) })
        append(station, {
          kind: 'decision',
          direction: 'local',
          record: `a-${i}`,
          recordVersion: 1,
          body: { state, by: 'expert-1' },
        })
      }
    })
    for (const id of ['z-1', 'z-2']) {
      record(station, id, { nik: nikOf(1) })
      file.transaction(() => reviewCases(station, id))
    }
    const sql = 'SELECT record FROM identity_case WHERE closed_at IS NULL AND other IN (?, ?)'
    expect(file.all<{ record: string }>(sql, 'z-1', 'z-2').map(each => each.record)).toEqual(
      expect.arrayContaining(['z-1', 'z-2']),
    )
  },
)

describe.each(WHEN)('a file that is edited while it is %s', when => {
  it.each(['DELETE FROM identity_case', `UPDATE identity_case SET closed_at = opened_at, closing = 'decided'`])(
    'prints no card of a record whose case was taken out: %s',
    async sql => {
      const station = await newOffice()
      blanks(station, 3)
      for (const id of ['record-1', 'record-2']) {
        record(station, id, { nik: nikOf(1) })
        decide(station, id, { state: READY, by: 'expert-1' })
      }
      requestCard(station, { record: 'record-1', ...BY })
      const at = openedOf(station)
      await tampered(at, when, [sql])
      // When it is opened, records of one NIK without a case are to be reviewed before a card follows.
      if (when === 'closed') expect(await cards(at.station)).toBe(0)
      else expect(await codeOf(() => cards(at.station))).toBe('STATION_ALTERED')
      expect((await verifyStation(at.station)).ok).toBe(false)
      if (when === 'closed') await at.station.close()
    },
  )
})

describe('a NIK of hundreds of records that are set against one', () => {
  const MANY = 120
  /** Each new id lies beside `m` in the ring. */
  function against(station: Station, hub: Station) {
    const ids = ['m', ...Array.from({ length: MANY }, (_, i) => `a-${String(i).padStart(5, '0')}`)]
    partsOf(station).file.transaction(() => {
      for (const id of ids) {
        record(station, id, { nik: nikOf(1) })
        if (station === hub) reviewCases(station, id)
      }
    })
    const { file } = partsOf(hub)
    const openAgainst = () =>
      file.get<{ n: number }>(`SELECT count(*) AS n FROM identity_case WHERE other = 'm' AND closed_at IS NULL`)!.n
    const entries = () => file.get<{ n: number }>('SELECT count(*) AS n FROM journal')!.n
    /** Entries that each transaction has written. */
    const steps: number[] = []
    let before = entries()
    file.onCommit(() => {
      const now = entries()
      steps.push(now - before)
      before = now
    })
    return { openAgainst, steps }
  }
  /** Entries of a turn: those of a few records, each with both sides of two cases closed and two opened. */
  const MOST_ENTRIES = 17 * 8

  it('is reviewed in steps when that one is withdrawn at a kiosk', async () => {
    const { hub, below } = await network('kiosk-1')
    const [kiosk] = below
    const { openAgainst } = against(kiosk.station, hub)
    await kiosk.meet()
    expect(openAgainst()).toBe(MANY)
    withdraw(kiosk.station, 'm', WHY)
    await kiosk.meet()
    await vi.waitFor(() => expect(openAgainst()).toBe(0), { timeout: 30_000 })
    const standing = `SELECT id FROM record WHERE client_state <> 'withdrawn' AND NOT EXISTS (
      SELECT 1 FROM identity_case c WHERE c.record = record.id AND c.closed_at IS NULL)`
    expect(partsOf(hub).file.all(standing)).toEqual([])
    expect((await verifyStation(hub)).findings).toEqual([])
  })

  const withdrawn = (station: Station) => withdraw(station, 'm', WHY)
  const decided = (station: Station) => decide(station, 'm', DUPLICATE)
  it.each<[string, string, (station: Station) => unknown]>([
    ['by and by', 'withdraws it', withdrawn],
    ['by and by', 'decides about it', decided],
    ['when its file is opened again', 'has withdrawn it', withdrawn],
  ])('is reviewed %s when the office %s', async (when, _, change) => {
    const station = await newOffice()
    const { openAgainst, steps } = against(station, station)
    expect(openAgainst()).toBe(MANY)
    change(station)
    expect(openAgainst()).toBeGreaterThan(0)
    const { path } = station
    const { identity } = partsOf(station)
    if (when === 'by and by') await vi.waitFor(() => expect(openAgainst()).toBe(0), { timeout: 30_000 })
    expect(Math.max(...steps)).toBeLessThan(MOST_ENTRIES)
    await station.close()
    const again = await openStation({ path, key: KEY, identity })
    const left = () =>
      partsOf(again).file.get(`SELECT count(*) AS n FROM identity_case WHERE other = 'm' AND closed_at IS NULL`)
    await vi.waitFor(() => expect(left()).toEqual({ n: 0 }), { timeout: 30_000 })
    expect((await verifyStation(again)).findings).toEqual([])
    await again.close()
  })
})

it('records of one NIK that were here before are reviewed when the file is opened', async () => {
  const station = await newOffice()
  blanks(station, 3)
  for (const id of ['record-1', 'record-2', 'record-3']) {
    record(station, id, { nik: nikOf(id === 'record-3' ? 2 : 1) })
    const decision = { state: READY, by: 'expert-1' }
    append(station, { kind: 'decision', direction: 'down', record: id, recordVersion: 1, body: decision })
    if (id !== 'record-2') requestCard(station, { record: id, ...BY })
  }
  expect(adjudications(station)).toEqual([])
  const { path } = station
  const { identity } = partsOf(station)
  await station.close()
  edit(path, `INSERT INTO case_review SELECT id FROM record`)
  const again = await openStation({ path, key: KEY, identity })
  // No card before: nobody has seen whether there is another of the NIK.
  expect(why(again)).toEqual(['record-1 to-decide', 'record-3 to-decide'])
  await vi.waitFor(() => expect(adjudications(again)).toMatchObject([{ record: 'record-1', other: 'record-2' }]))
  await vi.waitFor(() => expect(why(again)).toEqual(['record-1 to-decide']))
  await again.close()
  const third = await openStation({ path, key: KEY, identity })
  expect(partsOf(third).file.all('SELECT 1 FROM case_review')).toEqual([])
  expect((await verifyStation(third)).findings).toEqual([])
  await third.close()
})

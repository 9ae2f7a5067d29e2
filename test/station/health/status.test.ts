import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SidikError } from 'sidik'
import { exportBundle, limits, override, receive, status, sync, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { randomTemplates } from '../../../bench/support/random-templates.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { record, stationWith } from '../files.js'
import { acquaint, newPlace } from '../sync/support.js'

const DAY_MS = 86_400_000
const START = Date.parse('2026-11-25T08:00:00.000Z')

const line = (exchange: (message: Uint8Array) => Promise<Uint8Array>) => ({ name: 'test', exchange })
const down = line(() => Promise.reject(new SidikError('LINE_DOWN', 'nothing answers')))

describe('status', () => {
  it('says of a new station that nothing waits', async () => {
    const { station } = await stationWith(0)
    const now = status(station)
    expect(now).toMatchObject({
      station: '3276-01',
      drafts: 0,
      toAdjudicate: 0,
      cardsUncertain: 0,
      cardsOnTheirWay: 0,
      clockBehindMs: 0,
      anomalies: { count: 0 },
    })
    expect(now.peers).toMatchObject([{ peer: 'centre', relation: 'upstream', refused: 0, incoming: 0, failures: 0 }])
    expect(now.peers[0].waiting).toEqual({ entries: 0, records: 0, bytes: 0 })
    expect(now.disk.freeBytes).toBeGreaterThan(0)
    expect(now.disk.fileBytes + now.disk.logBytes).toBeGreaterThan(4_096)
    await station.close()
  })

  it('says that what waits is on a bundle, however often a line was tried before, and no more than that', async () => {
    const [kiosk, hub] = [await newPlace('kiosk-1', () => START), await newPlace('hub')]
    acquaint(kiosk, hub)
    const why = () => status(kiosk.station).peers[0].waiting.why
    const fails = () => sync(kiosk.station, down, { retry: { attempts: 2, firstPauseMs: 1 } })
    record(kiosk.station, 'a')
    await fails()
    expect(why()).toBe('line-down')
    const folder = mkdtempSync(join(tmpdir(), 'sidik-stick-'))
    try {
      await exportBundle(kiosk.station, { to: 'hub', folder })
      expect(why()).toBe('on-a-bundle')
      await fails()
      expect(why()).toBe('on-a-bundle')
      record(kiosk.station, 'b')
      expect(why()).toBe('line-down')
      await exportBundle(kiosk.station, { to: 'hub', folder })
      expect(why()).toBe('on-a-bundle')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('says what waits, since when and why, until it is synchronised', async () => {
    let now = START
    const [kiosk, hub] = [await newPlace('kiosk-1', () => now), await newPlace('hub')]
    acquaint(kiosk, hub)
    const [first, second] = [randomTemplates(500), randomTemplates(700)]
    record(kiosk.station, 'a', { payload: first })
    now += DAY_MS
    record(kiosk.station, 'b', { payload: second })
    const waiting = () => status(kiosk.station).peers[0].waiting
    const both = { entries: 2, records: 2, bytes: first.length + second.length, oldestAt: '2026-11-25T08:00:00.000Z' }
    expect(waiting()).toEqual({ ...both, why: 'never-tried' })
    await sync(kiosk.station, down, { retry: { attempts: 2, firstPauseMs: 1 } })
    expect(waiting()).toEqual({ ...both, why: 'line-down' })
    expect(status(kiosk.station).peers[0]).toMatchObject({ failures: 2 })
    await sync(kiosk.station, down, { retry: { attempts: 6, firstPauseMs: 1 } })
    expect(waiting().why).toBe('line-resting')
    expect(Date.parse(status(kiosk.station).peers[0].nextTryAt!)).toBeGreaterThan(now)
    now += DAY_MS
    await sync(
      kiosk.station,
      line(message => receive(hub.station, message)),
    )
    expect(waiting()).toEqual({ entries: 0, records: 0, bytes: 0 })
    expect(status(kiosk.station).peers[0].lastHeardAt).toBeDefined()
    expect(await verifyStation(kiosk.station)).toMatchObject({ ok: true, findings: [] })
    expect(await verifyStation(hub.station)).toMatchObject({ ok: true, findings: [] })
    expect((await verifyStation(kiosk.station)).counts.receipts).toBeGreaterThanOrEqual(2)
  })

  it('names no person, and no key', async () => {
    const { station, identity } = await stationWith(3)
    const text = JSON.stringify([status(station), limits(station)])
    expect(text).not.toMatch(/Siti|3276010101900001|operator-7|PRIVATE KEY|AGE-SECRET/)
    expect(text).not.toContain(identity.openingKey)
    await station.close()
  })
})

describe('limits', () => {
  it('warn of old records, of many, of an old key and of a clock that is behind, in plain words', async () => {
    let now = START
    const { station } = await stationWith(1, { clock: () => now })
    const named = () => limits(station, { bounds: { ...bounds, 'records-waiting': { warn: 1, answer: 2 } } })
    const bounds = { 'disk-free': { warn: 0, answer: 0 }, 'disk-full-in': { warn: 0, answer: 0 } }
    expect(named()).toMatchObject([{ limit: 'records-waiting', value: 1, bound: 1, needsAnswer: false }])
    now += 8 * DAY_MS
    expect(named().map(({ limit }) => limit)).toEqual(['oldest-waiting', 'records-waiting'])
    expect(named()[0].message).toBe(
      'The oldest record that has not reached the centre is 8 days old. Connect the station, or take a bundle.',
    )
    now += 400 * DAY_MS
    expect(named().map(({ limit, needsAnswer }) => [limit, needsAnswer])).toEqual([
      ['oldest-waiting', true],
      ['records-waiting', false],
      ['key-age', false],
    ])
    record(station, 'b')
    now = START
    expect(named().find(({ limit }) => limit === 'clock-behind')).toMatchObject({
      needsAnswer: true,
      value: 408 * DAY_MS,
    })
    await station.close()
  })

  it('warn of a disk that is nearly full', async () => {
    const { station } = await stationWith(1)
    const all = { warn: 1e18, answer: 1e17 }
    const found = limits(station, { bounds: { 'disk-free': all, 'disk-full-in': all } })
    expect(found.map(({ limit }) => limit)).toEqual(expect.arrayContaining(['disk-free']))
    expect(found[0].needsAnswer).toBe(true)
    await station.close()
  })

  it('are answered for in the journal, until a time, and for one limit', async () => {
    let now = START
    const { station } = await stationWith(1, { clock: () => now })
    now += 31 * DAY_MS
    const oldest = () => limits(station).find(({ limit }) => limit === 'oldest-waiting')
    expect(oldest()).toMatchObject({ bound: 30, needsAnswer: true })
    const until = new Date(now + 7 * DAY_MS).toISOString()
    override(station, { limit: 'oldest-waiting', operator: 'head-3', reason: 'the road is flooded', until })
    expect(oldest()).toMatchObject({ bound: 30, needsAnswer: false, overriddenUntil: until })
    now += 8 * DAY_MS
    expect(oldest()).toMatchObject({ needsAnswer: true })
    const ask = (change: object) => () =>
      override(station, { limit: 'key-age', operator: 'o', reason: 'r', until, ...change } as never)
    expect(ask({ limit: 'toString' })).toThrow(/limit must be one of/)
    expect(ask({ operator: ' ' })).toThrow(/operator/)
    expect(ask({ reason: '' })).toThrow(/reason/)
    expect(ask({ until: 'tomorrow' })).toThrow(/until/)
    expect(() => limits(station, { bounds: { 'key-age': { warn: 'x' } } as never })).toThrow(/key-age/)
    await station.close()
  })

  it('stop nothing: 10,000 records over the limit are recorded as the first one', async () => {
    const { station } = await stationWith(0)
    const { file } = partsOf(station)
    const body = {
      nik: '3276010101900001',
      person: {},
      operator: 'o',
      preCheck: { decision: 'clear' as const, candidates: [], persons: 0 },
    }
    file.transaction(() => {
      for (let i = 0; i < 10_005; i++) {
        append(station, { kind: 'enrolled', direction: 'up', record: `r-${i}`, recordVersion: 1, body })
      }
    })
    const bounds = { 'records-waiting': { warn: 2, answer: 5 } }
    expect(limits(station, { bounds }).find(({ limit }) => limit === 'records-waiting')).toMatchObject({
      value: 10_005,
      needsAnswer: true,
    })
    record(station, 'one-more')
    expect(status(station).peers[0].waiting.records).toBe(10_006)
    await station.close()
  })
})

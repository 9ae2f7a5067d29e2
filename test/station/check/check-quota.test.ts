/** The share of the hub's check that one kiosk's records may take in a day. */
import {
  adjudications,
  type CheckOptions,
  checkRecords,
  createIdentity,
  enrol,
  QUOTAS,
  type Recorded,
  raiseQuota,
  receive,
  recheck,
  recordOf,
  revokePeer,
  type Station,
  status,
  sync,
  verifyStation,
  withdraw,
} from 'sidik/station'
import { describe, expect, it, vi } from 'vitest'
import { checkDue } from '../../../dist/station/check/check.js'
import { mayBeChecked } from '../../../dist/station/check/check-quota.js'
import { localGalleryOf } from '../../../dist/station/check/local-gallery.js'
import { CheckTurns } from '../../../dist/station/check/turns.js'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation, somebody } from '../enrol/support.js'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'

const engine = await engineForTests()

const START = Date.parse('2026-01-02T23:00:00.000Z')
const HOUR_MS = 3_600_000
const { firstOf } = peopleOf(47, [1, 2, 3])

async function hubOfTwo(check: CheckOptions) {
  const time = { now: START }
  const clock = () => time.now
  const hub = await newStation({ engine, check, clock, identity: await createIdentity('hub') })
  const kiosk = async (id: string) => (await below(hub, id, { clock })).station
  return { time, hub, heavy: await kiosk('kiosk-1'), honest: await kiosk('kiosk-2') }
}

async function recorded(station: Station, person: number): Promise<string> {
  return ((await enrol(station, somebody(person, firstOf(person)))) as Recorded).recordId
}

const meet = (station: Station, hub: Station) =>
  sync(station, { name: 'here', exchange: message => receive(hub, message) })

/** As if the check of a kiosk's records had taken so long today. */
function useUp(hub: Station, peer: string, ms: number): void {
  const sql = `INSERT OR REPLACE INTO peer_use VALUES (?, '2026-01-02', 0, 0, 0, ?)`
  partsOf(hub).file.run(sql, `checks of ${peer}`, ms)
}

const usedBy = (hub: Station, id: string) => status(hub).peers.find(({ peer }) => peer === id)!.quotas!.checkMs
const stateOf = (hub: Station, record: string) => recordOf(hub, record)!.check
const reached = (hub: Station) =>
  partsOf(hub).file.all("SELECT 1 FROM journal WHERE station = 'hub' AND kind = 'anomaly'").length

describe('the time that the check of a kiosk takes', () => {
  it('is counted to the kiosk, record by record, and seen in the status', async () => {
    const { hub, heavy } = await hubOfTwo({ background: false })
    expect(usedBy(hub, 'kiosk-1')).toEqual({ used: 0, quota: QUOTAS.checkMs })
    let before = 0
    for (const person of [1, 2, 3]) {
      await recorded(heavy, person)
      await meet(heavy, hub)
      expect(await checkRecords(hub)).toMatchObject({ checked: 1, left: 0 })
      const { used } = usedBy(hub, 'kiosk-1')
      expect(used).toBeGreaterThan(before)
      before = used
    }
    expect(usedBy(hub, 'kiosk-2').used).toBe(0)
    expect((await verifyStation(hub)).findings).toEqual([])
  })

  it('is not counted for records of the hub itself, nor where a person asks for a recheck', async () => {
    const { hub, heavy } = await hubOfTwo({ background: false })
    await recorded(heavy, 1)
    await recorded(hub, 2)
    await meet(heavy, hub)
    await checkRecords(hub)
    const rows = () => partsOf(hub).file.all("SELECT * FROM peer_use WHERE peer LIKE 'checks%'")
    const before = rows()
    // By way of whom they came, and who recorded them.
    expect(before).toHaveLength(2)
    expect(await recheck(hub, { operator: 'clerk-1', reason: 'a lower rate' })).toMatchObject({ checked: 2 })
    expect(rows()).toEqual(before)
  })

  it('lets records beyond it wait unchecked, those alone, until the next day', async () => {
    const { time, hub, heavy, honest } = await hubOfTwo({ background: false })
    useUp(hub, 'kiosk-1', QUOTAS.checkMs)
    const waiting = [await recorded(heavy, 1), await recorded(heavy, 2)]
    const others = [await recorded(honest, 3), await recorded(hub, 4)]
    for (const kiosk of [heavy, honest]) await meet(kiosk, hub)
    for (const _ of [1, 2]) expect((await checkRecords(hub)).left).toBe(2)
    expect(waiting.map(id => stateOf(hub, id))).toEqual(['unchecked', 'unchecked'])
    expect(others.map(id => stateOf(hub, id))).toEqual(['clear', 'clear'])
    expect(status(hub).check.unchecked).toBe(2)
    // Each with its station's name, once.
    expect(reached(hub)).toBe(1)
    time.now += HOUR_MS
    expect(await checkRecords(hub)).toMatchObject({ checked: 2, left: 0 })
    expect(waiting.map(id => stateOf(hub, id))).toEqual(['clear', 'clear'])
  })

  it("is each kiosk's own at a centre, whose hub brings the records of several", async () => {
    const time = { now: START }
    const clock = () => time.now
    const centre = await newStation({
      engine,
      check: { background: false },
      clock,
      identity: await createIdentity('city'),
    })
    const hub = await below(centre, 'hub', { clock })
    const heavy = await below(hub.station, 'kiosk-1', { clock })
    const honest = await below(hub.station, 'kiosk-2', { clock })
    const first = await recorded(heavy.station, 1)
    const meetAll = async () => {
      for (const { meet } of [heavy, honest, hub]) await meet()
    }
    await meetAll()
    await checkRecords(centre)
    expect(stateOf(centre, first)).toBe('clear')
    const row = (name: string) =>
      partsOf(centre).file.get<{ processor_ms: number }>('SELECT processor_ms FROM peer_use WHERE peer = ?', name)
    expect(row('checks by kiosk-1')).toEqual(row('checks of hub'))
    partsOf(centre).file.run("UPDATE peer_use SET processor_ms = ? WHERE peer LIKE 'checks%'", QUOTAS.checkMs)
    const [waiting, other] = [await recorded(heavy.station, 2), await recorded(honest.station, 3)]
    await meetAll()
    expect((await checkRecords(centre)).left).toBe(1)
    expect([waiting, other].map(id => stateOf(centre, id))).toEqual(['unchecked', 'clear'])
    const told = status(centre).anomalies.newest
    expect(told).toMatchObject([{ code: 'quota-reached', detail: expect.stringContaining('station kiosk-1 has') }])
    raiseQuota(centre, {
      ...{ peer: 'hub', quota: 'checkMs', amount: 4 * QUOTAS.checkMs, until: '2026-01-03T12:00:00.000Z' },
      ...{ operator: 'supervisor-1', reason: 'a backlog' },
    })
    expect((await checkRecords(centre)).left).toBe(0)
    expect(stateOf(centre, waiting)).toBe('clear')
    expect((await verifyStation(centre)).findings).toEqual([])
    // Nobody else waits for the records of a hub that was revoked meanwhile.
    partsOf(centre).file.run("UPDATE peer_use SET processor_ms = ? WHERE peer LIKE 'checks by%'", 9 * QUOTAS.checkMs)
    const last = await recorded(heavy.station, 4)
    await meetAll()
    revokePeer(centre, 'hub', { operator: 'supervisor-1', reason: 'a lost laptop' })
    const own = await recorded(centre, 5)
    partsOf(centre).file.run('DELETE FROM noted')
    await recheck(centre, { operator: 'clerk-1', reason: 'all of them' })
    expect([last, own].map(id => stateOf(centre, id))).toEqual(['unchecked', 'clear'])
  })

  it('goes on by itself with the next day, and when a person raises the quota', async () => {
    const { time, hub, heavy } = await hubOfTwo({})
    useUp(hub, 'kiosk-1', QUOTAS.checkMs)
    const record = await recorded(heavy, 1)
    await meet(heavy, hub)
    await vi.waitFor(() => expect(reached(hub)).toBe(1), { timeout: 20_000 })
    expect(stateOf(hub, record)).toBe('unchecked')
    const raised = { peer: 'kiosk-1', quota: 'checkMs', amount: 2 * QUOTAS.checkMs } as const
    raiseQuota(hub, { ...raised, until: '2026-01-02T23:30:00.000Z', operator: 'supervisor-1', reason: 'a backlog' })
    await vi.waitFor(() => expect(stateOf(hub, record)).toBe('clear'), { timeout: 20_000 })
    time.now += HOUR_MS / 2
    const next = await recorded(heavy, 2)
    await meet(heavy, hub)
    await vi.waitFor(() => expect(stateOf(hub, next)).toBe('unchecked'))
    time.now += HOUR_MS / 2
    await vi.waitFor(() => expect(stateOf(hub, next)).toBe('clear'), { timeout: 20_000 })
  })

  it('is counted also where the record was withdrawn meanwhile, and the result is of no use', async () => {
    const { hub, heavy } = await hubOfTwo({ background: false })
    const record = await recorded(heavy, 1)
    await meet(heavy, hub)
    const gallery = localGalleryOf(hub)!
    const search = gallery.identify.bind(gallery)
    const searching = vi.spyOn(gallery, 'identify').mockImplementation(async (...asked) => {
      withdraw(heavy, record, { operator: 'operator-7', reason: 'asked to be forgotten' })
      await meet(heavy, hub)
      return search(...asked)
    })
    const options = { turns: new CheckTurns(), signal: undefined, onChecked: () => {} }
    await gallery.withAll(() => checkDue(hub, gallery, { targetFpir: 0.001 }, options))
    searching.mockRestore()
    expect(recordOf(hub, record)!.checks).toEqual([])
    expect(usedBy(hub, 'kiosk-1').used).toBeGreaterThan(0)
  })

  it('is made again where a record that it found is gone meanwhile, as its station was revoked', async () => {
    const { hub, heavy, honest: stolen } = await hubOfTwo({ background: false })
    const found = await recorded(stolen, 1)
    await meet(stolen, hub)
    await checkRecords(hub)
    const record = ((await enrol(heavy, somebody(2, firstOf(1)))) as Recorded).recordId
    await meet(heavy, hub)
    const gallery = localGalleryOf(hub)!
    const search = gallery.identify.bind(gallery)
    const searching = vi.spyOn(gallery, 'identify').mockImplementation(async (...asked) => {
      const answer = await search(...asked)
      if (answer.candidates.length > 0) {
        revokePeer(hub, stolen.id, { from: 1, operator: 'supervisor-1', reason: 'stolen' })
      }
      return answer
    })
    const options = { turns: new CheckTurns(), signal: undefined, onChecked: () => {} }
    await gallery.withAll(() => checkDue(hub, gallery, { targetFpir: 0.001 }, options))
    searching.mockRestore()
    expect([recordOf(hub, found), recordOf(hub, record)!.checks]).toEqual([undefined, []])
    expect(adjudications(hub)).toEqual([])
    await checkRecords(hub)
    expect(recordOf(hub, record)!.checks).toMatchObject([{ decision: 'clear' }])
  })

  it('is noted as often as the peer may have anomalies written down, however many kiosks it invents', async () => {
    const { hub } = await hubOfTwo({ background: false })
    const { file } = partsOf(hub)
    const invented = Array.from({ length: QUOTAS.anomalies + 20 }, (_, i) => `k-${i}`)
    const used = `INSERT INTO peer_use VALUES (?, '2026-01-02', 0, 0, 0, ?)`
    const vouched = `INSERT INTO vouched (station, verify_key, seal_to, relation, via, voucher)
      VALUES (?, ?, 'x', 'downstream', 'kiosk-1', 'kiosk-1')`
    // A hub that may vouch has the quota of so many stations.
    file.run("UPDATE peer SET vouches = 0 WHERE id = 'kiosk-1'")
    for (const id of invented) {
      file.run(vouched, id, `key of ${id}`)
      file.run(used, `checks by ${id}`, QUOTAS.checkMs)
    }
    for (const id of [...invented, ...invented]) expect(mayBeChecked(hub, id)).toBe(false)
    // The last one says that there are more.
    expect(reached(hub)).toBe(QUOTAS.anomalies + 1)
  })
})

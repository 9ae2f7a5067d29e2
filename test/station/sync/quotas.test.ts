import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { addPeer, peers, QUOTAS, raiseQuota, receive, status, sync, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { AT, HostileKiosk } from '../../../bench/support/station-hostile/kiosk.js'
import { SCENARIOS } from '../../../bench/support/station-hostile/scenarios.js'
import { spend } from '../../../dist/station/quotas/use.js'
import { partsOf } from '../../../dist/station/station.js'
import { compose } from '../../../dist/station/sync/compose.js'
import { MOST_TEXT_BYTES_WITHOUT_ENTRIES } from '../../../dist/station/sync/message.js'
import { MOST } from '../../../dist/station/sync/message-schema.js'
import { noteAnomaly } from '../../../dist/station/sync/noted.js'
import { sealMessage } from '../../../dist/station/sync/seal.js'
import {
  acquaint,
  anomaliesOf,
  lineTo,
  NIK,
  newPlace,
  ownBodies,
  type Place,
  recordAt,
  transportOf,
} from './support.js'

const START = Date.parse('2026-01-02T23:00:00.000Z')
const HOUR_MS = 3_600_000
const RAISED = { operator: 'supervisor-1', reason: 'a hub of forty kiosks', until: '2026-02-01T00:00:00.000Z' }

async function twoByOneClock() {
  const clock = { now: START }
  const [kiosk, hub] = [await newPlace('kiosk-1', () => clock.now), await newPlace('hub', () => clock.now)]
  acquaint(kiosk, hub)
  return { clock, kiosk, hub }
}

/** As if the kiosk had sent so much today. */
function useUp({ station }: Place, use: Partial<Record<'bytes' | 'entries' | 'processor_ms', number>>): void {
  const { bytes = 0, entries = 0, processor_ms = 0 } = use
  const sql = `INSERT OR REPLACE INTO peer_use VALUES ('kiosk-1', '2026-01-02', ?, ?, 0, ?)`
  partsOf(station).file.run(sql, bytes, entries, processor_ms)
}

const journalOf = ({ station }: Place) =>
  partsOf(station).file.all(`SELECT sequence FROM journal WHERE station = 'kiosk-1'`)

describe('what a peer sends beyond a quota', () => {
  it.each([
    ['bytes', { bytes: QUOTAS.bytes }],
    ['entries', { entries: QUOTAS.entries }],
    ['processorMs', { processor_ms: QUOTAS.processorMs }],
  ])('%s is not taken, nor a part of it, and comes the next day', async (quota, use) => {
    const { clock, kiosk, hub } = await twoByOneClock()
    recordAt(kiosk, 'a')
    useUp(hub, use)
    for (let tries = 0; tries < 3; tries++) {
      const { stopped, nextTryAt, unsent } = await sync(kiosk.station, lineTo(hub))
      expect(stopped?.code).toBe('PEER_QUOTA')
      expect({ nextTryAt, unsent }).toEqual({ nextTryAt: '2026-01-03T00:00:00.000Z', unsent: 1 })
    }
    expect(journalOf(hub)).toEqual([])
    expect(transportOf(kiosk)).toEqual({ a: 'waiting' })
    expect(ownBodies(hub, 'anomaly')).toMatchObject([
      { code: 'quota-reached', detail: expect.stringContaining(`'${quota}'`) },
    ])
    clock.now += HOUR_MS
    expect((await sync(kiosk.station, lineTo(hub))).stopped).toBeUndefined()
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
  })

  it('is taken at once when a person raises the quota, and the journal says who and why', async () => {
    const { kiosk, hub, clock } = await twoByOneClock()
    recordAt(kiosk, 'a')
    useUp(hub, { entries: QUOTAS.entries })
    expect((await sync(kiosk.station, lineTo(hub))).stopped?.code).toBe('PEER_QUOTA')
    const raised = { peer: 'kiosk-1', quota: 'entries', amount: QUOTAS.entries * 2, ...RAISED } as const
    expect(() => raiseQuota(hub.station, { ...raised, reason: ' ' })).toThrow(/reason/)
    expect(() => raiseQuota(hub.station, { ...raised, peer: 'nobody' })).toThrow(/no peer/)
    expect(() => raiseQuota(hub.station, { ...raised, peer: {} as string })).toThrow(TypeError)
    expect(() => raiseQuota(hub.station, { ...raised, amount: QUOTAS.entries })).toThrow(RangeError)
    for (const until of [new Date(clock.now).toISOString(), '2020-01-01T00:00:00.000Z']) {
      expect(() => raiseQuota(hub.station, { ...raised, until })).toThrow(RangeError)
    }
    for (const until of ['+275760-09-13T00:00:00.000Z', 'tomorrow', '2026-13-01T00:00:00.000Z']) {
      expect(() => raiseQuota(hub.station, { ...raised, until })).toThrow(TypeError)
    }
    expect(() => raiseQuota(kiosk.station, { ...raised, peer: 'hub' })).toThrow(/above this station/)
    const first = { ...raised, amount: QUOTAS.entries * 3 }
    expect(raiseQuota(hub.station, first)).toBeUndefined()
    expect(raiseQuota(hub.station, raised)).toEqual({ amount: first.amount, until: first.until })
    expect(status(hub.station).peers[0].quotas?.entries).toEqual({ used: QUOTAS.entries, quota: QUOTAS.entries * 2 })
    expect((await sync(kiosk.station, lineTo(hub))).stopped).toBeUndefined()
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
    expect(ownBodies(hub, 'quota-raised')).toMatchObject([first, raised])
    expect((await verifyStation(hub.station)).findings).toEqual([])
  })
})

describe('opening what is beyond a quota', () => {
  /** A message of so many entries without meaning, signed by the kiosk. */
  const messageOf = ({ station }: Place, entries: number, more = {}) => {
    const hostile = new HostileKiosk(station, 'hub')
    const body = Buffer.from(JSON.stringify({ reason: 'x'.repeat(2_500), operator: 'o' }))
    const all = Array.from({ length: entries }, (_, i) => hostile.entry({ kind: 'withdrawn', record: `r${i}`, body }))
    return hostile.seal(hostile.message({ entries: all, ...more }))
  }
  /** Its end does not open: who says more than that has opened it. */
  const withoutEnd = (sealed: Uint8Array) => sealed.with(-1, sealed.at(-1)! ^ 1)
  const outcome = (hub: Place, sealed: Uint8Array) =>
    receive(hub.station, sealed).then(
      () => 'taken',
      (error: { code: string }) => error.code,
    )
  const usedMs = (hub: Place) => status(hub.station).peers[0].quotas!.processorMs.used

  it.each([
    ['processor time', { processor_ms: QUOTAS.processorMs }, 50],
    ['entries', { entries: QUOTAS.entries }, 2_500],
    ['bytes', { bytes: QUOTAS.bytes }, 2_500],
  ])('ends with its first bytes: %s', async (_, use, entries) => {
    const { kiosk, hub } = await twoByOneClock()
    const sealed = withoutEnd(await messageOf(kiosk, entries))
    expect(await outcome(hub, sealed)).toBe('MESSAGE_CORRUPT')
    useUp(hub, use)
    expect(await outcome(hub, sealed)).toBe('PEER_QUOTA')
    expect(anomaliesOf(hub)).toEqual(['quota-reached'])
  })

  it('ends with its first bytes where there are chunks beyond the bytes', async () => {
    const { kiosk, hub } = await twoByOneClock()
    const bytes = randomBytes(200_000)
    const chunks = [{ hash: 'ab'.repeat(32), offset: 0, bytes }]
    const sealed = withoutEnd(await messageOf(kiosk, 0, { chunks }))
    useUp(hub, { bytes: QUOTAS.bytes })
    expect(await outcome(hub, sealed)).toBe('PEER_QUOTA')
  })

  it('counts as processor time of the peer, until that is used up', async () => {
    const { kiosk, hub } = await twoByOneClock()
    useUp(hub, { entries: QUOTAS.entries })
    const sealed = await messageOf(kiosk, 1_000)
    expect(await outcome(hub, sealed)).toBe('PEER_QUOTA')
    const one = usedMs(hub)
    expect(one).toBeGreaterThan(0)
    expect(await outcome(hub, sealed)).toBe('PEER_QUOTA')
    expect(usedMs(hub)).toBeGreaterThan(one)
    useUp(hub, { entries: QUOTAS.entries, processor_ms: QUOTAS.processorMs - 1 })
    expect(await outcome(hub, withoutEnd(sealed))).toBe('MESSAGE_CORRUPT')
    expect(await outcome(hub, sealed)).toBe('PEER_QUOTA')
    expect(await outcome(hub, withoutEnd(sealed))).toBe('PEER_QUOTA')
  })

  it('counts also where what the peer has signed is no message', async () => {
    const { kiosk, hub } = await twoByOneClock()
    const sealed = await messageOf(kiosk, 1_000, { extra: 1 })
    for (let i = 0; i < 20 && usedMs(hub) === 0; i++) expect(await outcome(hub, sealed)).toBe('MESSAGE_CORRUPT')
    expect(usedMs(hub)).toBeGreaterThan(0)
  })

  it('counts nothing to a peer that is only named', async () => {
    const { kiosk, hub } = await twoByOneClock()
    const other = await newPlace('kiosk-2')
    acquaint(other, { ...hub, station: (await newPlace('hub')).station })
    const hostile = new HostileKiosk(other.station, 'hub')
    const forged = await hostile.seal({ ...hostile.message({}), from: kiosk.station.id })
    for (let i = 0; i < 5; i++) expect(await outcome(hub, forged)).toBe('MESSAGE_FORGED')
    expect(usedMs(hub)).toBe(0)
  })

  describe('of a peer that is known to have brought it', () => {
    const brought = (hub: Place, sealed: Uint8Array, from: string) =>
      receive(hub.station, sealed, { from }).then(
        () => 'taken',
        (error: { code: string }) => error.code,
      )
    const used = (hub: Place) => status(hub.station).peers.map(({ peer, quotas }) => [peer, quotas!] as const)
    const ofTwo = async () => {
      const { kiosk, hub } = await twoByOneClock()
      const other = await newPlace('kiosk-2')
      acquaint(other, hub)
      return { kiosk, other, hub }
    }

    it('ends with its first bytes where it names another, signed or not, and counts to who brought it', async () => {
      const { kiosk, other, hub } = await ofTwo()
      const hostile = new HostileKiosk(other.station, 'hub')
      const chunks = [{ hash: 'ab'.repeat(32), offset: 0, bytes: randomBytes(200_000) }]
      const forged = await hostile.seal({ ...hostile.message({ chunks }), from: 'kiosk-1' })
      const overheard = await messageOf(kiosk, 0, { chunks })
      const all = [forged, withoutEnd(forged), overheard, withoutEnd(overheard)]
      for (const sealed of all) expect(await brought(hub, sealed, 'kiosk-2')).toBe('MESSAGE_FORGED')
      const [[, innocent], [, guilty]] = used(hub)
      expect([innocent.processorMs.used, innocent.bytes.used, innocent.anomalies.used]).toEqual([0, 0, 0])
      expect(guilty.processorMs.used).toBeGreaterThan(0)
      expect(guilty.bytes.used).toBe(all.reduce((sum, { length }) => sum + length, 0))
      // Once, by the name of who brought it.
      expect(guilty.anomalies.used).toBe(1)
      const noted = ownBodies(hub, 'anomaly')
      expect(noted).toMatchObject([{ code: 'message-forged', detail: expect.stringContaining('kiosk-2') }])
      expect(await brought(hub, await messageOf(kiosk, 0), 'kiosk-1')).toBe('taken')
    })

    it('counts to it where it is not signed by it, or is cut short', async () => {
      const { hub } = await ofTwo()
      const impostor = await newPlace('kiosk-2')
      addPeer(impostor.station, { ...hub.known, relation: 'upstream' })
      const sealed = await messageOf(impostor, 1_000)
      let before = 0
      for (const [bytes, code] of [
        [sealed, 'MESSAGE_FORGED'],
        [sealed.subarray(0, -1), 'MESSAGE_CORRUPT'],
      ] as const) {
        expect(await brought(hub, bytes, 'kiosk-2')).toBe(code)
        const ms = used(hub)[1][1].processorMs.used
        expect(ms).toBeGreaterThan(before)
        before = ms
      }
    })

    it('is not opened at all when its processor time is used up', async () => {
      const { kiosk, hub } = await ofTwo()
      const rubbish = randomBytes(100_000)
      expect(await brought(hub, rubbish, 'kiosk-1')).toBe('MESSAGE_CORRUPT')
      expect(used(hub)[0][1].processorMs.used).toBeGreaterThan(0)
      useUp(hub, { processor_ms: QUOTAS.processorMs })
      expect(await brought(hub, rubbish, 'kiosk-1')).toBe('PEER_QUOTA')
      expect(await brought(hub, await messageOf(kiosk, 0), 'kiosk-1')).toBe('PEER_QUOTA')
    })

    it('takes what is honest, once, and nothing from who is no peer', async () => {
      const { kiosk, hub } = await twoByOneClock()
      const sealed = await messageOf(kiosk, 500)
      expect(await brought(hub, sealed, 'kiosk-9')).toBe('PEER_UNKNOWN')
      expect(await brought(hub, sealed, 'kiosk-1')).toBe('taken')
      expect(used(hub)[0][1].bytes.used).toBe(sealed.length)
      // @ts-expect-error: no option
      await expect(receive(hub.station, sealed, { form: 'kiosk-1' })).rejects.toThrow(/did you mean 'from'/)
      await expect(receive(hub.station, sealed, { from: ' ' })).rejects.toThrow(/receive: from/)
    })
  })

  it('says the longest message without entries', () => {
    const [station, hash] = ['x'.repeat(64), 'ab'.repeat(32)]
    const [through, signature] = [Number.MAX_SAFE_INTEGER, `${'A'.repeat(86)}==`]
    const name = { station, sequence: through, hash }
    const filled = <T>(most: number, one: T) => Array.from({ length: most }, () => one)
    const text = {
      ...{ v: 1, from: station, to: station, nonce: 'n'.repeat(22), inReplyTo: 'n'.repeat(22), at: AT, room: through },
      holds: filled(MOST.holds, { station, through, hash }),
      gaps: filled(MOST.gaps, { station, from: through, to: through }),
      ...{ entries: [], chunks: [], refusals: [], more: true },
      wants: filled(MOST.wants, { hash, offset: through }),
      lacks: filled(MOST.lacks, hash),
      asks: filled(MOST.asks, name),
      receipts: filled(MOST.receipts, { ...name, receivedAt: AT, signature }),
    }
    expect(JSON.stringify(text).length).toBeLessThan(MOST_TEXT_BYTES_WITHOUT_ENTRIES)
  })
})

describe('the day of the quotas', () => {
  const DAY_MS = 24 * HOUR_MS
  const usedUp = { bytes: QUOTAS.bytes, entries: QUOTAS.entries, processor_ms: QUOTAS.processorMs }
  const tried = async (kiosk: Place, hub: Place) => (await sync(kiosk.station, lineTo(hub))).stopped?.code

  it('does not begin anew when the clock is put back, also not step by step', async () => {
    const { clock, kiosk, hub } = await twoByOneClock()
    recordAt(kiosk, 'a')
    useUp(hub, usedUp)
    for (const days of [1, 30, 365]) {
      clock.now = START - days * DAY_MS
      expect(await tried(kiosk, hub)).toBe('PEER_QUOTA')
      expect(status(hub.station).peers[0].quotas?.entries.used).toBe(QUOTAS.entries)
    }
    clock.now += DAY_MS
    expect(await tried(kiosk, hub)).toBe('PEER_QUOTA')
    clock.now = START + HOUR_MS
    expect(await tried(kiosk, hub)).toBeUndefined()
  })

  it('begins once, however the clock is set: each goes on with the latest day that was seen', async () => {
    const { clock, hub } = await twoByOneClock()
    const used = () => status(hub.station).peers[0].quotas!.entries.used
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 1, maxLength: 6 }), async days => {
        let [latest, before] = [-Infinity, 0]
        partsOf(hub.station).file.run('DELETE FROM peer_use')
        for (const day of days) {
          clock.now = START + day * DAY_MS
          partsOf(hub.station).file.transaction(() => spend(hub.station, peers(hub.station)[0], { entries: 1 }))
          before = day > latest ? 1 : before + 1
          latest = Math.max(latest, day)
          expect(used()).toBe(before)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('does not begin anew when a clock that was a day ahead is put back, and forward again', async () => {
    const { clock, kiosk, hub } = await twoByOneClock()
    recordAt(kiosk, 'a')
    useUp(hub, usedUp)
    for (const aheadMs of [-DAY_MS, 0, -DAY_MS, 0]) {
      clock.now = START + aheadMs
      const { stopped, nextTryAt } = await sync(kiosk.station, lineTo(hub))
      expect({ code: stopped?.code, nextTryAt }).toEqual({ code: 'PEER_QUOTA', nextTryAt: '2026-01-03T00:00:00.000Z' })
    }
    clock.now = START + HOUR_MS
    expect(await tried(kiosk, hub)).toBeUndefined()
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
  })

  it('is over for a clock that was years ahead when a person says so, and not by itself', async () => {
    const { clock, kiosk, hub } = await twoByOneClock()
    recordAt(kiosk, 'a')
    const { file } = partsOf(hub.station)
    useUp(hub, usedUp)
    const checks = `INSERT INTO peer_use VALUES ('checks of kiosk-1', '2041-01-02', 0, 0, 0, ?)`
    file.run(checks, QUOTAS.checkMs)
    file.run(`UPDATE peer_use SET day = '2041-01-02'`)
    expect(await tried(kiosk, hub)).toBe('PEER_QUOTA')
    clock.now += 3 * DAY_MS
    expect(await tried(kiosk, hub)).toBe('PEER_QUOTA')
    // Each day it is noted anew.
    expect(anomaliesOf(hub)).toEqual(['quota-reached', 'quota-reached'])
    const raised = { peer: 'kiosk-1', quota: 'bytes', amount: QUOTAS.bytes * 2, ...RAISED } as const
    raiseQuota(hub.station, { ...raised, reason: 'the clock was ahead' })
    expect(await tried(kiosk, hub)).toBeUndefined()
    const { entries, checkMs } = status(hub.station).peers[0].quotas!
    expect([entries.used, checkMs.used]).toEqual([journalOf(hub).length, 0])
    // What was used today is not forgotten.
    raiseQuota(hub.station, { ...raised, reason: 'once more' })
    expect(status(hub.station).peers[0].quotas!.entries).toEqual(entries)
    expect((await verifyStation(hub.station)).findings).toEqual([])
  })

  it.each([
    ['back', -400 * DAY_MS],
    ['forward', 400 * DAY_MS],
  ])('counts on when the clock goes %s while a peer is within its quotas', async (_, byMs) => {
    const { clock, kiosk, hub } = await twoByOneClock()
    recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    clock.now += byMs
    recordAt(kiosk, 'b')
    await sync(kiosk.station, lineTo(hub))
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised', b: 'synchronised' })
    const { entries } = status(hub.station).peers[0].quotas!
    const all = journalOf(hub).length
    if (byMs < 0) expect(entries.used).toBe(all)
    else expect(entries.used).toBeLessThan(all)
  })
})

describe('quotas', () => {
  it('count what is new, once, and are seen in the status', async () => {
    const { kiosk, hub } = await twoByOneClock()
    recordAt(kiosk, 'a', { templates: 700, photo: 20_000 })
    const sent: Uint8Array[] = []
    const line = lineTo(hub)
    await sync(kiosk.station, {
      ...line,
      exchange: (...all) => {
        sent.push(all[0])
        return line.exchange(...all)
      },
    })
    const used = () => status(hub.station).peers[0].quotas!
    const first = used()
    expect(first.entries).toEqual({ used: 3, quota: QUOTAS.entries })
    expect(first.bytes.used).toBeGreaterThan(20_000)
    expect(first.processorMs.used).toBeGreaterThan(0)
    expect(first.openPayloads.used).toBe(0)
    for (const message of [...sent, ...sent]) await receive(hub.station, message)
    expect(used()).toMatchObject({ entries: first.entries, bytes: first.bytes })
    expect(status(kiosk.station).peers[0].quotas).toBeUndefined()
  })

  it('bound payloads that are named and never come, and let those be sent that are', async () => {
    const { kiosk, hub } = await twoByOneClock()
    const hostile = new HostileKiosk(kiosk.station, 'hub')
    const body = Buffer.from(
      JSON.stringify({
        salt: 'AA',
        nik: NIK,
        person: {},
        operator: 'o',
        preCheck: { decision: 'clear', candidates: [], persons: 0 },
      }),
    )
    const named = (i: number) => {
      const roles = [...Array.from({ length: 10 }, (_, at) => `finger-${at + 1}`), 'photo', 'signature']
      const payloads = roles.map(role => ({ role, hash: randomBytes(32).toString('hex'), size: 500 }))
      return hostile.entry({ kind: 'enrolled', record: `r${i}`, recordVersion: 1, body, payloads })
    }
    const records = Math.ceil(QUOTAS.openPayloads / 12) + 1
    const entries = [...hostile.before, ...Array.from({ length: records }, (_, i) => named(i))]
    await receive(hub.station, await hostile.seal(hostile.message({ entries })))
    const more = await hostile.seal(hostile.message({ entries: [named(records)] }))
    await expect(receive(hub.station, more)).rejects.toMatchObject({ code: 'PEER_QUOTA' })
    expect(journalOf(hub)).toHaveLength(entries.length)
    // However many are open: no more are looked at.
    const { openPayloads: quota } = QUOTAS
    expect(records * 12).toBeGreaterThan(quota + 1)
    expect(status(hub.station).peers[0].quotas?.openPayloads).toEqual({ used: quota + 1, quota })
    await receive(hub.station, await hostile.seal(hostile.message({})))
  })
})

describe('anomalies', () => {
  it('of 500 forged messages are one, which blames nobody, and keep nothing of the victim back', async () => {
    const { kiosk, hub } = await twoByOneClock()
    const random = undefined as never
    const { sealed } = await SCENARIOS.forged({
      kiosk: kiosk.station,
      hub: hub.station,
      random,
      entries: 0,
      mutants: 0,
    })
    for (const message of sealed) {
      await expect(receive(hub.station, message)).rejects.toMatchObject({ code: 'MESSAGE_FORGED' })
    }
    const noted = ownBodies(hub, 'anomaly') as { code: string; detail: string }[]
    expect(noted).toMatchObject([{ code: 'message-forged', detail: expect.stringContaining('is not known') }])
    expect(status(hub.station).peers[0].quotas).toMatchObject({ anomalies: { used: 0 }, processorMs: { used: 0 } })
    recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
  })

  it('that a peer causes are written down up to its quota, and that there were more', async () => {
    const { clock, kiosk, hub } = await twoByOneClock()
    const lies = (from: number) => {
      for (let n = from; n < from + QUOTAS.anomalies + 10; n++) {
        noteAnomaly(hub.station, 'entry-forged', `station-${n}`, 'as many as it likes', {
          id: kiosk.identity.id,
          relation: 'downstream',
        })
      }
    }
    lies(1_000)
    const codes = anomaliesOf(hub)
    expect(codes.filter(code => code === 'entry-forged')).toHaveLength(QUOTAS.anomalies)
    expect(codes.filter(code => code === 'quota-reached')).toHaveLength(1)
    clock.now += HOUR_MS
    lies(2_000)
    expect(anomaliesOf(hub)).toHaveLength(2 * (QUOTAS.anomalies + 1))
  })

  it('are written down once a day where it says to hold what this station never wrote', async () => {
    const { clock, kiosk, hub } = await twoByOneClock()
    const hostile = new HostileKiosk(kiosk.station, 'hub')
    const lies = async () => {
      for (let through = 1_000; through < 1_005; through++) {
        const holds = [{ station: 'hub', through, hash: 'ab'.repeat(32) }]
        await receive(hub.station, await hostile.seal(hostile.message({ holds })))
      }
    }
    await lies()
    expect(anomaliesOf(hub)).toEqual(['own-journal-behind'])
    clock.now += 24 * HOUR_MS
    await lies()
    expect(anomaliesOf(hub)).toEqual(['own-journal-behind', 'own-journal-behind'])
  })
})

it('the time to seal an answer counts to the peer that it is for, and is seen at once', async () => {
  const { hub } = await twoByOneClock()
  const usedMs = () => status(hub.station).peers[0].quotas!.processorMs.used
  const before = usedMs()
  for (let i = 0; i < 20; i++) await sealMessage(hub.station, compose(hub.station, 'kiosk-1').message)
  // To agree on a key takes a processor some milliseconds, however short the answer.
  expect(usedMs() - before).toBeGreaterThanOrEqual(20 * 5)
})

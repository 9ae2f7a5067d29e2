/** Records on a stick: out, in, and their receipts back; in any order, any number of times. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import {
  apply,
  bundlesOut,
  Course,
  compose,
  createIdentity,
  exportBundle,
  importBundle,
  receive,
  type Station,
  sync,
} from 'sidik/station'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import type { Message } from '../../../dist/station/sync/message-schema.js'
import {
  acquaint,
  anomaliesOf,
  decide,
  later,
  NAME,
  NIK,
  type Pair,
  pairIn,
  record,
  recordsIn,
  stationIn,
  transportOf,
} from './stations.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-bundles-'))
const open: Station[] = []
let folders = 0

function newFolder(): string {
  const folder = join(parent, `folder-${++folders}`)
  mkdirSync(folder)
  return folder
}

async function newPair(): Promise<Pair> {
  const pair = await pairIn(newFolder())
  open.push(pair.kiosk, pair.centre)
  return pair
}

afterEach(async () => {
  for (const station of open.splice(0)) await station.close()
})
afterAll(() => rmSync(parent, { recursive: true }))

const up = (pair: Pair, folder: string) => exportBundle(pair.kiosk, { to: 'centre', folder })
const down = (pair: Pair, folder: string) => exportBundle(pair.centre, { to: 'kiosk-1', folder })

async function taken(station: Station, folder: string) {
  const report = await importBundle(station, { folder })
  expect(report.failed.filter(({ error }) => error.code !== 'BUNDLE_NOT_FOR_US')).toEqual([])
  return report.imported
}

describe('a bundle', () => {
  it('brings records with all that belongs to them, and the bundle back makes them synchronised', async () => {
    const pair = await newPair()
    const { kiosk, centre } = pair
    const ids = Array.from({ length: 5 }, () => record(kiosk, [3_000, 40_000, 500_000]))
    const [out, back] = [newFolder(), newFolder()]
    const exported = await up(pair, out)
    expect(exported).toMatchObject({ to: 'centre', entries: 7, payloads: 15, receipts: 0 })
    expect(readdirSync(out).sort()).toEqual([...exported.files].sort())
    expect(exported.bytes).toBe(
      exported.files.slice(1).reduce((sum, name) => sum + readFileSync(join(out, name)).length, 0),
    )
    // Only a receipt counts.
    expect(transportOf(kiosk)).toEqual({ waiting: 5 })
    expect(bundlesOut(kiosk)).toMatchObject([{ bundle: exported.bundle, to: 'centre', waiting: 5 }])

    const [imported] = await taken(centre, out)
    expect(imported).toMatchObject({ bundle: exported.bundle, from: 'kiosk-1', entriesNew: 7, entriesKnown: 0 })
    expect([...recordsIn(centre).keys()].sort()).toEqual([...ids].sort())
    for (const { payloads } of recordsIn(centre).values()) expect(payloads).toBe(3)
    expect(transportOf(kiosk)).toEqual({ waiting: 5 })

    decide(centre, ids[0], 'registered')
    const answer = await down(pair, back)
    expect(answer).toMatchObject({ to: 'kiosk-1', receipts: 5 })
    expect(await taken(kiosk, back)).toMatchObject([{ from: 'centre', receipts: 5 }])
    expect(transportOf(kiosk)).toEqual({ synchronised: 5 })
    expect(recordsIn(kiosk).get(ids[0])).toMatchObject({ centre: 'registered' })
    expect(bundlesOut(kiosk)).toEqual([])
    // The decision is out, until a bundle or a line says that it came.
    expect(bundlesOut(centre)).toMatchObject([{ to: 'kiosk-1' }])
    await up(pair, out)
    await taken(centre, out)
    expect(bundlesOut(centre)).toEqual([])
    expect([anomaliesOf(kiosk), anomaliesOf(centre)]).toEqual([[], []])
  })

  it('taken twice changes nothing the second time, and what is acknowledged does not go again', async () => {
    const pair = await newPair()
    record(pair.kiosk)
    const out = newFolder()
    await up(pair, out)
    await taken(pair.centre, out)
    expect(await taken(pair.centre, out)).toMatchObject([{ entriesNew: 0 }])
    const back = newFolder()
    await down(pair, back)
    await taken(pair.kiosk, back)
    expect(await taken(pair.kiosk, back)).toMatchObject([{ receipts: 0, entriesNew: 0 }])
    expect(await up(pair, newFolder())).toMatchObject({ entries: 0, payloads: 0 })
    const { file } = partsOf(pair.centre)
    const noted = `SELECT kind FROM journal WHERE station = 'centre' AND kind IN ('imported', 'exported')`
    expect(file.all(noted)).toEqual([{ kind: 'imported' }, { kind: 'exported' }])
  })

  it('in any order, lost or repeated, with records and decisions in between, and a line now and then', async () => {
    const step = fc.constantFrom('record', 'decide', 'up', 'down', 'lose', 'take-up', 'take-down', 'line', 'again')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), fc.nat(), async (steps, seed) => {
        const pair = await newPair()
        const { kiosk, centre } = pair
        const sticks = { up: [] as string[], down: [] as string[] }
        let draw = seed
        const any = <T>(list: T[]): T | undefined => {
          draw = (draw * 31 + 17) % 100_003
          return list[draw % Math.max(1, list.length)]
        }
        const onStick = async (station: Station, to: string) => {
          const folder = newFolder()
          await exportBundle(station, { to, folder })
          return folder
        }
        const takeAny = async (station: Station, list: string[]) => {
          const folder = any(list)
          if (folder !== undefined) await taken(station, folder)
        }
        const line = { name: 'line', exchange: (message: Uint8Array) => receive(centre, message) }
        const run: Record<string, () => Promise<unknown> | unknown> = {
          record: () => record(kiosk, [2_000, 1_000]),
          decide: () => {
            const id = any([...recordsIn(centre).keys()])
            if (id !== undefined) decide(centre, id, `state-${draw}`)
          },
          up: async () => sticks.up.push(await onStick(kiosk, 'centre')),
          down: async () =>
            sticks.down.push((await down(pair, newFolder())).files[0] && join(parent, `folder-${folders}`)),
          lose: () => void (draw % 2 === 0 ? sticks.up : sticks.down).pop(),
          'take-up': () => takeAny(centre, sticks.up),
          'take-down': () => takeAny(kiosk, sticks.down),
          line: () => sync(kiosk, line, { retry: { attempts: 1 } }),
          again: async () => {
            for (const each of sticks.up) await taken(centre, each)
            for (const each of sticks.down.toReversed()) await taken(kiosk, each)
          },
        }
        for (const each of steps) {
          later(1_000)
          await run[each]()
        }
        // Two rounds of sticks that arrive settle whatever went before.
        for (let round = 0; round < 2; round++) {
          later(1_000)
          await run.up()
          await taken(centre, sticks.up.at(-1)!)
          await run.down()
          await taken(kiosk, sticks.down.at(-1)!)
        }
        const ids = [...recordsIn(kiosk).keys()]
        expect([...recordsIn(centre).keys()]).toEqual(ids)
        expect(transportOf(kiosk)).toEqual(ids.length === 0 ? {} : { synchronised: ids.length })
        for (const { payloads } of recordsIn(centre).values()) expect(payloads).toBe(2)
        const centreStates = (of: Station) => [...recordsIn(of).values()].map(({ centre }) => centre)
        expect(centreStates(kiosk).length).toBe(ids.length)
        expect([anomaliesOf(kiosk), anomaliesOf(centre)]).toEqual([[], []])
        for (const station of open.splice(0)) await station.close()
      }),
      { numRuns: 6 },
    )
  })

  it('shows nobody on the stick: no name, no number, not how many', async () => {
    const pair = await newPair()
    const id = record(pair.kiosk, [3_000])
    const folder = newFolder()
    const { files } = await up(pair, folder)
    for (const name of files) {
      const bytes = readFileSync(join(folder, name))
      for (const secret of [NAME, NIK, id, 'enrolled', 'operator-1']) {
        expect(bytes.includes(secret), `${secret} in ${name}`).toBe(false)
        expect(name).not.toContain(secret)
      }
    }
    expect(readFileSync(join(folder, files[0])).includes('kiosk-1')).toBe(true)
  })

  it('is written while records are made', async () => {
    const pair = await newPair()
    for (let i = 0; i < 10; i++) record(pair.kiosk, [3_000, 400_000])
    const folder = newFolder()
    let made = 0
    await exportBundle(pair.kiosk, {
      to: 'centre',
      folder,
      onProgress: () => {
        if (made++ < 20) record(pair.kiosk, [3_000, 100_000])
      },
    })
    expect(made).toBeGreaterThan(20)
    await taken(pair.centre, folder)
    const here = recordsIn(pair.centre)
    expect(here.size).toBeGreaterThanOrEqual(10)
    for (const { payloads } of here.values()) expect(payloads).toBe(2)
    await down(pair, folder)
    await taken(pair.kiosk, folder)
    expect(transportOf(pair.kiosk).synchronised).toBe(here.size)
    const rest = newFolder()
    await up(pair, rest)
    await taken(pair.centre, rest)
    expect(recordsIn(pair.centre).size).toBe(30)
  })

  it('brings the images of records whose line broke before they were through', async () => {
    const pair = await newPair()
    const ids = Array.from({ length: 3 }, () => record(pair.kiosk, [3_000, 200_000]))
    let exchanges = 0
    const line = {
      name: 'line',
      exchange: async (message: Uint8Array) => {
        if (++exchanges > 2) throw new Error('the line is cut')
        return receive(pair.centre, message)
      },
    }
    await expect(sync(pair.kiosk, line, { retry: { attempts: 1 }, messageBytes: 16_384 } as never)).rejects.toThrow()
    const folder = newFolder()
    await up(pair, folder)
    await taken(pair.centre, folder)
    expect([...recordsIn(pair.centre).keys()].sort()).toEqual([...ids].sort())
    await down(pair, folder)
    await taken(pair.kiosk, folder)
    expect(transportOf(pair.kiosk)).toEqual({ synchronised: 3 })
  })

  it('brings what the bundle before it asked for: templates of others whose line broke', async () => {
    const folder = newFolder()
    const identities = await Promise.all(['kiosk-1', 'kiosk-2', 'centre'].map(createIdentity))
    const [one, two, centre] = await Promise.all(identities.map(identity => stationIn(folder, identity)))
    open.push(one, two, centre)
    await acquaint(identities[0], one, identities[2], centre)
    await acquaint(identities[1], two, identities[2], centre)
    record(two, [3_000])
    const stick = newFolder()
    await exportBundle(two, { to: 'centre', folder: stick })
    await taken(centre, stick)
    let exchanges = 0
    const line = {
      name: 'line',
      exchange: async (message: Uint8Array) => {
        if (++exchanges > 1) throw new Error('the line is cut')
        return receive(centre, message)
      },
    }
    await expect(sync(one, line, { retry: { attempts: 1 } })).rejects.toThrow('the line is cut')
    const lacks = () => {
      const sql = `SELECT count(*) AS n FROM entry_payload e WHERE NOT EXISTS (SELECT 1 FROM payload WHERE hash = e.hash)`
      return partsOf(one).file.get<{ n: number }>(sql)!.n
    }
    expect(lacks()).toBe(1)
    const own = newFolder()
    await exportBundle(one, { to: 'centre', folder: own })
    await taken(centre, own)
    const back = newFolder()
    expect(await exportBundle(centre, { to: 'kiosk-1', folder: back })).toMatchObject({ entries: 0, payloads: 1 })
    await taken(one, back)
    expect(lacks()).toBe(0)
    expect(bundlesOut(centre)).toEqual([])
  })
})

describe('what may go wrong with the stations', () => {
  it('a bundle that was not finished has told the peer nothing', async () => {
    const pair = await newPair()
    for (let i = 0; i < 3; i++) record(pair.kiosk)
    const folder = newFolder()
    await up(pair, folder)
    await taken(pair.centre, folder)
    const back = newFolder()
    const stop = new AbortController()
    const reason = new Error('enough')
    const aborted = exportBundle(pair.centre, {
      to: 'kiosk-1',
      folder: back,
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    })
    await expect(aborted).rejects.toBe(reason)
    expect(readdirSync(back)).toEqual([])
    expect(bundlesOut(pair.centre)).toEqual([])
    expect(await down(pair, back)).toMatchObject({ receipts: 3 })
    const importing = new AbortController()
    const half = importBundle(pair.kiosk, {
      folder: back,
      signal: importing.signal,
      onProgress: ({ doing }) => doing === 'importing' && importing.abort(reason),
    })
    await expect(half).rejects.toBe(reason)
    expect(await taken(pair.kiosk, back)).toMatchObject([{ receipts: 3 }])
  })

  it('an answer to the first half of a bundle is none to all of it', async () => {
    const { kiosk, centre } = await newPair()
    for (let i = 0; i < 6; i++) record(kiosk, [20_000])
    const course = new Course()
    const messages: Message[] = []
    do messages.push(compose(kiosk, 'centre', { maxBytes: 16_384, course }).message)
    while (messages.at(-1)!.more)
    expect(messages.length).toBeGreaterThan(3)
    const half = messages.findIndex(({ entries }) => entries.length > 0) + 1
    for (const message of messages.slice(0, half)) await apply(centre, 'kiosk-1', message)
    const early = compose(centre, 'kiosk-1').message
    for (const message of messages.slice(half)) await apply(centre, 'kiosk-1', message)
    const late = compose(centre, 'kiosk-1').message
    expect(early.holds[0].through).toBeLessThan(late.holds[0].through)
    await apply(kiosk, 'centre', late)
    await apply(kiosk, 'centre', early)
    expect(anomaliesOf(kiosk)).toEqual([])
    expect(transportOf(kiosk)).toEqual({ synchronised: 6 })
  })

  it('a centre that was restored from an old copy gets all again, also when old bundles of it turn up', async () => {
    const folder = newFolder()
    const identities = { kiosk: await createIdentity('kiosk-1'), centre: await createIdentity('centre') }
    const kiosk = await stationIn(folder, identities.kiosk)
    const before = await stationIn(folder, identities.centre)
    await acquaint(identities.kiosk, kiosk, identities.centre, before)
    await before.close()
    const file = join(folder, 'centre.sqlite')
    copyFileSync(file, `${file}.old`)
    const full = await stationIn(folder, identities.centre)
    open.push(kiosk)
    record(kiosk)
    record(kiosk)
    const [sent, lost, late] = [newFolder(), newFolder(), newFolder()]
    const step = async <T>(work: Promise<T>) => {
      later(1_000)
      return work
    }
    await step(exportBundle(kiosk, { to: 'centre', folder: sent }))
    await taken(full, sent)
    await step(exportBundle(full, { to: 'kiosk-1', folder: lost }))
    await taken(kiosk, lost)
    expect(transportOf(kiosk)).toEqual({ synchronised: 2 })
    record(kiosk)
    const second = newFolder()
    await step(exportBundle(kiosk, { to: 'centre', folder: second }))
    await taken(full, second)
    await step(exportBundle(full, { to: 'kiosk-1', folder: late }))
    await full.close()

    rmSync(file)
    copyFileSync(`${file}.old`, file)
    const old = await stationIn(folder, identities.centre)
    open.push(old)
    await taken(old, second)
    expect(recordsIn(old).size).toBe(0)
    const back = newFolder()
    await step(exportBundle(old, { to: 'kiosk-1', folder: back }))
    await taken(kiosk, back)
    expect(transportOf(kiosk)).toEqual({ waiting: 3 })
    expect(anomaliesOf(kiosk)).toMatchObject([expect.stringMatching(/^peer-went-back/)])
    // What it said before it was restored is believed, until it says something else.
    await taken(kiosk, late)
    for (let round = 0; round < 2; round++) {
      const [there, here] = [newFolder(), newFolder()]
      await step(exportBundle(kiosk, { to: 'centre', folder: there }))
      await taken(old, there)
      await step(exportBundle(old, { to: 'kiosk-1', folder: here }))
      await taken(kiosk, here)
    }
    expect(recordsIn(old).size).toBe(3)
    expect(transportOf(kiosk)).toEqual({ synchronised: 3 })
  })
})

describe('a stick with bundles of several stations', () => {
  it('gives each its own, by way of a hub too', async () => {
    const folder = newFolder()
    const identities = await Promise.all(['kiosk-1', 'kiosk-2', 'hub', 'centre'].map(createIdentity))
    const [one, two, hub, centre] = await Promise.all(identities.map(identity => stationIn(folder, identity)))
    open.push(one, two, hub, centre)
    await acquaint(identities[0], one, identities[2], hub)
    await acquaint(identities[1], two, identities[2], hub)
    await acquaint(identities[2], hub, identities[3], centre, { vouches: true })
    const ids = [record(one, [3_000, 30_000]), record(two, [3_000]), record(two, [3_000])]
    const stick = newFolder()
    await exportBundle(one, { to: 'hub', folder: stick })
    await exportBundle(two, { to: 'hub', folder: stick })
    expect((await taken(hub, stick)).map(({ from }) => from).sort()).toEqual(['kiosk-1', 'kiosk-2'])
    await exportBundle(hub, { to: 'centre', folder: stick })
    const report = await importBundle(centre, { folder: stick })
    expect(report.imported).toMatchObject([{ from: 'hub' }])
    expect(report.failed.map(({ error }) => error.code)).toEqual(['BUNDLE_NOT_FOR_US', 'BUNDLE_NOT_FOR_US'])
    expect([...recordsIn(centre).keys()].sort()).toEqual([...ids].sort())
    decide(centre, ids[0], 'registered')
    await exportBundle(centre, { to: 'hub', folder: stick })
    await taken(hub, stick)
    await exportBundle(hub, { to: 'kiosk-1', folder: stick })
    await exportBundle(hub, { to: 'kiosk-2', folder: stick })
    await taken(one, stick)
    await taken(two, stick)
    expect([transportOf(one), transportOf(two), transportOf(hub)]).toEqual([
      { synchronised: 1 },
      { synchronised: 2 },
      { synchronised: 3 },
    ])
    expect(recordsIn(one).get(ids[0])).toMatchObject({ centre: 'registered' })
    for (const station of [one, two, hub, centre]) expect(anomaliesOf(station)).toEqual([])
  })
})

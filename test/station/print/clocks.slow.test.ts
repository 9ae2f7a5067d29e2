/**
 * Clocks of stations are wrong: whatever they say, the same cards are printed, and the same is put
 * on record.
 */
import fc from 'fast-check'
import { SidikError } from 'sidik'
import {
  addPeer,
  cancelCard,
  cardRequests,
  createIdentity,
  decide,
  discrepancies,
  handOver,
  hostTransport,
  planPrinting,
  printCards,
  printJobs,
  publicIdentity,
  receive,
  requestCard,
  type Station,
  spoilCard,
  sync,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it, vi } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { takeEntry } from '../../../dist/station/journal/insert.js'
import { bodyBytesOf, entriesFrom, signedEntryOf } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { anyStation, BY, blanks, CLEARED, corrected, nikOf, printerThat, render, WHY } from './support.ts'

// Some seconds of work; a machine that is busy takes many times that.
vi.setConfig({ testTimeout: 180_000 })

const DAY_MS = 86_400_000

/** Draws of the property, some seconds each; more with SIDIK_FUZZ_RUNS. */
const RUNS = Number(process.env.SIDIK_FUZZ_RUNS ?? 3)

interface Place {
  readonly station: Station
  /** Milliseconds by which its clock is ahead. */
  aheadMs: number
}

/** Says that the card of a corrected record was printed, on the first blank of lot-1. */
function printByHand(station: Station, record: string): void {
  const [{ request }] = cardRequests(station, { record })
  const route = { direction: 'up', record, recordVersion: 2 } as const
  const serial = { prefix: 'AB', digits: 6, number: 101 }
  const body = { request, job: 'by-hand', lot: 'lot-1', serial, printer: 'p', consumables: [] }
  append(station, { kind: 'card-reserved', ...route, body })
  for (const kind of ['card-sent', 'card-printed'] as const)
    append(station, { kind, ...route, body: { job: 'by-hand' } })
}

/** Stations by name; the last one is the centre. `above`: who is above each of the others. */
class Network {
  readonly places: Place[] = []
  readonly #above: readonly number[]
  #nowMs = Date.UTC(2026, 10, 25)

  constructor(above: readonly number[]) {
    this.#above = above
  }

  static async create(names: readonly string[], above: readonly number[], aheadMs: readonly number[]) {
    const network = new Network(above)
    for (const [i, name] of names.entries()) {
      const clock = () => network.#tick() + (network.places[i]?.aheadMs ?? aheadMs[i])
      const station = await anyStation({ identity: await createIdentity(name), clock })
      network.places.push({ station, aheadMs: aheadMs[i] })
    }
    for (const [below, at] of above.entries()) {
      const [lower, upper] = [network.at(below), network.at(at)]
      addPeer(lower, { ...(await publicIdentity(partsOf(upper).identity)), relation: 'upstream' })
      addPeer(upper, { ...(await publicIdentity(partsOf(lower).identity)), relation: 'downstream', vouches: true })
    }
    return network
  }

  #tick(): number {
    this.#nowMs += 1_000
    return this.#nowMs
  }

  at(place: number): Station {
    return this.places[place].station
  }

  /** A day goes by. */
  sleep(): void {
    this.#nowMs += DAY_MS
  }

  /** The station tells the one above what is new, and hears it. */
  async meet(below: number): Promise<void> {
    const above = this.at(this.#above[below])
    await sync(
      this.at(below),
      hostTransport('here', message => receive(above, message)),
    )
  }

  /** Until everybody knows everything. */
  async meetAll(): Promise<void> {
    for (let round = 0; round < this.places.length; round++) {
      for (const below of this.#above.keys()) await this.meet(below)
    }
  }

  /** A person with a record at that station, cleared by the centre, known to all on the way. */
  async person(place: number, id: string, nik: string): Promise<string> {
    record(this.at(place), id, { nik })
    await this.meetAll()
    decide(this.places.at(-1)!.station, id, CLEARED)
    await this.meetAll()
    return id
  }

  async print(place: number): Promise<number> {
    return (await printCards(this.at(place), { printer: printerThat(), render })).printed.length
  }
}

const LOST = { purpose: 'replacement', reason: 'lost', ...BY } as const

/**
 * One hub, which is the centre, above one kiosk; with a person whose card the hub has printed and
 * handed over.
 */
async function served(aheadMs: readonly number[]) {
  const network = await Network.create(['kiosk-1', 'hub'], [1], aheadMs)
  const id = await network.person(0, 'record-1', nikOf(1))
  blanks(network.at(1), 5, { lot: 'lot-hub' })
  requestCard(network.at(0), { record: id, at: 'hub', ...BY })
  await network.meet(0)
  await network.print(1)
  for (const { job } of printJobs(network.at(1))) handOver(network.at(1), job, { to: 'Siti Rahasia', ...BY })
  return { network, kiosk: network.at(0), hub: network.at(1), id }
}

const AHEAD = [-40, -1, 0, 1, 40].map(days => days * DAY_MS)

describe.each(AHEAD.filter(ms => ms !== DAY_MS && ms !== -40 * DAY_MS))('a clock that is %d ms ahead', aheadMs => {
  it('prints the replacement of a card that the kiosk knows to be lost', async () => {
    const { network, kiosk, hub, id } = await served([0, aheadMs])
    await network.meet(0)
    network.sleep()
    const [{ job }] = printJobs(hub)
    requestCard(kiosk, { record: id, at: 'hub', ...LOST })
    await network.meet(0)
    expect(planPrinting(hub).waits).toEqual([])
    expect(await network.print(1)).toBe(1)
    expect(cardRequests(hub).map(({ replaces }) => replaces)).toEqual([undefined, [job]])
    await network.meet(0)
    for (const each of [hub, kiosk]) {
      expect(discrepancies(each)).toEqual([])
      expect((await verifyStation(each)).findings).toEqual([])
    }
  })

  it('prints none beside a card that the kiosk did not know when it asked', async () => {
    const { network, kiosk, hub, id } = await served([0, aheadMs])
    await network.meet(0)
    // Two places are told of one loss.
    requestCard(hub, { record: id, at: 'hub', ...LOST })
    network.sleep()
    await network.print(1)
    network.sleep()
    const { request } = requestCard(kiosk, { record: id, at: 'hub', ...LOST })
    await network.meet(0)
    expect(planPrinting(hub)).toMatchObject({ prints: [], waits: [{ request, code: 'has-card' }] })
    expect(planPrinting(hub).waits[0].message).toMatch(/does not name: cancel it, ask again/)
    // Which is what helps.
    cancelCard(hub, request, WHY)
    requestCard(hub, { record: id, at: 'hub', ...LOST })
    expect(await network.print(1)).toBe(1)
    expect(discrepancies(hub)).toEqual([])
  })

  it.each([
    [0, 1, 'that names none'],
    [1, 0, 'that names none'],
    [0, 1, 'without names, as a forger or an old program writes it'],
    [1, 0, 'without names, as a forger or an old program writes it'],
  ])('puts two cards on record that were printed apart (%d, then %d; a request %s)', async (first, second, how) => {
    const network = await Network.create(['kiosk-1', 'kiosk-2', 'hub'], [2, 2], [aheadMs, 0, 0])
    const ids = [await network.person(0, 'record-1', nikOf(1)), await network.person(1, 'record-2', nikOf(2))]
    // No hub has two records of one NIK before the cards are printed, and no program prints the second without
    // the centre's word about the new NIK.
    corrected(network.at(1), ids[1], nikOf(1))
    for (const [place, id] of ids.entries()) {
      blanks(network.at(place), 2, { lot: `lot-${place}`, first: 1 + place * 100 })
      if (place === 0 && how !== 'that names none') {
        const body = { request: 'nameless', at: 'kiosk-1', ...LOST }
        append(network.at(0), { kind: 'card-requested', direction: 'up', record: id, recordVersion: 1, body })
      } else requestCard(network.at(place), { record: id, ...LOST })
      network.sleep()
      if (place === 0) await network.print(place)
      else printByHand(network.at(place), id)
    }
    await network.meet(first)
    expect(discrepancies(network.at(2))).toEqual([])
    await network.meet(second)
    expect(discrepancies(network.at(2))).toMatchObject([{ code: 'printed-twice', detail: { what: 'person' } }])
  })
})

it.each([
  ['hub', 'kiosk-1'],
  ['kiosk-1', 'hub'],
])('a replacement is no second card, whichever journal is heard first (%s)', async (...order) => {
  const { network, kiosk, hub, id } = await served([0, 0])
  await network.meet(0)
  blanks(kiosk, 2, { lot: 'lot-kiosk', first: 300 })
  requestCard(kiosk, { record: id, ...LOST })
  await network.print(0)
  const another = await anyStation({ identity: await createIdentity('another') })
  const target = { ...partsOf(another), self: hub.id }
  const known = new Map([kiosk, hub].map(station => [station.id, partsOf(station)]))
  // Whom the hub knows, the requests and their record come first: cards of requests that are not known have no effect.
  const first = [
    ['hub', ['peer']],
    ['kiosk-1', ASKING],
  ] as const
  const rest = order.map(name => [name, undefined] as const)
  for (const [name, kinds] of [...first, ...rest]) {
    const { file, keys } = known.get(name)!
    for (const row of entriesFrom(file, name, 1, 1_000)) {
      const entry = signedEntryOf(row)
      const isFirst = first.some(
        ([of, kinds]) => of === name && (kinds as readonly string[]).includes(entry.header.kind),
      )
      if (kinds === undefined ? !isFirst : (kinds as readonly string[]).includes(entry.header.kind)) {
        target.file.transaction(() => takeEntry(target, entry, bodyBytesOf(file, keys, row)))
      }
    }
  }
  expect(printJobs(another).map(({ state }) => state)).toEqual(['handed-over', 'printed'])
  expect(discrepancies(another)).toEqual([])
})

it('a new card replaces none, whatever its request names, nor a replacement the card of another person', async () => {
  const { network, kiosk, hub, id } = await served([0, 0])
  await network.meet(0)
  const other = await network.person(0, 'record-2', nikOf(2))
  const [{ job }] = printJobs(hub)
  const asks = (request: string, record: string, purpose: 'new' | 'replacement', replaces: string[]) => {
    const body = { request, at: 'hub', purpose, replaces, ...BY }
    append(kiosk, { kind: 'card-requested', direction: 'up', record, recordVersion: 1, body })
  }
  asks('names-its-own', id, 'new', [job])
  asks('names-anothers', other, 'replacement', [job, 'no-such-job'])
  await network.meet(0)
  expect(planPrinting(hub).waits).toMatchObject([{ request: 'names-its-own', code: 'has-card' }])
  expect(cardRequests(hub, { record: id }).at(-1)).not.toHaveProperty('replaces')
  expect(await network.print(1)).toBe(1)
  expect(discrepancies(hub)).toEqual([])
})

const ASKING: readonly string[] = ['enrolled', 'card-requested']

/** One step: somebody does something somewhere, to somebody. */
const step = fc.record({
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant('replacement') },
    { weight: 4, arbitrary: fc.constant('print') },
    { weight: 4, arbitrary: fc.constant('meet') },
    { weight: 2, arbitrary: fc.constant('jump') },
    { weight: 5, arbitrary: fc.constantFrom('new', 'hand over', 'spoil', 'cancel', 'sleep') },
  ),
  where: fc.nat(99),
  at: fc.nat(99),
  whom: fc.nat(99),
  jumpsTo: fc.nat(99),
})

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/**
 * The stations, and who is above each of them: records are made at the first two places, or the
 * first alone.
 */
const SHAPES = [
  { names: ['kiosk-1', 'hub'], above: [1], recordAt: [0, 0, 0] },
  { names: ['kiosk-1', 'kiosk-2', 'hub'], above: [2, 2], recordAt: [0, 1, 0] },
  { names: ['kiosk-1', 'hub', 'centre'], above: [1, 2], recordAt: [0, 0, 0] },
] as const

/**
 * All that was done and refused, and all that the stations say at the end, without times and random
 * names.
 */
async function played(
  shape: (typeof SHAPES)[number],
  aheadMs: readonly number[],
  jumps: boolean,
  steps: readonly Step[],
) {
  const network = await Network.create(shape.names, shape.above, aheadMs)
  const people: string[] = []
  for (const [i, place] of shape.recordAt.entries()) people.push(await network.person(place, `record-${i}`, nikOf(i)))
  for (const place of shape.names.keys()) {
    blanks(network.at(place), 30, { lot: `lot-${place}`, first: 1 + place * 100 })
  }
  // Two of them have a card, one of them the second.
  for (const [i, why] of [
    [0, BY],
    [2, BY],
    [2, LOST],
  ] as const) {
    requestCard(network.at(0), { record: people[i], at: shape.names[shape.above[0]], ...why })
    await network.meetAll()
    for (const place of shape.names.keys()) await network.print(place)
    await network.meetAll()
  }
  // The second turns out to be the first, at the station that recorded it; the others hear of it when they meet.
  corrected(network.at(shape.recordAt[1]), people[1], nikOf(0))
  const log: string[] = []
  for (const { what, where, at, whom, jumpsTo } of steps) {
    const place = network.places[where % network.places.length]
    const { station } = place
    // The newest of a person: ids of requests go up within this process, whatever the clocks of the
    // stations.
    const pick = <T extends { readonly record: string; readonly request: string }>(all: readonly T[]) =>
      all
        .filter(each => each.record === people[whom % people.length])
        .sort((a, b) => (a.request < b.request ? -1 : 1))
        .at(-1)
    const job = () => pick(printJobs(station, { station: station.id, state: 'printed' }))?.job ?? 'none'
    try {
      if (what === 'new' || what === 'replacement') {
        const asked = what === 'new' ? BY : LOST
        const prints = shape.names[at % shape.names.length]
        requestCard(station, { record: people[whom % people.length], at: prints, ...asked })
      } else if (what === 'print') log.push(`${await network.print(where % network.places.length)} printed`)
      else if (what === 'hand over') handOver(station, job(), { to: 'them', ...BY })
      else if (what === 'spoil') spoilCard(station, job(), WHY)
      else if (what === 'cancel') {
        const all = cardRequests(station, { state: 'waiting', at: station.id })
        cancelCard(station, pick(all)?.request ?? 'none', WHY)
      } else if (what === 'meet') await network.meet(where % shape.above.length)
      else if (what === 'sleep') network.sleep()
      else if (jumps) place.aheadMs = AHEAD[jumpsTo % AHEAD.length]
      log.push(`${what} done`)
    } catch (error) {
      if (!(error instanceof SidikError)) throw error
      log.push(`${what} ${error.code}`)
    }
  }
  await network.meetAll()
  const said: unknown[] = []
  for (const { station } of network.places) {
    expect((await verifyStation(station)).findings).toEqual([])
    const { prints, waits } = planPrinting(station)
    const requests = new Map(
      cardRequests(station).map(({ request, record, station, at, purpose }) => [
        request,
        [record, station, at, purpose].join(' '),
      ]),
    )
    const sorted = (all: readonly string[]) => [...all].sort()
    said.push({
      requests: sorted(
        cardRequests(station).map(({ request, state, replaces }) =>
          [requests.get(request), state, replaces?.length].join(' '),
        ),
      ),
      jobs: sorted(
        printJobs(station).map(({ request, station, state }) => [requests.get(request), station, state].join(' ')),
      ),
      plan: sorted(
        [...prints, ...waits].map(each => [requests.get(each.request), 'code' in each && each.code].join(' ')),
      ),
      discrepancies: sorted(
        discrepancies(station).map(({ station, code, detail }) => [station, code, detail.what].join(' ')),
      ),
    })
    await station.close()
  }
  return { log, said }
}

it('all is as it would be with right clocks, whatever the clocks are and in whatever order stations meet', async () => {
  let replaced = 0
  const drawn = fc.record({
    shape: fc.constantFrom(...SHAPES),
    aheadMs: fc.array(fc.constantFrom(...AHEAD), { minLength: 3, maxLength: 3 }),
    steps: fc.array(step, { minLength: 25, maxLength: 40 }),
  })
  await fc.assert(
    fc.asyncProperty(drawn, async ({ shape, aheadMs, steps }) => {
      const right = await played(shape, [0, 0, 0], false, steps)
      expect(await played(shape, aheadMs, true, steps)).toEqual(right)
      const text = JSON.stringify(right.said)
      replaced += Number(/replacement (printed|handed-over)/.test(text))
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
  // Else nothing was tried.
  expect(replaced).toBeGreaterThan(0)
})

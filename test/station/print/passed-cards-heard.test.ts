/**
 * What stations say of cards that are sent from one to the other, heard in any order, twice, or
 * from one that lies.
 */
import fc from 'fast-check'
import { SidikError } from 'sidik'
import {
  addPeer,
  createIdentity,
  discrepancies,
  handOver,
  printCards,
  printJobs,
  publicIdentity,
  receiveCards,
  requestCard,
  revokePeer,
  type Station,
  sendCards,
  serialsTwice,
  spoilCard,
  stock,
  verifyStation,
} from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import type { SignedEntry } from '../../../dist/station/journal/entry.js'
import { takeEntry } from '../../../dist/station/journal/insert.js'
import { bodyBytesOf, entriesFrom, newestEntry, signedEntryOf } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { cleared, network } from './network.ts'
import { anyStation, BY, blanks, expectLaws, printerThat, render, WHY } from './support.ts'

vi.setConfig({ testTimeout: 240_000 })

const LOT = 'lot-hub'
const SHIPMENTS = ['S-1', 'S-2', 'S-3'] as const
const KINDS = ['card-arrived', 'card-handed-over', 'card-spoiled', 'card-passed-on'] as const

/** A city, its sub-district and another kiosk below it; one card is printed, and all have heard of it. */
async function city(...others: string[]) {
  const { hub, below } = await network('kiosk-1', ...others)
  blanks(hub, 20, { lot: LOT })
  const record = await cleared(hub, below[0], 1)
  requestCard(hub, { record, ...BY })
  const { printed } = await printCards(hub, { printer: printerThat(), render })
  await below[0].meet()
  const [{ job, serial }] = printed
  return { hub, kiosk: below[0].station, meet: below[0].meet, below, record, job, serial: serial! }
}

/** Says of a card what this program would not, or not now. */
function claims(
  station: Station,
  kind: (typeof KINDS)[number],
  about: { job: string; record: string; shipment: string },
) {
  const { job, record, shipment } = about
  const isHub = station.id === 'hub'
  const route = isHub ? { direction: 'down', to: 'kiosk-1' } : { direction: 'up' }
  const serial = { prefix: 'AB', digits: 6, number: 1 }
  const brought = isHub ? {} : { brought: shipment }
  const body = {
    'card-arrived': { job, shipment, lot: LOT, serial, ...BY },
    'card-handed-over': { job, to: 'somebody', ...brought, ...BY },
    'card-spoiled': { job, ...brought, ...WHY },
    'card-passed-on': {
      job,
      shipment: isHub ? shipment : `B-${shipment}`,
      to: isHub ? 'kiosk-1' : 'hub',
      ...brought,
      ...BY,
    },
  }[kind]
  append(station, { kind, ...route, record, recordVersion: 1, body } as never)
}

interface Heard {
  readonly entry: SignedEntry
  readonly body: Uint8Array | undefined
}

function wordsOf(station: Station): Heard[] {
  const { file, keys } = partsOf(station)
  return entriesFrom(file, station.id, 1, 1_000)
    .filter(({ kind }) => kind !== 'peer' && kind !== 'opened')
    .map(row => ({ entry: signedEntryOf(row), body: bodyBytesOf(file, keys, row) }))
}

/** Where each card is, what has become of each request; the books of the sub-district. */
function standing(station: Station, of: 'cards' | 'all') {
  const { file } = partsOf(station)
  const rows = (sql: string) => file.all(sql)
  const cards = [
    rows('SELECT id, request, state, station, sent_to, shipment, leg FROM print_job ORDER BY id'),
    rows('SELECT id, record, prints, state FROM card_request ORDER BY id'),
  ]
  if (of === 'cards') return cards
  return [
    ...cards,
    rows(`SELECT * FROM stock_range WHERE station = 'kiosk-1'`),
    rows(`SELECT * FROM stock_balance WHERE station = 'kiosk-1'`),
  ]
}

/** One between the two, that hears both. */
async function between(hub: Station, kiosk: Station): Promise<Station> {
  const station = await anyStation({ identity: await createIdentity('between') })
  addPeer(station, { ...(await publicIdentity(partsOf(hub).identity)), relation: 'upstream' })
  addPeer(station, { ...(await publicIdentity(partsOf(kiosk).identity)), relation: 'downstream' })
  return station
}

/** Takes each journal in its order, and the two as `turns` has it. */
function hearBoth(station: Station, one: readonly Heard[], two: readonly Heard[], turns: readonly boolean[]): void {
  const to = { ...partsOf(station), self: station.id }
  let [i, j] = [0, 0]
  for (let turn = 0; i < one.length || j < two.length; turn++) {
    const isFirst = j >= two.length || (i < one.length && turns[turn % turns.length])
    const { entry, body } = isFirst ? one[i++] : two[j++]
    to.file.transaction(() => takeEntry(to, entry, body))
  }
}

const deed = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('meet' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), shipment: fc.constantFrom(...SHIPMENTS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('receive' as const), shipment: fc.constantFrom(...SHIPMENTS) }) },
  fc.record({ do: fc.constantFrom('hand over' as const, 'spoil' as const), at: fc.constantFrom('hub', 'kiosk-1') }),
  fc.record({ do: fc.constantFrom('lose' as const, 'take back' as const, 'send back' as const, 'print' as const) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      kind: fc.constantFrom(...KINDS),
      at: fc.constantFrom('hub', 'kiosk-1'),
      shipment: fc.constantFrom(...SHIPMENTS),
    }),
  },
)

it('all come to the same, in whatever order they hear what two stations say', async () => {
  const turns = fc
    .array(fc.boolean(), { minLength: 8, maxLength: 40 })
    .filter(all => all.includes(true) && all.includes(false))
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 14 }), turns, turns, async (deeds, one, two) => {
      const { hub, kiosk, meet, job, record } = await city()
      const at = (id: string) => (id === 'hub' ? hub : kiosk)
      let back = 0
      const attempt = async (work: () => unknown) => {
        try {
          await work()
        } catch (error) {
          if (!(error instanceof SidikError)) throw error
        }
      }
      for (const each of deeds) {
        await attempt(async () => {
          if (each.do === 'meet') await meet()
          else if (each.do === 'send') sendCards(hub, { shipment: each.shipment, to: 'kiosk-1', cards: [job], ...BY })
          else if (each.do === 'receive') receiveCards(kiosk, { shipment: each.shipment, cards: [job], ...BY })
          else if (each.do === 'hand over') handOver(at(each.at), job, { to: 'Siti', ...BY })
          else if (each.do === 'spoil') spoilCard(at(each.at), job, WHY)
          else if (each.do === 'lose') spoilCard(hub, job, WHY)
          else if (each.do === 'take back') {
            const [{ shipment = 'none' }] = printJobs(hub).filter(card => card.job === job)
            receiveCards(hub, { shipment, cards: [job], ...BY })
          } else if (each.do === 'send back') {
            sendCards(kiosk, { shipment: `back-${++back}`, to: 'hub', cards: [job], ...BY })
          } else if (each.do === 'print') await printCards(hub, { printer: printerThat(), render })
          else claims(at(each.at), each.kind, { job, record, shipment: each.shipment })
        })
      }
      await meet()
      // Said twice, nothing is changed by it.
      await meet()
      const [cards, ours] = [standing(hub, 'cards'), standing(hub, 'all')]
      expect(standing(kiosk, 'cards')).toEqual(cards)
      for (const order of [one, two]) {
        const station = await between(hub, kiosk)
        hearBoth(station, wordsOf(hub), wordsOf(kiosk), order)
        expect(standing(station, 'all')).toEqual(ours)
        expect((await verifyStation(station)).findings.filter(({ code }) => code.startsWith('projection'))).toEqual([])
      }
      for (const station of [hub, kiosk]) expect((await verifyStation(station)).findings).toEqual([])
    }),
    { numRuns: 25 },
  )
})

it('a receipt and a hand-over that are heard before the card was sent take effect when that is heard', async () => {
  const { hub, kiosk, meet, job } = await city()
  sendCards(hub, { shipment: 'S-1', to: 'kiosk-1', cards: [job], ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'S-1', cards: [job], ...BY })
  handOver(kiosk, job, { to: 'Siti', ...BY })
  const station = await between(hub, kiosk)
  const [first, ...rest] = [wordsOf(kiosk), wordsOf(hub)]
  hearBoth(station, first, rest[0], [true])
  expect(printJobs(station)).toMatchObject([{ state: 'handed-over', holder: 'kiosk-1' }])
  expect(discrepancies(station)).toEqual([])
})

it('a kiosk has no say about a card that was sent to another, or to none', async () => {
  const { hub, below, meet, job, record, serial } = await city('kiosk-2')
  const [kiosk, rogue] = below.map(({ station }) => station)
  const books = () => [stock(hub), stock(hub, { station: 'kiosk-1' })]
  const before = books()
  // Not sent to anybody: the owner of the record has no say either.
  for (const liar of [kiosk, rogue]) for (const kind of KINDS) claims(liar, kind, { job, record, shipment: 'S-1' })
  await meet()
  await below[1].meet()
  expect(printJobs(hub)).toMatchObject([{ job, state: 'printed', station: 'hub' }])
  expect(printJobs(hub)[0]).not.toHaveProperty('holder')
  expect(books()[0]).toEqual(before[0])
  // What it claims to have is seen as what lies at two places, or was used up at both.
  expect(serialsTwice(hub).flatMap(({ places }) => places.map(({ station }) => station))).toContain('kiosk-2')
  sendCards(hub, { shipment: 'S-9', to: 'kiosk-1', cards: [job], ...BY })
  await meet()
  const away = books()[0]
  for (const kind of KINDS) claims(rogue, kind, { job, record, shipment: 'S-9' })
  // Nor has the one that it was sent to under another number.
  for (const kind of KINDS) claims(kiosk, kind, { job, record, shipment: 'S-8' })
  await meet()
  await below[1].meet()
  for (const station of [hub, kiosk]) {
    expect(printJobs(station)).toMatchObject([{ job, state: 'on-its-way', holder: 'kiosk-1', shipment: 'S-9' }])
  }
  // Its blank is not free: it is printed on by nobody.
  expect(books()[0]).toEqual(away)
  expect(stock(hub).find(({ lot }) => lot === LOT)?.accounts).toMatchObject({ sent: 1 })
  expect(serial).toBe('AB000001')
  for (const station of [hub, kiosk, rogue]) expect((await verifyStation(station)).findings).toEqual([])
})

it('says twice what it may say once, and contradicts the city: that is on record', async () => {
  const { hub, kiosk, meet, job, record } = await city()
  sendCards(hub, { shipment: 'S-1', to: 'kiosk-1', cards: [job], ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'S-1', cards: [job], ...BY })
  claims(kiosk, 'card-arrived', { job, record, shipment: 'S-1' })
  handOver(kiosk, job, { to: 'Siti', ...BY })
  claims(kiosk, 'card-handed-over', { job, record, shipment: 'S-1' })
  claims(kiosk, 'card-spoiled', { job, record, shipment: 'S-1' })
  // Meanwhile the courier brings it back, as the city says.
  receiveCards(hub, { shipment: 'S-1', cards: [job], ...BY })
  await meet()
  for (const station of [hub, kiosk]) expect(printJobs(station)).toMatchObject([{ job, state: 'printed' }])
  const said = discrepancies(hub).filter(({ code }) => code === 'card-elsewhere')
  expect(said.map(({ detail }) => detail.said)).toEqual(expect.arrayContaining(['card-arrived', 'card-handed-over']))
})

it('of a city that is revoked, what it sent since is not handed over, and lies nowhere', async () => {
  const { hub, kiosk, meet, job } = await city()
  const before = newestEntry(partsOf(hub).file, 'hub')!.sequence
  sendCards(hub, { shipment: 'S-1', to: 'kiosk-1', cards: [job], ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'S-1', cards: [job], ...BY })
  revokePeer(kiosk, 'hub', { from: before + 1, reason: 'the server was stolen', operator: 'operator-7' })
  expect(() => handOver(kiosk, job, { to: 'Siti', ...BY })).toThrow(expect.objectContaining({ code: 'PRINT_STATE' }))
  expect(printJobs(kiosk)).toMatchObject([{ state: 'printed', station: 'hub' }])
  expect((await verifyStation(kiosk)).findings).toEqual([])
})

it('of a sub-district that is revoked, a card is on its way again, and can be reported as lost', async () => {
  const { hub, kiosk, meet, job } = await city()
  sendCards(hub, { shipment: 'S-1', to: 'kiosk-1', cards: [job], ...BY })
  await meet()
  const before = newestEntry(partsOf(kiosk).file, 'kiosk-1')!.sequence
  receiveCards(kiosk, { shipment: 'S-1', cards: [job], ...BY })
  handOver(kiosk, job, { to: 'a thief', ...BY })
  await meet()
  revokePeer(hub, 'kiosk-1', { from: before + 1, reason: 'the laptop was stolen', operator: 'operator-7' })
  expect(printJobs(hub)).toMatchObject([{ state: 'on-its-way' }])
  expect(() => sendCards(hub, { shipment: 'S-2', to: 'kiosk-1', cards: [job], ...BY })).toThrow(
    expect.objectContaining({ code: 'PEER_UNKNOWN' }),
  )
  spoilCard(hub, job, WHY)
  expectLaws(hub)
  expect((await verifyStation(hub)).findings).toEqual([])
})

it('rows that say where a card is are covered: nobody moves one without the key', async () => {
  const { hub, kiosk, meet, job } = await city()
  sendCards(hub, { shipment: 'S-1', to: 'kiosk-1', cards: [job], ...BY })
  await meet()
  const { file } = partsOf(kiosk)
  const edited = await import('better-sqlite3')
  const other = new edited.default(file.path)
  other.prepare(`UPDATE print_job SET leg = 'there'`).run()
  other.close()
  expect(() => handOver(kiosk, job, { to: 'X', ...BY })).toThrow(expect.objectContaining({ code: 'STATION_ALTERED' }))
})

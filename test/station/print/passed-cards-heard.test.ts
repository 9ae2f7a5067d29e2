/** What a station says of a card that is not its to say, or not now, or is heard too early. */
import Database from 'better-sqlite3'
import {
  discrepancies,
  handOver,
  printJobs,
  receiveCards,
  revokePeer,
  sendCards,
  serialsTwice,
  spoilCard,
  stock,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { newestEntry } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { between, city, claims, hearBoth, KINDS, LOT, wordsOf } from './passed.ts'
import { BY, expectLaws, WHY } from './support.ts'

it('a receipt and a hand-over that are heard before the card was sent take effect when that is heard', async () => {
  const { hub, kiosk, meet, job } = await city()
  sendCards(hub, { shipment: 'S-1', to: 'kiosk-1', cards: [job], ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'S-1', cards: [job], ...BY })
  handOver(kiosk, job, { to: 'Siti', ...BY })
  const station = await between(hub, kiosk)
  hearBoth(station, wordsOf(kiosk), wordsOf(hub), [true])
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
  const other = new Database(file.path)
  other.prepare(`UPDATE print_job SET leg = 'there'`).run()
  other.close()
  expect(() => handOver(kiosk, job, { to: 'X', ...BY })).toThrow(expect.objectContaining({ code: 'STATION_ALTERED' }))
})

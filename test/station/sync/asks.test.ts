/** Asking for answers costs a peer no quota: it leaves no rows but those of entries that it has brought. */
import { randomBytes } from 'node:crypto'
import { receive, revokePeer, sync } from 'sidik/station'
import { expect, it } from 'vitest'
import { type EntryHeader, signHeader } from '../../../dist/station/journal/entry.js'
import { bodyBytesOf, entriesFrom, signedEntryOf } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { getPayload } from '../../../dist/station/store/payloads.js'
import { MOST_FORMS } from '../../../dist/station/sync/declined.js'
import type { Message } from '../../../dist/station/sync/message-schema.js'
import { openMessage, sealMessage } from '../../../dist/station/sync/seal.js'
import { acquaint, anomaliesOf, lineTo, newPlace, type Place, recordAt, transportOf, twoPlaces } from './support.js'

const LOST = { operator: 'supervisor-1', reason: 'the laptop was stolen' }

/** Says what no program of ours says. @returns what the other one answers */
async function say(from: Place, to: Place, said: Partial<Message>): Promise<Message> {
  const nothing = { entries: [], holds: [], gaps: [], wants: [], chunks: [], lacks: [], asks: [], receipts: [] }
  const [nonce, at] = [randomBytes(16).toString('base64url'), new Date().toISOString()]
  const about = { v: 1 as const, from: from.identity.id, to: to.identity.id, nonce, at, room: 1 << 20, more: false }
  const sealed = await sealMessage(from.station, { ...about, ...nothing, refusals: [], ...said })
  return openMessage(from.station, await receive(to.station, sealed))
}

const journalOf = ({ station, identity }: Place) => entriesFrom(partsOf(station).file, identity.id, 1, 1_000)

/** All entries of a station, without payloads. */
function entriesOf(place: Place): Message['entries'] {
  const { file, keys } = partsOf(place.station)
  return journalOf(place).map(row => sentEntry(signedEntryOf(row), row.body && bodyBytesOf(file, keys, row)!))
}

function sentEntry(entry: { headerBytes: Uint8Array; signature: Uint8Array }, body?: Uint8Array | null) {
  return {
    header: Buffer.from(entry.headerBytes).toString(),
    signature: Buffer.from(entry.signature).toString('base64'),
    ...(body && { body: Buffer.from(body).toString() }),
  }
}

/** A place's last entry for those above in so many other forms, each signed by it. */
function formsOf(place: Place, count: number, change: Partial<EntryHeader> = {}): Message['entries'] {
  const { header } = signedEntryOf(journalOf(place).findLast(({ direction }) => direction === 'up')!)
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.parse(header.at) + i + 1).toISOString()
    return sentEntry(signHeader({ ...header, ...change, at }, partsOf(place.station).signingKey))
  })
}

/** Its record has come but for the photo, and the hub has put off the answer. */
async function waitingForPhoto(kiosk: Place, hub: Place) {
  const { header, hash } = recordAt(kiosk, 'r-1', { photo: 2_000 })
  await say(kiosk, hub, { entries: entriesOf(kiosk) })
  const [photo] = header.payloads
  const { file, keys } = partsOf(kiosk.station)
  const bytes = getPayload(file, keys, Buffer.from(photo.hash, 'hex'))!
  const name = { station: kiosk.identity.id, sequence: header.sequence, hash: Buffer.from(hash).toString('hex') }
  return { name, chunks: [{ hash: photo.hash, offset: 0, bytes }] }
}

const rowsOf = ({ station }: Place, table: 'due' | 'declined') =>
  partsOf(station).file.all<{ peer: string; hash: Uint8Array; ready: number }>(`SELECT * FROM ${table}`)
const madeUp = () => randomBytes(32).toString('hex')

it('of hashes that are made up leaves no rows, and the entry gets its receipt', async () => {
  const { kiosk, hub } = await twoPlaces()
  const { name, chunks } = await waitingForPhoto(kiosk, hub)
  const before = rowsOf(hub, 'due')
  const asks = Array.from({ length: 300 }, () => ({ ...name, hash: madeUp() }))
  const elsewhere = { ...name, sequence: 1_000_000 }
  await say(kiosk, hub, { asks: [...asks, elsewhere, name] })
  expect(rowsOf(hub, 'due')).toEqual(before)
  expect(before).toMatchObject([{ peer: 'kiosk-1', ready: 0 }])
  expect(await say(kiosk, hub, { chunks })).toMatchObject({ receipts: [name], refusals: [] })
  expect(rowsOf(hub, 'due')).toEqual([])
})

it('about the journal of another one leaves no rows, also where the hash is the right one', async () => {
  const { kiosk, hub } = await twoPlaces()
  const other = await newPlace('kiosk-2')
  acquaint(other, hub)
  const { name } = await waitingForPhoto(kiosk, hub)
  await say(other, hub, { asks: [name] })
  expect(rowsOf(hub, 'due').map(({ peer }) => peer)).toEqual(['kiosk-1'])
})

it('of what is whole, or declined, is answered again', async () => {
  const { kiosk, hub } = await twoPlaces()
  const { name, chunks } = await waitingForPhoto(kiosk, hub)
  await say(kiosk, hub, { chunks })
  const [fork] = formsOf(kiosk, 1)
  const { refusals } = await say(kiosk, hub, { entries: [fork] })
  expect(refusals).toMatchObject([{ sequence: name.sequence, code: 'JOURNAL_FORK' }])
  const [{ hash }] = refusals
  expect(await say(kiosk, hub, { asks: [name, { ...name, hash }] })).toMatchObject({ receipts: [name], refusals })
  expect(rowsOf(hub, 'due')).toEqual([])
})

it('in a file where thousands of rows were left, an answer that is ready touches its own alone', async () => {
  const { kiosk, hub } = await twoPlaces()
  const { name, chunks } = await waitingForPhoto(kiosk, hub)
  const { file } = partsOf(hub.station)
  const leave = (ready: 0 | 1, rows: number) =>
    file.transaction(() => {
      const sql = 'INSERT INTO due (peer, station, sequence, hash, ready) VALUES (?, ?, ?, ?, ?)'
      for (let i = 0; i < rows; i++) file.run(sql, 'kiosk-1', name.station, name.sequence, randomBytes(32), ready)
    })
  leave(0, 6_000)
  expect(await say(kiosk, hub, { chunks })).toMatchObject({ receipts: [name] })
  expect(rowsOf(hub, 'due').filter(({ ready }) => ready === 1)).toEqual([])
  // Those that look ready are not put off, but gone.
  leave(1, 1_000)
  await say(kiosk, hub, {})
  expect(rowsOf(hub, 'due')).toHaveLength(6_000)
})

it('forms of one entry are declined up to a number, and the journal goes on', async () => {
  const { kiosk, hub } = await twoPlaces()
  recordAt(kiosk, 'r-1')
  await sync(kiosk.station, lineTo(hub))
  await say(kiosk, hub, { entries: formsOf(kiosk, 100) })
  expect(rowsOf(hub, 'declined')).toHaveLength(MOST_FORMS)
  expect(rowsOf(hub, 'due')).toEqual([])
  expect(anomaliesOf(hub)).toEqual(['journal-fork'])
  recordAt(kiosk, 'r-2')
  await sync(kiosk.station, lineTo(hub))
  expect(transportOf(kiosk)).toEqual({ 'r-1': 'synchronised', 'r-2': 'synchronised' })
})

it('entries of a revoked station that another brings are declined up to a number and near its journal', async () => {
  const { kiosk, hub } = await twoPlaces()
  const other = await newPlace('kiosk-2')
  acquaint(other, hub)
  recordAt(kiosk, 'r-1')
  await sync(kiosk.station, lineTo(hub))
  revokePeer(hub.station, 'kiosk-1', LOST)
  const sequence = journalOf(kiosk).length + 1
  const near = formsOf(kiosk, 100, { sequence })
  const { refusals } = await say(other, hub, { entries: near })
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(['STATION_REVOKED']))
  const far = Array.from({ length: 100 }, (_, i) => formsOf(kiosk, 1, { sequence: sequence + 1_000_000 + i })[0])
  await say(other, hub, { entries: far })
  expect(rowsOf(hub, 'declined')).toHaveLength(MOST_FORMS)
  expect(rowsOf(hub, 'due')).toEqual([])
})

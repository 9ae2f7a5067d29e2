/** Templates that come after the entry by which their record was taken out of the duplicate check again. */
import { createIdentity, publicIdentity, revokePeer, type Station, withdraw } from 'sidik/station'
import { expect, it } from 'vitest'
import { takeEntry } from '../../../dist/station/journal/insert.js'
import { bodyBytesOf, entriesFrom, signedEntryOf } from '../../../dist/station/journal/read.js'
import { addPeer } from '../../../dist/station/peers.js'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { network } from '../print/network.ts'
import { anyStation, WHY } from '../print/support.ts'

const ORDERS = [
  ['gallery', 'removal'],
  ['removal', 'gallery'],
]

/** A station that hears in this order that a record of another is known, and is out; the number of the latter. */
async function heardInOrder(order: readonly string[]) {
  const { hub, below } = await network('kiosk-1')
  const [{ station, meet }] = below
  record(station, 'record-1')
  await meet()
  withdraw(station, 'record-1', WHY)
  await meet()
  const other = await anyStation({ identity: await createIdentity('kiosk-2') })
  addPeer(other, { ...(await publicIdentity(partsOf(hub).identity)), relation: 'upstream' })
  const { file, keys } = partsOf(hub)
  const target = { ...partsOf(other), self: other.id }
  const rows = entriesFrom(file, hub.id, 1, 100)
  for (const kind of ['peer', ...order]) {
    for (const row of rows.filter(each => each.kind === kind)) {
      target.file.transaction(() => takeEntry(target, signedEntryOf(row), bodyBytesOf(file, keys, row)))
    }
  }
  return { other, removal: rows.find(({ kind }) => kind === 'removal')!.sequence }
}

const held = (station: Station) =>
  partsOf(station).file.all('SELECT record FROM gallery_entry WHERE templates IS NOT NULL')

it.each(ORDERS)('leave the record out, whichever takes effect first (%s, then %s)', async (...order) => {
  const { other } = await heardInOrder(order)
  expect(held(other)).toEqual([])
})

it.each(ORDERS)('are in where the station is revoked that took them out (%s, then %s)', async (...order) => {
  const { other, removal } = await heardInOrder(order)
  revokePeer(other, 'hub', { from: removal, ...WHY })
  expect(held(other)).toEqual([{ record: 'record-1' }])
})

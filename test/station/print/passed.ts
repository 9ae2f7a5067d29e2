/** A city and its sub-district, what they and liars say of a card, and who hears it in some order. */
import { addPeer, createIdentity, printCards, publicIdentity, requestCard, type Station } from 'sidik/station'
import { append } from '../../../dist/station/journal/append.js'
import type { SignedEntry } from '../../../dist/station/journal/entry.js'
import { takeEntry } from '../../../dist/station/journal/insert.js'
import { bodyBytesOf, entriesFrom, signedEntryOf } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { cleared, network } from './network.ts'
import { anyStation, BY, blanks, printerThat, render, WHY } from './support.ts'

export const LOT = 'lot-hub'
export const SHIPMENTS = ['S-1', 'S-2', 'S-3'] as const
export const KINDS = ['card-arrived', 'card-handed-over', 'card-spoiled', 'card-passed-on'] as const

/** A city, its sub-district and another kiosk below it; one card is printed, and all have heard of it. */
export async function city(...others: string[]) {
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
export function claims(
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

export function wordsOf(station: Station): Heard[] {
  const { file, keys } = partsOf(station)
  return entriesFrom(file, station.id, 1, 1_000)
    .filter(({ kind }) => kind !== 'peer' && kind !== 'opened')
    .map(row => ({ entry: signedEntryOf(row), body: bodyBytesOf(file, keys, row) }))
}

/** Where each card is, what has become of each request; the books of the sub-district. */
export function standing(station: Station, of: 'cards' | 'all') {
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
export async function between(hub: Station, kiosk: Station): Promise<Station> {
  const station = await anyStation({ identity: await createIdentity('between') })
  addPeer(station, { ...(await publicIdentity(partsOf(hub).identity)), relation: 'upstream' })
  addPeer(station, { ...(await publicIdentity(partsOf(kiosk).identity)), relation: 'downstream' })
  return station
}

/** Takes each journal in its order, and the two as `turns` has it. */
export function hearBoth(
  station: Station,
  one: readonly Heard[],
  two: readonly Heard[],
  turns: readonly boolean[],
): void {
  const to = { ...partsOf(station), self: station.id }
  let [i, j] = [0, 0]
  for (let turn = 0; i < one.length || j < two.length; turn++) {
    const isFirst = j >= two.length || (i < one.length && turns[turn % turns.length])
    const { entry, body } = isFirst ? one[i++] : two[j++]
    to.file.transaction(() => takeEntry(to, entry, body))
  }
}

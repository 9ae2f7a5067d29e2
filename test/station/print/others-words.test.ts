/** What a station says, as if it had printed it, of a card that another printed and sent to it. */
import {
  discrepancies,
  dispatchStock,
  handOver,
  printCards,
  printJobs,
  printReport,
  receiveCards,
  receiveStock,
  requestCard,
  sendCards,
  serialsTwice,
  stock,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { cleared, network } from './network.ts'
import { between, city, hearBoth, LOT, wordsOf } from './passed.ts'
import { BY, expectLaws, printerThat, render } from './support.ts'

const SERIAL = { prefix: 'AB', digits: 6, number: 1 }
const SAID = [
  'card-reserved',
  'card-sent',
  'card-printed',
  'card-uncertain',
  'card-resolved',
  'card-released',
  'stock-card',
] as const
type Said = (typeof SAID)[number]

function says(station: Parameters<typeof stock>[0], kind: Said, job: string, record: string, request: string): void {
  const why = { code: 'jam', reason: 'stuck' }
  const blank = { lot: LOT, serial: SERIAL, printer: 'p', consumables: [] }
  const body = {
    'card-reserved': { request, job, ...blank },
    'card-sent': { job },
    'card-printed': { job },
    'card-uncertain': { job, ...why },
    'card-resolved': { job, found: 'untouched', ...BY },
    'card-released': { job, ...why },
    'stock-card': { job, ...blank, account: 'available' },
  }[kind]
  const about = kind === 'stock-card' ? {} : { record, recordVersion: 1 }
  append(station, { kind, direction: 'up', ...about, body } as never)
}

/** A card that a city printed was handed over by its sub-district. */
async function handedOver() {
  const { hub, kiosk, meet, below, job, record, serial } = await city()
  sendCards(hub, { shipment: 'S-1', to: 'kiosk-1', cards: [job], ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'S-1', cards: [serial], ...BY })
  handOver(kiosk, job, { to: 'Siti', ...BY })
  await meet()
  const [{ request }] = printJobs(hub)
  return { hub, kiosk, meet, below, job, record, request }
}

const PRINTED_THERE = { lot: LOT, accounts: { received: -1, printed: 1 } }

describe('of a card that another station printed', () => {
  it.each(SAID)('%s books nothing, frees no blank, and is on record', async kind => {
    const { hub, kiosk, meet, job, record, request } = await handedOver()
    says(kiosk, kind, job, record, request)
    await meet()
    for (const station of [hub, kiosk]) {
      expect(printJobs(station)).toMatchObject([{ job, station: 'hub', state: 'handed-over', holder: 'kiosk-1' }])
      expect(stock(station, { station: 'kiosk-1' })).toMatchObject([PRINTED_THERE])
      expect(discrepancies(station)).toMatchObject([
        { station: 'kiosk-1', code: 'card-elsewhere', detail: { job, said: kind } },
      ])
      expect(serialsTwice(station)).toEqual([])
      expect(printReport(station).reconciliation.filter(({ balances }) => !balances)).toEqual([])
      expectLaws(station)
      expect((await verifyStation(station)).findings).toEqual([])
    }
  })

  it('frees none that was once here, was sent back as a blank and came again as a card', async () => {
    const { hub, below } = await network('kiosk-1')
    const [{ station: kiosk, meet }] = below
    const [line, pieces] = [
      { lot: LOT, item: 'blank', serials: 'AB000001' },
      { lot: LOT, serials: 'AB000001' },
    ]
    receiveStock(kiosk, { shipment: 'N-1', from: 'the ministry', lines: [line], ...BY })
    dispatchStock(kiosk, { shipment: 'N-2', to: 'hub', lines: [pieces], ...BY })
    const record = await cleared(hub, below[0], 1)
    receiveStock(hub, { shipment: 'N-2', from: 'kiosk-1', lines: [line], ...BY })
    const { request } = requestCard(hub, { record, ...BY })
    const { printed } = await printCards(hub, { printer: printerThat(), render })
    const [{ job }] = printed
    sendCards(hub, { shipment: 'S-1', to: 'kiosk-1', cards: [job], ...BY })
    await meet()
    receiveCards(kiosk, { shipment: 'S-1', cards: [job], ...BY })
    // One that does not know the card.
    const station = await between(hub, kiosk)
    says(kiosk, 'card-resolved', job, record, request)
    hearBoth(station, wordsOf(kiosk), [], [true])
    expect(printJobs(station)).toEqual([])
    expect(stock(station, { station: 'kiosk-1' })).toMatchObject([{ accounts: { received: -1, printed: 1 } }])
    expect(discrepancies(station)).toMatchObject([{ code: 'card-elsewhere', detail: { job } }])
  })

  it('all at once leave the books alone, whether the card is heard of before or after', async () => {
    const { hub, kiosk, job, record, request } = await handedOver()
    for (const kind of SAID) says(kiosk, kind, job, record, request)
    for (const turns of [[true], [false], [true, false]]) {
      const station = await between(hub, kiosk)
      hearBoth(station, wordsOf(kiosk), wordsOf(hub), turns)
      expect(stock(station, { station: 'kiosk-1' })).toMatchObject([PRINTED_THERE])
      const said = discrepancies(station).filter(({ code }) => code === 'card-elsewhere')
      expect(new Set(said.map(({ detail }) => detail.said))).toEqual(new Set(SAID))
    }
  })
})

/** A station that contradicts itself about a card that it has printed: no word moves the blank and leaves the card. */
import fc from 'fast-check'
import { discrepancies, type Station, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { type Below, network } from './network.ts'
import { BY, blanks, expectLaws, person } from './support.ts'

const WORDS = {
  'card-sent': {},
  'card-printed': {},
  'card-uncertain': { code: 'jam', reason: 'stuck' },
  'card-released': { code: 'jam', reason: 'stuck' },
  'card-spoiled': { reason: 'bent', ...BY },
  'card-handed-over': { to: 'x', ...BY },
  'card-passed-on': { shipment: 's-1', to: 'other', ...BY },
  'card-arrived': { shipment: 's-1', lot: 'lot-1', serial: { prefix: 'AB', digits: 6, number: 1 }, ...BY },
  'found printed': { found: 'printed', ...BY },
  'found spoiled': { found: 'spoiled', ...BY },
  'found untouched': { found: 'untouched', ...BY },
} as const

type Word = keyof typeof WORDS

/** Says the words of one card, as no program of ours does. */
function say(station: Station, number: number, words: readonly Word[]): void {
  const record = person(station, number, null)
  const says = (kind: string, body: object) =>
    append(station, { kind, direction: 'up', record, recordVersion: 1, body } as never)
  const [request, job] = [`request-${number}`, `job-${number}`]
  blanks(station, 1, { first: number })
  says('card-requested', { request, at: station.id, purpose: 'new', ...BY })
  const serial = { prefix: 'AB', digits: 6, number }
  says('card-reserved', { request, job, lot: 'lot-1', serial, printer: 'p', consumables: [] })
  for (const word of words) {
    const kind = word.startsWith('found') ? 'card-resolved' : word
    says(kind, { job, ...WORDS[word], ...(word === 'card-arrived' && { serial }) })
  }
}

const BOOKS = `SELECT account, quantity FROM stock_balance WHERE station = 'kiosk' ORDER BY account`
const JOBS = 'SELECT id, state, leg FROM print_job ORDER BY id'

/** What both say of the cards and the blanks. */
async function expectAgreed(hub: Station, { station, meet }: Below): Promise<void> {
  await meet()
  for (const sql of [BOOKS, JOBS]) expect(partsOf(hub).file.all(sql)).toEqual(partsOf(station).file.all(sql))
  expect(discrepancies(hub)).toEqual(discrepancies(station))
  for (const each of [hub, station]) expect((await verifyStation(each)).findings).toEqual([])
}

it('the blank of a card that was handed over is not free again', async () => {
  const { hub, below } = await network('kiosk')
  const [kiosk] = below
  const { station } = kiosk
  say(station, 1, ['card-sent', 'card-printed', 'card-handed-over', 'found untouched'])
  await expectAgreed(hub, kiosk)
  for (const each of [hub, station]) {
    expect(partsOf(each).file.all(BOOKS)).toEqual([
      { account: 'printed', quantity: 1 },
      { account: 'received', quantity: -1 },
    ])
    expect(discrepancies(each)).toMatchObject([
      { station: 'kiosk', code: 'card-elsewhere', detail: { job: 'job-1', said: 'card-resolved' } },
    ])
    expectLaws(each)
  }
})

it('books and cards agree, whatever a station says of its own cards', async () => {
  const { hub, below } = await network('kiosk')
  const [kiosk] = below
  let number = 0
  const words = fc.array(fc.constantFrom(...(Object.keys(WORDS) as Word[])), { maxLength: 7 })
  fc.assert(
    fc.property(words, said => {
      say(kiosk.station, ++number, said)
      expectLaws(kiosk.station)
    }),
    { numRuns: 60, endOnFailure: true },
  )
  await expectAgreed(hub, kiosk)
})

import { countStock, discrepancies, printCards, requestCard, resolveJob, stock, uncertainJobs } from 'sidik/station'
import { expect, it } from 'vitest'
import { BY, blanks, newOffice, person, printerThat, render } from '../../station/print/support.ts'

const LOST = { outcome: 'uncertain', problem: 'lost', message: 'no answer came' } as const

it('a wrong answer about the tray leaves a blank fewer on the shelf than in the books, which the next count finds', async () => {
  const station = await newOffice()
  blanks(station, 3)
  requestCard(station, { record: person(station, 1), ...BY })
  await printCards(station, { printer: printerThat(LOST), render })
  // The card lies in the tray.
  const [{ job }] = uncertainJobs(station)
  resolveJob(station, job, { found: 'untouched', ...BY })
  expect(stock(station)[0].accounts).toEqual({ received: -3, available: 3 })
  const lines = [{ lot: 'lot-1', serials: 'AB000002-AB000003' }]
  const differing = countStock(station, { lines, operators: ['operator-7', 'operator-8'] })
  const blank = { prefix: 'AB', digits: 6, first: 1, last: 1 }
  expect(differing).toEqual([{ lot: 'lot-1', booked: 3, counted: 2, missing: [blank], more: [] }])
  expect(discrepancies(station)).toMatchObject([{ code: 'count-differs', detail: { booked: 3, counted: 2 } }])
})

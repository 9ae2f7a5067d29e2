import { readFileSync } from 'node:fs'
import * as sidikStation from 'sidik/station'
import { createIdentity, printJobs, publicIdentity, type Station } from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { newOffice, person, printerThat } from './support.ts'

const PAGE = readFileSync(new URL('../../../docs/print.md', import.meta.url), 'utf8')

it('the code of docs/print.md does what the page says', async () => {
  const blocks = [...PAGE.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code)
  expect(blocks).toHaveLength(6)
  const office = await newOffice({ identity: await createIdentity('3276-01') })
  const [record, second] = [person(office, 1), person(office, 2)]
  const { verifyKey } = await publicIdentity(partsOf(office).identity)
  // What the page takes for granted; its letter is issued where no blank is left.
  const printer = printerThat()
  const waiting = person(office, 3, 'PROCESSING')
  const given = {
    ...sidikStation,
    openStation: async () => office,
    printCards: async (station: Station, options: object) => {
      sidikStation.requestCard(station, { record: second, operator: '0142' })
      return sidikStation.printCards(station, { ...options, printer, accepts: () => true })
    },
    issueLetter: (station: Station, input: sidikStation.LetterInput) => {
      const lines = sidikStation.stock(station).map(({ lot, accounts }) => ({ lot, quantity: accounts.available! }))
      const serials = 'AB000003-AB000500'
      sidikStation.spoilStock(station, { lines: [{ ...lines[0], serials }], reason: 'a flood', operator: '0142' })
      return sidikStation.issueLetter(station, input)
    },
  }
  const outside = { key: 0, identity: 0, record, printer, waiting, verifyKey }
  const code = blocks.join('\n').replace(/^import .* from 'sidik\/station'$/gm, '')
  const names = [...Object.keys(given), ...Object.keys(outside)]
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor
  const run = new AsyncFunction(...names, `${code}\nreturn { prints, waits, result, number, verdict }`)
  const done = await run(...Object.values(given), ...Object.values(outside))
  expect(done.prints).toMatchObject([{ record, lot: 'L-118', purpose: 'new' }])
  expect(done.waits).toEqual([])
  expect(done.result.printed).toHaveLength(2)
  expect(done.number).toMatch(/^471\.13\/1\/3276-01\/[IVX]+\/\d{4}$/)
  expect(done.verdict).toMatchObject({ valid: true, content: { code: 'Pro' } })
  expect(
    printJobs(office)
      .map(({ state }) => state)
      .sort(),
  ).toEqual(['handed-over', 'spoiled'])
})

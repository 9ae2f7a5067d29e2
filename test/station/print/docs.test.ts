import { readFileSync } from 'node:fs'
import * as sidikStation from 'sidik/station'
import { createIdentity, printJobs, publicIdentity, type Station } from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { cleared, network } from './network.ts'
import { blanks, newOffice, person, printerThat, render } from './support.ts'

const ALL = readFileSync(new URL('../../../docs/print.md', import.meta.url), 'utf8')
const [, CHIPS] = /\n(## Chips\n[\s\S]*?)\n## /.exec(ALL)!
const [, PASSED] = /\n(## Cards for a sub-district\n[\s\S]*?)\n## /.exec(ALL)!
const PAGE = ALL.replace(CHIPS, '').replace(PASSED, '')
const AsyncFunction = (async () => {}).constructor as FunctionConstructor
const codeOf = (page: string) => [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code)
const withoutImports = (blocks: readonly string[]) =>
  blocks.join('\n').replace(/^import .* from 'sidik\/station'$/gm, '')

it('the code of docs/print.md does what the page says', async () => {
  const blocks = codeOf(PAGE)
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
  const code = withoutImports(blocks)
  const names = [...Object.keys(given), ...Object.keys(outside)]
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

it('so does that about chips: a card whose chip was never begun gets it from who puts it in', async () => {
  const blocks = codeOf(CHIPS)
  expect(blocks).toHaveLength(2)
  const station = await newOffice()
  blanks(station, 2)
  for (const i of [1, 2]) sidikStation.requestCard(station, { record: person(station, i), operator: '0142' })
  const paper = printerThat(undefined as never, { outcome: 'uncertain', problem: 'jam', message: 'a card is stuck' })
  const given = {
    ...sidikStation,
    cupsPrinter: () => paper,
    printCards: (_: Station, options: { printer: sidikStation.Printer }) =>
      sidikStation.printCards(station, { ...options, render }),
    station,
  }
  const code = withoutImports([blocks[0], 'seen.push(...printJobs(station).map(({ state }) => state))', blocks[1]])
  const seen: string[] = []
  await new AsyncFunction(...Object.keys(given), 'seen', code)(...Object.values(given), seen)
  expect(seen).toEqual(['printed', 'uncertain'])
  expect(printJobs(station).map(({ state }) => state)).toEqual(['printed', 'printed'])
})

it('so does that about cards for a sub-district: printed in one place, handed over in another', async () => {
  const blocks = codeOf(PASSED)
  expect(blocks).toHaveLength(1)
  const { hub, below } = await network('kiosk-1')
  const [{ station, meet }] = below
  blanks(hub, 2, { lot: 'lot-hub' })
  const { discrepancies: _, ...all } = sidikStation
  const given = {
    ...all,
    printCards: (city: Station, options: sidikStation.PrintCardsOptions) =>
      sidikStation.printCards(city, { ...options, render }),
    city: hub,
    subDistrict: station,
    meet,
    record: await cleared(hub, below[0], 1),
    printer: printerThat(),
  }
  const code = `${withoutImports(blocks)}\nreturn { unknown, discrepancies }`
  const said = await new AsyncFunction(...Object.keys(given), code)(...Object.values(given))
  expect(said).toEqual({ unknown: [], discrepancies: [] })
  await meet()
  for (const each of [hub, station])
    expect(printJobs(each)).toMatchObject([{ state: 'handed-over', holder: 'kiosk-1' }])
})

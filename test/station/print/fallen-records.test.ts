/** A kiosk that records somebody's NIK and asks for cards, until the centre has let its record fall. */
import {
  decide,
  discrepancies,
  issueLetter,
  planPrinting,
  printCards,
  requestCard,
  type Station,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { MOST_CARDS } from '../../../dist/station/project/letters.js'
import { record } from '../files.ts'
import { network } from './network.ts'
import { BY, blanks, CLEARED, nikOf, printerThat, render } from './support.ts'

const FALSE = 'record-false'
const VICTIM = 'record-victim'
const REPLACEMENT = { record: VICTIM, purpose: 'replacement', reason: 'no card came', ...BY } as const

function says(station: Station, kind: string, body: object): void {
  append(station, { kind, direction: 'up', record: FALSE, recordVersion: 1, body } as never)
}

function reserves(station: Station, count: number, { printed = true, from = 0 } = {}): void {
  for (let i = from; i < from + count; i++) {
    says(station, 'card-reserved', { request: 'q-false', job: `j-${i}`, lot: 'x', printer: 'p', consumables: [] })
    if (printed) says(station, 'card-printed', { job: `j-${i}` })
  }
}

/** The hub has decided for the person; the kiosk's record fell. */
async function decided({ reserved = 0, printed = 0, state = 'DUPLICATE_RECORD', first = 'a-rogue' }) {
  const { hub, below } = await network('office', first)
  const [office, rogue] = below
  blanks(hub, 9)
  for (const [at, id] of [
    [office, VICTIM],
    [rogue, FALSE],
  ] as const) {
    record(at.station, id, { nik: nikOf(1) })
  }
  says(rogue.station, 'card-requested', { request: 'q-false', at: first, purpose: 'new', ...BY })
  reserves(rogue.station, printed)
  reserves(rogue.station, reserved, { printed: false })
  for (const { meet } of below) await meet()
  const duplicateOf = state === 'DUPLICATE_RECORD' ? { duplicateOf: VICTIM } : {}
  decide(hub, FALSE, { state, ...duplicateOf, by: 'expert-1' })
  decide(hub, VICTIM, CLEARED)
  return { hub, office, rogue }
}

const planned = (hub: Station) => planPrinting(hub).prints.map(({ record }) => record)
const refused = expect.objectContaining({ code: 'PRINT_REQUESTED' })

for (const first of ['a-rogue', 'z-rogue']) {
  for (const reserved of [0, 1]) {
    for (const state of ['DUPLICATE_RECORD', 'Efac']) {
      const what = `${reserved ? 'a reserved job' : 'a request'} of ${first}, whose record is ${state}`
      it(`${what}, keeps nobody of the NIK from a card`, async () => {
        const { hub, rogue } = await decided({ reserved, state, first })
        requestCard(hub, { record: VICTIM, ...BY })
        expect(planned(hub)).toEqual([VICTIM])
        await rogue.meet()
        expect(await printCards(hub, { render, printer: printerThat() })).toMatchObject({
          printed: [{ record: VICTIM }],
        })
        expect((await verifyStation(hub)).findings).toEqual([])
      })
    }
  }
}

it('a record that stands holds the others of its NIK up as before', async () => {
  const { hub } = await decided({ reserved: 1, state: 'PRINT_READY_RECORD' })
  expect(() => requestCard(hub, { record: VICTIM, ...BY })).toThrow(refused)
})

for (const printed of [1, MOST_CARDS + 1]) {
  it(`${printed} cards that are claimed for a fallen record are replaced, and listed`, async () => {
    const { hub, rogue } = await decided({ printed })
    // It may be a card: somebody has to say why there is to be another.
    expect(() => requestCard(hub, { record: VICTIM, ...BY })).toThrow(refused)
    const { replaces } = requestCard(hub, REPLACEMENT)
    expect(replaces).toHaveLength(Math.min(printed, MOST_CARDS))
    expect(planned(hub)).toEqual([VICTIM])
    // Those that are claimed meanwhile hold up nothing either.
    reserves(rogue.station, 3, { from: 100 })
    await rogue.meet()
    expect(planned(hub)).toEqual([VICTIM])
    expect(await printCards(hub, { render, printer: printerThat() })).toMatchObject({ printed: [{ record: VICTIM }] })
    const twice = discrepancies(hub).filter(({ code, station }) => code === 'printed-twice' && station === 'hub')
    expect(twice).toHaveLength(1)
    expect((await verifyStation(hub)).findings).toEqual([])
  })
}

it("a person's own cards are named before those of a fallen record, however many these are", async () => {
  const { hub } = await decided({ printed: MOST_CARDS + 1 })
  requestCard(hub, REPLACEMENT)
  const [{ job }] = (await printCards(hub, { render, printer: printerThat() })).printed
  const { replaces } = requestCard(hub, { ...REPLACEMENT, reason: 'lost' })
  expect(replaces).toHaveLength(MOST_CARDS)
  expect(replaces).toContain(job)
  expect(planned(hub)).toEqual([VICTIM])
})

it('a letter names no more cards than one can: the replacement is what is left', async () => {
  const { hub } = await decided({ printed: MOST_CARDS + 1 })
  const full = expect.objectContaining({ code: 'LETTER_REFUSED' })
  expect(() => issueLetter(hub, { record: VICTIM, ...BY })).toThrow(full)
  expect(requestCard(hub, REPLACEMENT).replaces).toHaveLength(MOST_CARDS)
})

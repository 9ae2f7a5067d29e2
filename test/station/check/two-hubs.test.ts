/** A case of a hub with a record of another hub, of which it hears by the fingers alone. */
import {
  adjudicate,
  adjudications,
  checkRecords,
  correct,
  createIdentity,
  decide,
  planPrinting,
  recordOf,
  requestCard,
  status,
  verifyStation,
  withdraw,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation } from '../enrol/support.js'
import { blanks } from '../print/support.ts'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { recorded } from './network.ts'

const engine = await engineForTests()

const { firstOf, againOf } = peopleOf(71, [1, 2, 6, 7])
const WHO = { operator: 'operator-7', reason: 'recorded twice' }
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1', unchecked: 'the centre compares nothing' }
const MANUAL = { background: false }

/** A kiosk below a hub that compares, and one below a hub that does not. The centre compares nothing. */
async function hubsBelowCentre() {
  const centre = await newStation({ check: MANUAL, identity: await createIdentity('centre') })
  const comparing = await below(centre, 'hub-1', { engine, check: MANUAL })
  const other = await below(centre, 'hub-2')
  const [one, two] = [await below(comparing.station, 'kiosk-1'), await below(other.station, 'kiosk-2')]
  const meet = async () => {
    for (let i = 0; i < 3; i++) for (const each of [one, two, comparing, other]) await each.meet()
  }
  const compared = async () => {
    await meet()
    await checkRecords(comparing.station)
    await meet()
  }
  return { centre, comparing, one, two, meet, compared }
}

/** Somebody at a kiosk of one hub, and again at one of another, whose hub compares. */
async function twoHubs() {
  const { centre, comparing, one, two, meet, compared } = await hubsBelowCentre()
  const known = await recorded(two.station, 1, firstOf(1))
  await meet()
  const comer = await recorded(one.station, 2, againOf(1))
  await compared()
  requestCard(one.station, { record: comer, operator: 'operator-7' })
  blanks(one.station, 2)
  const waits = () => planPrinting(one.station).waits.map(({ code }) => code)
  decide(centre, comer, READY)
  await compared()
  expect(waits()).toEqual(['to-decide'])
  return { centre, comparing, one, two, known, comer, compared, waits }
}

it('ends when that one is withdrawn', async () => {
  const { two, known, compared, waits } = await twoHubs()
  withdraw(two.station, known, WHO)
  await compared()
  expect(waits()).toEqual([])
})

it('ends when the centre lets that one fall, and begins again when it does not', async () => {
  const { centre, comparing, one, two, known, comer, compared, waits } = await twoHubs()
  decide(centre, known, { state: 'DUPLICATE_RECORD', duplicateOf: comer, by: 'expert-1' })
  await compared()
  expect(waits()).toEqual([])
  // Where it was recorded it stays in the check, as it was.
  const held = 'SELECT 1 FROM gallery_entry WHERE record = ? AND templates IS NOT NULL'
  for (const station of [centre, two.station]) expect(partsOf(station).file.get(held, known)).toBeDefined()
  decide(centre, known, READY)
  await compared()
  expect(waits()).toEqual(['to-decide'])
  for (const station of [centre, comparing.station, one.station, two.station]) {
    expect((await verifyStation(station)).findings).toEqual([])
  }
})

it.each(['before', 'after'] as const)(
  'of a duplicate passes to the record that stays: called one %s its check',
  async then => {
    const { centre, comparing, one, two, meet, compared } = await hubsBelowCentre()
    const handOf = (hand: number[]) => firstOf(1).filter(({ position }) => hand.includes(position))
    const left = await recorded(two.station, 1, handOf([6, 7]))
    await meet()
    const right = await recorded(one.station, 2, handOf([1, 2]))
    const both = await recorded(one.station, 3, againOf(1))
    if (then === 'after') await compared()
    else await meet()
    decide(centre, both, { state: 'DUPLICATE_RECORD', duplicateOf: right, by: 'expert-1' })
    decide(centre, right, READY)
    await meet()
    await compared()
    const wanted = { kind: 'fingers', record: [left, right].sort()[0], other: [left, right].sort()[1] }
    expect(adjudications(comparing.station)).toMatchObject([wanted])
    requestCard(one.station, { record: right, operator: 'operator-7' })
    expect(planPrinting(one.station).waits.map(({ code }) => code)).toEqual(['to-decide'])
    adjudicate(comparing.station, right, { candidate: left, verdict: 'different-persons', ...WHO })
    await meet()
    expect(adjudications(one.station)).toEqual([])
  },
)

it('a hub that compares nothing shows what the centre has found, and counts what is left', async () => {
  const centre = await newStation({ engine, check: MANUAL, identity: await createIdentity('centre') })
  const hub = await below(centre, 'hub-1')
  const kiosk = await below(hub.station, 'kiosk-1')
  const meet = async () => {
    for (let i = 0; i < 2; i++) for (const each of [kiosk, hub]) await each.meet()
  }
  const record = await recorded(kiosk.station, 1, firstOf(1))
  await meet()
  const shown = () => [recordOf(hub.station, record)!.check, status(hub.station).check]
  expect(shown()).toEqual(['unchecked', { unchecked: 1 }])
  await checkRecords(centre)
  await meet()
  expect(shown()).toEqual(['clear', { unchecked: 0 }])
  await correct(kiosk.station, record, { fingers: firstOf(2) }, WHO)
  await meet()
  expect(shown()).toEqual(['unchecked', { unchecked: 1 }])
})

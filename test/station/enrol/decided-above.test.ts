/** A refusal of a station above is not taken back by one below it. */
import {
  addPeer,
  adjudications,
  checkRecords,
  createIdentity,
  decide,
  importDecisions,
  openStation,
  planPrinting,
  publicIdentity,
  receive,
  recordOf,
  requestCard,
  revokePeer,
  sync,
  trustStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { closedAfter } from '../../support/scratch.ts'
import { below } from '../check/below.ts'
import { peopleOf } from '../check/fingers.ts'
import { recorded } from '../check/network.ts'
import { KEY } from '../files.ts'
import { blind, codeOf, edit, loosely, openedOf, WHEN } from '../guard/support.ts'
import { blanks } from '../print/support.ts'
import { expectSound } from '../stolen.ts'
import { newStation } from './support.js'

const { firstOf, againOf } = peopleOf(83, [1, 2, 6, 7])
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }

/** Somebody recorded at two kiosks of two hubs; the centre, which compares, says which record stays. */
async function twoHubs() {
  const engine = await engineForTests()
  const centre = await newStation({ engine, check: { background: false }, identity: await createIdentity('centre') })
  const [hub1, hub2] = [await below(centre, 'hub-1'), await below(centre, 'hub-2', { key: KEY })]
  const [one, two] = [await below(hub1.station, 'kiosk-1'), await below(hub2.station, 'kiosk-2')]
  for (const { station } of [one, two]) blanks(station, 2)
  const meet = async () => {
    for (let i = 0; i < 3; i++) for (const each of [one, two, hub1, hub2]) await each.meet()
  }
  const stays = await recorded(one.station, 1, firstOf(1))
  const falls = await recorded(two.station, 2, againOf(1))
  requestCard(one.station, { record: stays, operator: 'operator-7' })
  requestCard(two.station, { record: falls, operator: 'operator-7' })
  await meet()
  await checkRecords(centre)
  expect(adjudications(centre)).toHaveLength(1)
  decide(centre, stays, READY)
  decide(centre, falls, { state: 'DUPLICATE_RECORD', duplicateOf: stays, by: 'expert-1' })
  await meet()
  const plans = () => [one, two].map(({ station }) => planPrinting(station).prints.length)
  expect(plans()).toEqual([1, 0])
  return { centre, hub2, two, meet, stays, falls, plans }
}

it('neither by a decision nor by a file, with or without a word on the comparison', async () => {
  const { hub2, meet, falls, plans } = await twoHubs()
  for (const more of [{}, { unchecked: 'the ministry compares' }]) {
    expect(() => decide(hub2.station, falls, { ...READY, ...more })).toThrow(
      expect.objectContaining({ code: 'DECISION_ABOVE', message: expect.stringMatching(/centre/) }),
    )
    const file = Buffer.from(`record;state\n${falls};PRR\n`)
    const { taken, refused } = await importDecisions(hub2.station, file, { operator: 'clerk-1', ...more })
    expect({ taken, refused }).toMatchObject({ taken: 0, refused: [{ line: 2, code: 'decided-above' }] })
  }
  await meet()
  expect(plans()).toEqual([1, 0])
})

it('also where a program without that rule has written so', async () => {
  const { centre, hub2, two, meet, falls, plans } = await twoHubs()
  const word = {
    kind: 'decision',
    direction: 'down',
    record: falls,
    recordVersion: 1,
    to: 'kiosk-2',
    body: { ...READY, comparison: 'elsewhere' },
  } as const
  partsOf(hub2.station).file.transaction(() => append(hub2.station, word))
  await meet()
  expect(plans()).toEqual([1, 0])
  for (const station of [centre, hub2.station, two.station]) {
    expect(recordOf(station, falls)!.centreState).toBe('DUPLICATE_RECORD')
    await expectSound(station)
  }
})

const HIDDEN: readonly (readonly [how: string, hide: (path: string) => void])[] = [
  ['has another record in its row', path => edit(path, "UPDATE journal SET record = 'x' WHERE kind = 'decision'")],
  [
    'has its record as bytes',
    path => loosely(path, 'journal', "UPDATE journal SET record = CAST(record AS BLOB) WHERE kind = 'decision'"),
  ],
  ['has no contents', path => edit(path, "UPDATE journal SET body = NULL WHERE kind = 'decision'")],
  [
    'is not in the index of its record',
    path => {
      const falls = (of: string) => `UPDATE journal SET record = ${of} WHERE kind = 'decision' AND record IS NOT NULL`
      edit(path, 'CREATE TABLE kept AS SELECT rowid AS row, record FROM journal')
      blind(path, 'journal_record', falls("'x'"), falls('(SELECT record FROM kept WHERE row = journal.rowid)'))
      edit(path, 'DROP TABLE kept')
    },
  ],
]

for (const when of WHEN) {
  it.each(HIDDEN)(`${when}: nor where the refusal %s`, async (_, hide) => {
    const { hub2, falls } = await twoHubs()
    const at = openedOf(hub2.station)
    if (when === 'closed') await hub2.station.close()
    hide(at.path)
    const code = await codeOf(async () => {
      if (when === 'closed') {
        at.station = await openStation({ path: at.path, identity: at.identity, key: KEY, existing: true })
        closedAfter('test', at.station)
      }
      decide(at.station, falls, { ...READY, unchecked: 'the ministry compares' })
    })
    expect(code).toMatch(/^(STATION_ALTERED|DECISION_ABOVE)$/)
  })
}

it('nor by the hub that takes the place of one that was lost', async () => {
  const { centre, hub2, two, stays, falls } = await twoHubs()
  const next = await below(centre, 'hub-3')
  for (const station of [centre, two.station]) {
    revokePeer(station, 'hub-2', { operator: 'supervisor-1', reason: 'burnt', from: Number.MAX_SAFE_INTEGER })
  }
  const kiosk = await publicIdentity(partsOf(two.station).identity)
  addPeer(two.station, { ...(await publicIdentity(partsOf(next.station).identity)), relation: 'upstream' })
  addPeer(next.station, { ...kiosk, relation: 'downstream', vouches: true })
  const line = { name: 'here', exchange: (message: Uint8Array) => receive(next.station, message) }
  const meet = async () => {
    for (let i = 0; i < 3; i++) {
      await sync(two.station, line)
      await next.meet()
    }
  }
  await meet()
  await importDecisions(next.station, Buffer.from(`record;state\n${falls};PRR\n`), { operator: 'clerk-1' })
  await meet()
  expect(recordOf(two.station, falls)).toMatchObject({
    centreState: 'DUPLICATE_RECORD',
    decision: { duplicateOf: stays },
  })
  expect(planPrinting(two.station).prints).toEqual([])
  // Until a person at the centre has said that the kiosk has moved, nothing that was said to it goes there.
  expect(recordOf(next.station, falls)!.centreState).toBe('PRINT_READY_RECORD')
  trustStation(centre, { ...kiosk, voucher: 'hub-3' }, { operator: 'supervisor-1', reason: 'it moved' })
  await meet()
  expect(() => decide(next.station, falls, READY)).toThrow(expect.objectContaining({ code: 'DECISION_ABOVE' }))
  for (const station of [centre, next.station, two.station]) {
    expect(recordOf(station, falls)).toMatchObject({
      centreState: 'DUPLICATE_RECORD',
      decision: { duplicateOf: stays },
    })
    await expectSound(station)
  }
  await hub2.station.close()
})

it('but by the one that refused it, and what that one has cleared another may stop, and clear again', async () => {
  const { centre, hub2, meet, stays, falls, plans } = await twoHubs()
  decide(hub2.station, falls, { state: 'ADJUDICATION', by: 'expert-2' })
  decide(centre, falls, { state: 'ADJUDICATION', by: 'expert-1' })
  decide(centre, stays, { state: 'DUPLICATE_RECORD', duplicateOf: falls, by: 'expert-1' })
  decide(centre, falls, READY)
  await meet()
  expect(plans()).toEqual([0, 1])
  decide(hub2.station, falls, { state: 'ADJUDICATION', by: 'expert-2' })
  await meet()
  expect(plans()).toEqual([0, 0])
  decide(hub2.station, falls, READY)
  await meet()
  expect(plans()).toEqual([0, 1])
})

it('tells the kiosk at which station the record is that stays', async () => {
  const { two, stays, falls } = await twoHubs()
  expect(recordOf(two.station, falls)!.decision).toMatchObject({ duplicateOf: stays, duplicateOfStation: 'kiosk-1' })
})

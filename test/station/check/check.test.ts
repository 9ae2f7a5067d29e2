/** A turn of the check: what is compared in it, what waits, and to whom its work is counted. */
import {
  adjudications,
  checkRecords,
  createIdentity,
  encodeTemplates,
  enrol,
  type Recorded,
  recordOf,
  records,
  type Station,
} from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { checkDue } from '../../../dist/station/check/check.js'
import { SharedWork } from '../../../dist/station/check/check-quota.js'
import { EmbeddedIndex } from '../../../dist/station/check/embedded-index.js'
import { localGalleryOf } from '../../../dist/station/check/local-gallery.js'
import { CheckTurns } from '../../../dist/station/check/turns.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { engineForTests } from '../../support/engine.js'
import { newStation, somebody } from '../enrol/support.js'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { hubOfTwo, recorded } from './network.ts'

const { firstOf, againOf } = peopleOf(61, [2, 7])
const RATE = { targetFpir: 0.001 }

const galleryOf = (hub: Station) => localGalleryOf(hub)!

/** Records that one turn checks, and those that it leaves. */
async function turnAt(hub: Station) {
  const checked: string[] = []
  const gallery = galleryOf(hub)
  const options = {
    turns: new CheckTurns(),
    signal: undefined,
    onChecked: ({ record }: { record: string }) => {
      checked.push(record)
    },
  }
  const begun = await gallery.withAll(() => checkDue(hub, gallery, RATE, options))
  return { checked, begun }
}

const unchecked = (hub: Station) => records(hub).records.filter(({ check }) => check === 'unchecked')

it('checks sixteen records a turn, two at once', async () => {
  const { hub, one, two, meet } = await hubOfTwo()
  for (let i = 0; i < 9; i++) {
    await recorded(one.station, i, firstOf(i))
    await recorded(two.station, 20 + i, firstOf(20 + i))
  }
  await meet()
  const gallery = galleryOf(hub)
  const search = gallery.identify.bind(gallery)
  let [underway, most] = [0, 0]
  const searching = vi.spyOn(gallery, 'identify').mockImplementation(async (...asked) => {
    most = Math.max(most, ++underway)
    return search(...asked).finally(() => underway--)
  })
  const { checked, begun } = await turnAt(hub)
  searching.mockRestore()
  expect([begun, new Set(checked).size, most]).toEqual([16, 16, 2])
  expect(unchecked(hub)).toHaveLength(2)
  // Both kiosks have as many.
  const of = (station: string) =>
    records(hub).records.filter(each => each.check === 'clear' && each.station === station)
  expect([of('kiosk-1').length, of('kiosk-2').length]).toEqual([8, 8])
})

it('leaves to the next turn those who come in the middle of one, and are not in the index', async () => {
  const { hub, one, two, meet } = await hubOfTwo()
  for (let i = 0; i < 4; i++) await recorded(one.station, i, firstOf(i))
  await meet()
  const gallery = galleryOf(hub)
  const search = gallery.identify.bind(gallery)
  const late: string[] = []
  const searching = vi.spyOn(gallery, 'identify').mockImplementation(async (...asked) => {
    if (late.length === 0) {
      late.push('')
      late[0] = await recorded(one.station, 10, firstOf(10))
      late[1] = await recorded(two.station, 11, againOf(10))
      await meet()
    }
    return search(...asked)
  })
  const { checked } = await turnAt(hub)
  searching.mockRestore()
  expect(checked).toHaveLength(4)
  expect(
    unchecked(hub)
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...late].sort())
  await checkRecords(hub)
  const pairs = adjudications(hub).map(each => ('other' in each ? [each.record, each.other].sort() : each.kind))
  expect(pairs).toEqual([[...late].sort()])
})

it('waits until those who were there are quick to search', async () => {
  let makeQuick = () => {}
  const gate = new Promise<void>(resolve => {
    makeQuick = resolve
  })
  const making = vi.spyOn(EmbeddedIndex.prototype, 'makeQuick').mockReturnValue(gate)
  const hub = await newStation({ engine: await engineForTests(), identity: await createIdentity('hub') })
  const kiosk = await below(hub, 'kiosk-1')
  const record = await recorded(kiosk.station, 1, firstOf(1))
  await kiosk.meet()
  // Whoever is enrolled does not wait for that, nor for the check.
  expect(await enrol(hub, somebody(30, firstOf(30)))).toMatchObject({ preCheck: { decision: 'clear', persons: 1 } })
  expect(recordOf(hub, record)!.check).toBe('unchecked')
  makeQuick()
  await vi.waitFor(() => expect(recordOf(hub, record)!.check).toBe('clear'), { timeout: 20_000 })
  expect(making).toHaveBeenCalledOnce()
  making.mockRestore()
})

it('ends after those that are underway when somebody is enrolled', async () => {
  const { hub, one, meet } = await hubOfTwo()
  for (let i = 0; i < 6; i++) await recorded(one.station, i, firstOf(i))
  await meet()
  const gallery = galleryOf(hub)
  const search = gallery.identify.bind(gallery)
  let enrolled: ReturnType<typeof enrol> | undefined
  const searching = vi.spyOn(gallery, 'identify').mockImplementation(async (...asked) => {
    enrolled ??= enrol(hub, somebody(30, firstOf(30)))
    return search(...asked)
  })
  const { begun } = await turnAt(hub)
  searching.mockRestore()
  expect(begun).toBe(2)
  expect(await enrolled).toMatchObject({ recorded: true, preCheck: { decision: 'clear', persons: 6 } })
  expect((await turnAt(hub)).begun).toBe(4)
})

it('takes no record twice in a turn, as what was found changes again and again', async () => {
  const { hub, one, two, meet } = await hubOfTwo()
  const first = await recorded(one.station, 1, firstOf(1))
  await meet()
  await checkRecords(hub)
  const second = await recorded(two.station, 2, againOf(1))
  await meet()
  const gallery = galleryOf(hub)
  const search = gallery.identify.bind(gallery)
  const searching = vi.spyOn(gallery, 'identify').mockImplementation(async (...asked) => {
    const answer = await search(...asked)
    partsOf(hub).file.run('UPDATE gallery_entry SET changed = changed + 1000 WHERE record = ?', first)
    return answer
  })
  const { begun } = await turnAt(hub)
  searching.mockRestore()
  expect([begun, recordOf(hub, second)!.check]).toEqual([1, 'unchecked'])
})

it('counts work to those in equal parts who are underway', async () => {
  const { hub } = await hubOfTwo()
  // An index that was given: by the clock.
  const clock = vi.spyOn(performance, 'now')
  const at = (ms: number) => clock.mockReturnValue(ms)
  at(1_000)
  const work = new SharedWork({ ...partsOf(hub), index: {} as never })
  work.begin('long')
  at(1_100)
  work.begin('short')
  at(1_300)
  expect(work.end('short')).toBe(100)
  at(1_350)
  work.begin('next')
  at(1_450)
  expect(work.end('next')).toBe(50)
  at(1_500)
  expect(work.end('long')).toBe(100 + 100 + 50 + 50 + 50)
  clock.mockRestore()
})

it('has an enrolment wait for those who had come, not for those who come meanwhile', async () => {
  const { hub } = await hubOfTwo()
  const { file, keys } = partsOf(hub)
  const templates = encodeTemplates(firstOf(3))
  let came = 0
  const comes = () => {
    if (came === 400) return
    const record = `came-${came++}`
    file.transaction(() => {
      const payloads = [putPayload(file, keys, 'templates', templates)]
      const body = { station: 'elsewhere', sequence: 1 }
      append(hub, { kind: 'gallery', direction: 'local', record, recordVersion: 1, body, payloads })
    })
  }
  await galleryOf(hub).withAll(async () => {})
  comes()
  const { upsert } = EmbeddedIndex.prototype
  const taking = vi.spyOn(EmbeddedIndex.prototype, 'upsert').mockImplementation(async function (
    this: EmbeddedIndex,
    person,
  ) {
    comes()
    return upsert.call(this, person)
  })
  const { preCheck } = (await enrol(hub, somebody(5, firstOf(5)))) as Recorded
  const before = came
  taking.mockRestore()
  expect(preCheck).toMatchObject({ decision: 'clear', persons: 1 })
  // One for each who was taken in, and those who came behind the enrolment.
  expect(before).toBeLessThan(200)
})

/** Who has a card stays among those with whom newcomers are compared, whatever becomes of the record. */
import { setImmediate } from 'node:timers/promises'
import {
  adjudications,
  checkRecords,
  correct,
  createIdentity,
  decide,
  galleryState,
  handOver,
  planPrinting,
  printCards,
  printJobs,
  recordOf,
  removeFromGallery,
  requestCard,
  revokePeer,
  type Station,
  verifyStation,
  withdraw,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { localGalleryOf } from '../../../dist/station/check/local-gallery.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation } from '../enrol/support.js'
import { edit } from '../guard/support.ts'
import { blanks, printerThat, render } from '../print/support.ts'
import { claimCard } from '../stolen.ts'
import { type Below, below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { recorded } from './network.ts'

const engine = await engineForTests()

const { firstOf, againOf } = peopleOf(83, [1, 2, 6, 7])
const BY = { operator: 'operator-7' }
const WHY = { ...BY, reason: 'typed wrong' }
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
const MANUAL = { background: false }

/** A kiosk below a hub with an engine, which is the centre; at the kiosk somebody whose card is printed. */
async function withCard() {
  const hub = await newStation({ engine, check: MANUAL, identity: await createIdentity('hub') })
  const kiosk = await below(hub, 'kiosk')
  const first = await recorded(kiosk.station, 1, firstOf(1))
  await kiosk.meet()
  await checkRecords(hub)
  decide(hub, first, READY)
  await kiosk.meet()
  requestCard(kiosk.station, { record: first, ...BY })
  blanks(kiosk.station, 2)
  await printCards(kiosk.station, { printer: printerThat(), render })
  const hand = () =>
    handOver(kiosk.station, printJobs(kiosk.station)[0].job, { to: 'the person', ...BY, note: 'known' })
  return { hub, kiosk, first, hand }
}

/** The same person comes again, under another NIK. */
async function again(hub: Station, { station, meet }: Below): Promise<string> {
  const second = await recorded(station, 2, againOf(1))
  await meet()
  await checkRecords(hub)
  decide(hub, second, READY)
  requestCard(station, { record: second, ...BY })
  await meet()
  return second
}

const pairsAt = (station: Station) =>
  adjudications(station).flatMap(each => ('other' in each ? [[each.record, each.other].sort().join(' ')] : []))
const pairOf = (a: string, b: string) => [[a, b].sort().join(' ')]
const waitsAt = (station: Station) => planPrinting(station).waits.map(({ code }) => code)
const printsAt = (station: Station) => planPrinting(station).prints

describe('a person whose card was handed over', () => {
  it.each<[string, (kiosk: Station, first: string) => unknown]>([
    ['withdrawn', (kiosk, first) => withdraw(kiosk, first, WHY)],
    ['corrected to other fingers', (kiosk, first) => correct(kiosk, first, { fingers: firstOf(5) }, WHY)],
    [
      'corrected, and withdrawn then',
      async (kiosk, first) => {
        await correct(kiosk, first, { fingers: firstOf(5) }, WHY)
        withdraw(kiosk, first, WHY)
      },
    ],
  ])('gets no other one under another NIK when the record is %s', async (_, change) => {
    const { hub, kiosk, first, hand } = await withCard()
    hand()
    await kiosk.meet()
    await change(kiosk.station, first)
    await kiosk.meet()
    await checkRecords(hub)
    const second = await again(hub, kiosk)
    expect(recordOf(hub, second)!.checks[0]).toMatchObject({ decision: 'duplicate', candidates: [{ record: first }] })
    expect(pairsAt(hub)).toEqual(pairOf(first, second))
    expect([waitsAt(kiosk.station), printsAt(kiosk.station)]).toEqual([['to-decide'], []])
    // The index is made anew of the file, and comes to the same.
    const { path } = hub
    const { identity } = partsOf(hub)
    await hub.close()
    const reopened = await newStation({ path, engine, check: MANUAL, identity })
    const third = await recorded(reopened, 3, againOf(1))
    const found = recordOf(reopened, third)!.contents!.preCheck.candidates.map(({ record }) => record)
    expect(found.sort()).toEqual([first, second].sort())
    decide(reopened, second, { state: 'DUPLICATE_RECORD', duplicateOf: first, by: 'expert-1' })
    expect(pairsAt(reopened).filter(pair => pair.includes(second))).toEqual([])
    decide(reopened, second, READY)
    expect(pairsAt(reopened)).toContain(pairOf(first, second)[0])
    expect((await verifyStation(reopened)).findings).toEqual([])
  })

  it.each<[string, readonly number[], number]>([
    ['the next version, which does not exist', [1], 2],
    ['a version that was not the newest', [7, 1], 1],
    ['a version that never was', [1], 9],
  ])('gets none when the kiosk says that the card shows %s', async (_, versions, named) => {
    const hub = await newStation({ engine, check: MANUAL, identity: await createIdentity('hub') })
    const [kiosk, other] = [await below(hub, 'kiosk'), await below(hub, 'other')]
    const first = await recorded(kiosk.station, 1, firstOf(versions[0]))
    for (const person of versions.slice(1)) await correct(kiosk.station, first, { fingers: firstOf(person) }, WHY)
    await kiosk.meet()
    await checkRecords(hub)
    decide(hub, first, READY)
    claimCard(kiosk.station, first, 'card', named)
    await correct(kiosk.station, first, { fingers: firstOf(5) }, WHY)
    await kiosk.meet()
    await checkRecords(hub)
    const second = await again(hub, other)
    expect(pairsAt(hub)).toEqual(pairOf(first, second))
    expect(printsAt(other.station)).toEqual([])
  })

  it('gets none when a row that says which templates came with its record is taken out', async () => {
    const { hub, kiosk, first, hand } = await withCard()
    hand()
    await correct(kiosk.station, first, { fingers: firstOf(5) }, WHY)
    await kiosk.meet()
    await checkRecords(hub)
    const { path } = hub
    const { identity } = partsOf(hub)
    await hub.close()
    edit(path, "DELETE FROM entry_payload WHERE role = 'templates' AND station = 'kiosk'")
    const reopened = await newStation({ path, engine, check: MANUAL, identity })
    const second = await recorded(reopened, 2, againOf(1))
    expect(pairsAt(reopened)).toEqual(pairOf(first, second))
  })

  it.each<[string, (kiosk: Station, first: string) => unknown]>([
    ['withdrawn', (kiosk, first) => withdraw(kiosk, first, WHY)],
    ['corrected', (kiosk, first) => correct(kiosk, first, { fingers: firstOf(5) }, WHY)],
  ])('stays in a case that was found before the record is %s', async (_, change) => {
    const { hub, kiosk, first, hand } = await withCard()
    hand()
    await kiosk.meet()
    const second = await again(hub, kiosk)
    expect(pairsAt(hub)).toEqual(pairOf(first, second))
    await change(kiosk.station, first)
    await kiosk.meet()
    for (const when of ['at once', 'compared anew']) {
      expect(pairsAt(hub), when).toEqual(pairOf(first, second))
      expect(printsAt(kiosk.station), when).toEqual([])
      await checkRecords(hub)
      await kiosk.meet()
    }
  })

  it('is found when the hand-over follows the correction', async () => {
    const { hub, kiosk, first, hand } = await withCard()
    await correct(kiosk.station, first, { fingers: firstOf(5) }, WHY)
    await kiosk.meet()
    await checkRecords(hub)
    hand()
    await kiosk.meet()
    const second = await again(hub, kiosk)
    expect(pairsAt(hub)).toEqual(pairOf(first, second))
  })

  it.each<[string, (kiosk: Station, first: string) => unknown]>([
    ['withdrawn', (kiosk, first) => withdraw(kiosk, first, WHY)],
    ['corrected', (kiosk, first) => correct(kiosk, first, { fingers: firstOf(5) }, WHY)],
  ])('is found by who was called clear before the hand-over was heard of, the record being %s', async (_, change) => {
    const { hub, kiosk, first, hand } = await withCard()
    // The kiosk hands it over while the hub hears of the change alone.
    await correct(kiosk.station, first, { fingers: firstOf(7) }, WHY)
    await kiosk.meet()
    await checkRecords(hub)
    const second = await again(hub, kiosk)
    expect(recordOf(hub, second)!.checks[0]).toMatchObject({ decision: 'clear' })
    hand()
    await change(kiosk.station, first)
    await kiosk.meet()
    expect(pairsAt(hub)).toEqual([])
    // Ended before they were compared: the index knows that they were not.
    const { path } = hub
    const { identity } = partsOf(hub)
    galleryState(hub)
    await setImmediate()
    await hub.close()
    const reopened = await newStation({ path, engine, check: MANUAL, identity })
    await checkRecords(reopened)
    expect(pairsAt(reopened)).toEqual(pairOf(first, second))
    const entries = () => partsOf(reopened).file.get<{ n: number }>('SELECT count(*) AS n FROM journal')!.n
    const before = entries()
    expect(await checkRecords(reopened)).toMatchObject({ checked: 0 })
    expect(entries()).toBe(before)
    expect((await verifyStation(reopened)).findings).toEqual([])
  })

  it('holds up no record that comes, however many a kiosk claims to have handed over', async () => {
    const hub = await newStation({ engine, check: MANUAL, identity: await createIdentity('hub') })
    const [thief, kiosk] = [await below(hub, 'thief'), await below(hub, 'kiosk')]
    for (const person of [1, 2, 3, 4]) {
      const id = await recorded(thief.station, person, firstOf(person))
      await correct(thief.station, id, { fingers: firstOf(10 + person) }, WHY)
      claimCard(thief.station, id, id)
    }
    await thief.meet()
    const honest = await recorded(kiosk.station, 20, firstOf(20))
    await kiosk.meet()
    const left: [number, string][] = []
    const onProgress = () => left.push([localGalleryOf(hub)!.keptToCompare.length, recordOf(hub, honest)!.check ?? ''])
    await checkRecords(hub, { onProgress })
    expect(left[0]).toEqual([3, 'clear'])
    expect(left.at(-1)).toEqual([expect.any(Number), 'clear'])
    expect(localGalleryOf(hub)!.keptToCompare).toEqual([])
  })

  it('may be recorded anew where no card was handed over, or a station above took the record out', async () => {
    const { hub, kiosk, first } = await withCard()
    withdraw(kiosk.station, first, WHY)
    await kiosk.meet()
    await again(hub, kiosk)
    expect(pairsAt(hub)).toEqual([])
    const other = await withCard()
    other.hand()
    await correct(other.kiosk.station, other.first, { fingers: firstOf(5) }, WHY)
    await other.kiosk.meet()
    removeFromGallery(other.hub, other.first, { reason: 'a court has ordered it', by: 'expert-1' })
    await again(other.hub, other.kiosk)
    expect(pairsAt(other.hub)).toEqual([])
  })

  it('is no candidate of itself by fingers that it had before', async () => {
    const { hub, kiosk, first, hand } = await withCard()
    hand()
    await kiosk.meet()
    await correct(kiosk.station, first, { fingers: againOf(1) }, WHY)
    await kiosk.meet()
    await checkRecords(hub)
    expect(recordOf(hub, first)!.checks[0]).toMatchObject({ decision: 'clear', candidates: [] })
    const second = await again(hub, kiosk)
    expect(recordOf(hub, second)!.checks[0].candidates.map(({ record }) => record)).toEqual([first])
  })
})

describe('a card that its kiosk signs as it likes', () => {
  it.each([undefined, 7, 1])(
    'is of the fingers that the record had, when it is said to be of version %s',
    async recordVersion => {
      const hub = await newStation({ engine, check: MANUAL, identity: await createIdentity('hub') })
      const [kiosk, other] = [await below(hub, 'kiosk'), await below(hub, 'kiosk-2')]
      const first = await recorded(kiosk.station, 1, firstOf(1))
      await kiosk.meet()
      await checkRecords(hub)
      decide(hub, first, READY)
      await kiosk.meet()
      const { request } = requestCard(kiosk.station, { record: first, ...BY })
      blanks(kiosk.station, 2)
      const about = { direction: 'up', record: first, ...(recordVersion !== undefined && { recordVersion }) } as const
      const serial = { prefix: 'AB', digits: 6, number: 1 }
      const bodies = {
        'card-reserved': { request, job: 'job-1', lot: 'lot-1', serial, printer: 'p', consumables: [] },
        'card-sent': { job: 'job-1' },
        'card-printed': { job: 'job-1' },
        'card-handed-over': { job: 'job-1', to: 'the person', ...BY },
      }
      for (const [kind, body] of Object.entries(bodies)) append(kiosk.station, { kind, ...about, body } as never)
      await correct(kiosk.station, first, { fingers: firstOf(5) }, WHY)
      await kiosk.meet()
      await checkRecords(hub)
      const second = await again(hub, other)
      expect(pairsAt(hub)).toEqual(pairOf(first, second))
    },
  )

  it('keeps its case when the hand-over is undone, until the other is compared again', async () => {
    const { hub, kiosk, first, hand } = await withCard()
    const other = await below(hub, 'kiosk-2')
    await kiosk.meet()
    const { through } = partsOf(hub).file.get<{ through: number }>("SELECT through FROM heard WHERE station = 'kiosk'")!
    hand()
    await correct(kiosk.station, first, { fingers: firstOf(5) }, WHY)
    await kiosk.meet()
    await checkRecords(hub)
    const second = await again(hub, other)
    blanks(other.station, 2, { lot: 'lot-2', first: 50 })
    revokePeer(hub, 'kiosk', { from: through + 1, ...WHY })
    await other.meet()
    expect([waitsAt(other.station), printsAt(other.station)]).toEqual([['unchecked'], []])
    await checkRecords(hub)
    await other.meet()
    expect(pairsAt(hub)).toEqual(pairOf(first, second))
    expect([waitsAt(other.station), printsAt(other.station)]).toEqual([['to-decide'], []])
  })
})

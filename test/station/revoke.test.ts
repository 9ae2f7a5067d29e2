/** A station that is revoked from an entry on: everything is as if that entry had never come. */
import fc from 'fast-check'
import { SidikError } from 'sidik'
import {
  adjudications,
  decide,
  handOver,
  issueLetter,
  planPrinting,
  printCards,
  recordOf,
  recordsByNik,
  requestCard,
  revokedStations,
  revokePeer,
  type Station,
  sync,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { hasCardOut } from '../../dist/station/check/kept-fingers.js'
import { noteIssued } from '../../dist/station/print/issued.js'
import { cardContent } from '../../dist/station/print/render/read-content.js'
import { partsOf } from '../../dist/station/station.js'
import { record } from './files.ts'
import { BY, CLEARED, DOCUMENT, nikOf, printerThat, READY, render, withdrawn } from './print/support.ts'
import {
  claimCard,
  compare,
  compareAgain,
  correct,
  expectSound,
  meet,
  newWorld,
  nextOf,
  STOLEN,
  setAgainst,
  shown,
  templatesIn,
  twinOf,
  type World,
} from './stolen.ts'
import { lineTo, recordAt, threePlaces } from './sync/support.js'

/** What can be refused, and leaves all as it was. */
function trying(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (error instanceof SidikError) return false
    throw error
  }
}

const STATES = [READY, READY, READY, 'PROCESSING', 'DUPLICATE_RECORD', 'ENROLL_FAILURE_AT_CENTRAL']

interface Step {
  readonly what: number
  readonly whom: number
  readonly how: number
}

const step = fc.record({ what: fc.nat(99), whom: fc.nat(99), how: fc.nat(99) })

const wordOf = ({ how }: Step) =>
  STATES[how % STATES.length] === READY ? CLEARED : { state: STATES[how % STATES.length], by: 'expert-1' }

/** Something that honest people do at one of the kiosks, or at the hub. */
async function honest({ hub, kiosk, other }: World, people: string[], each: Step): Promise<void> {
  const { what, whom, how } = each
  const mine = people.filter(id => id.startsWith('a'))
  const own = mine[whom % mine.length]
  const anybody = people[whom % people.length]
  if (what < 20) {
    const [at, letter] = how % 2 === 0 ? [kiosk, 'a'] : [other, 'b']
    const id = `${letter}-${String(people.length).padStart(3, '0')}`
    record(at, id, { nik: nikOf(whom % 4) })
    people.push(id)
  } else if (what < 27) compare(hub, anybody, how % 3 === 0 ? people[how % people.length] : undefined)
  else if (what < 45) trying(() => decide(hub, anybody, wordOf(each)))
  else if (what < 55) {
    const { client_state } = partsOf(kiosk).file.get<{ client_state: string }>(
      'SELECT client_state FROM record WHERE id = ?',
      own,
    )!
    if (client_state !== 'withdrawn')
      correct(kiosk, own, { nik: nikOf(how % 4), name: 'Honest', otherFingers: how % 3 === 0 })
  } else if (what < 58) trying(() => withdrawn(kiosk, own))
  else if (what < 70)
    trying(() => requestCard(how % 2 === 0 ? hub : kiosk, { record: how % 2 === 0 ? anybody : own, ...BY }))
  else if (what < 80) {
    const at = how % 2 === 0 ? hub : kiosk
    const { printed } = await printCards(at, { printer: printerThat(), render })
    for (const { job } of printed.slice(0, how % 3)) trying(() => handOver(at, job, { to: 'them', ...BY }))
  } else if (what < 85)
    trying(() => issueLetter(how % 2 === 0 ? hub : kiosk, { record: how % 2 === 0 ? anybody : own, ...BY }))
  else await meet(how % 2 === 0 ? kiosk : other, hub)
}

/** Something that whoever has the kiosk and its key says with it, whatever the program there would refuse. */
function theft({ kiosk }: World, people: string[], { what, whom, how }: Step): void {
  const mine = people.filter(id => id.startsWith('a'))
  const own = mine[whom % mine.length]
  const { file } = partsOf(kiosk)
  const { client_state } = file.get<{ client_state: string }>('SELECT client_state FROM record WHERE id = ?', own)!
  const isOut = file.get('SELECT 1 FROM gallery_entry WHERE record = ? AND templates IS NULL', own) !== undefined
  if (what < 35 && client_state !== 'withdrawn' && !isOut) {
    correct(kiosk, own, { nik: nikOf(how % 5), otherFingers: how % 2 === 0 })
  } else if (what < 50) trying(() => withdrawn(kiosk, own))
  else if (what < 65) claimCard(kiosk, own, `thief-${nextOf(kiosk)}`)
  else if (what < 75) trying(() => requestCard(kiosk, { record: own, at: how % 2 === 0 ? 'hub' : 'kiosk-1', ...BY }))
  else if (what < 85) trying(() => issueLetter(kiosk, { record: own, ...BY }))
  else record(kiosk, `a-x${nextOf(kiosk)}`, { nik: nikOf(how % 4) })
}

const versionAt = (station: Station, id: string) =>
  partsOf(station).file.get<{ version: number; client_state: string }>(
    'SELECT version, client_state FROM record WHERE id = ?',
    id,
  )!

/** Undefined where it is withdrawn. */
const fingersAt = (station: Station, id: string) =>
  partsOf(station).file.get<{ templates: string }>(
    `SELECT hex(g.templates) AS templates FROM record r JOIN gallery_entry g ON g.record = r.id
     WHERE r.id = ? AND r.client_state <> 'withdrawn'`,
    id,
  )?.templates

const isOne = (a: { version: number; client_state: string }, b: typeof a) =>
  a.version === b.version && a.client_state === b.client_state

/** Newcomers are compared with these fingers again, at the hub and below. */
async function expectFingersBack(hub: Station, other: Station, before: ReturnType<typeof templatesIn>): Promise<void> {
  await meet(other, hub)
  await meet(other, hub)
  for (const station of [hub, other]) {
    expect(templatesIn(station)).toEqual(before)
    await expectSound(station)
  }
}

describe('revokePeer', () => {
  it('leaves everything as if the thief had never written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 12, size: 'max' }),
        fc.array(step, { minLength: 4, maxLength: 12, size: 'max' }),
        async (before, after) => {
          const world = await newWorld()
          const { hub, kiosk, other } = world
          const people = ['a-000', 'b-001', 'a-002', 'a-003']
          record(kiosk, 'a-000', { nik: nikOf(0) })
          record(other, 'b-001', { nik: nikOf(0) })
          record(kiosk, 'a-002', { nik: nikOf(1) })
          record(kiosk, 'a-003', { nik: nikOf(2) })
          const twice = async () => {
            for (const at of [kiosk, other, kiosk, other]) await meet(at, hub)
          }
          await twice()
          for (const id of people) decide(hub, id, CLEARED)
          for (const id of ['b-001', 'a-002']) requestCard(hub, { record: id, ...BY })
          for (const each of before) await honest(world, people, each)
          await twice()
          const from = nextOf(kiosk)
          // The same world, which never hears of the thief.
          const [calm, otherCalm] = await Promise.all(
            [hub, other].map(station => twinOf({ station, identity: partsOf(station).identity })),
          )
          for (const each of after) {
            if (each.what % 7 === 0) await meet(other, hub)
            else if (each.what % 7 === 1) {
              await meet(kiosk, hub)
              // People at the hub go on. What clears a version says nothing of the one before, which nobody has
              // looked at; what lets a record fall, or has it wait, is said of the record.
              const id = people[each.whom % people.length]
              const isSame = isOne(versionAt(hub, id), versionAt(calm, id))
              const word = wordOf(each)
              if (word === CLEARED && !isSame) continue
              if (trying(() => decide(hub, id, word))) decide(calm, id, word)
            } else if (each.what % 7 === 2) {
              await meet(kiosk, hub)
              const [id, match] = [each.whom, each.how].map(n => people[n % people.length])
              // Fingers that the thief left as they are were compared, whichever version it was; those of the thief
              // are like nobody's in the calm world.
              const isLeft = (one: string) => fingersAt(hub, one) === fingersAt(calm, one)
              const found = each.how % 3 === 0 ? match : undefined
              // Who has a card is found by the fingers under it, whatever the thief made of the record.
              if (found !== undefined && !isLeft(found) && hasCardOut(partsOf(hub).file, found)) continue
              compare(hub, id, found)
              if (isLeft(id)) compare(calm, id, isLeft(match) ? found : undefined)
            } else theft(world, people, each)
          }
          await meet(kiosk, hub)
          await meet(kiosk, hub)
          revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
          compareAgain(hub, calm)
          for (const [at, to] of [
            [other, hub],
            [other, hub],
            [otherCalm, calm],
            [otherCalm, calm],
          ]) {
            await meet(at, to)
          }
          // An honest card is called issued at the next entry about its record, which may be the thief's.
          for (const at of [hub, calm]) {
            for (const id of people) partsOf(at).file.transaction(() => noteIssued(at, id))
          }
          expect(shown(hub, true)).toEqual(shown(calm, true))
          expect(shown(other, false)).toEqual(shown(otherCalm, false))
          for (const station of [hub, other]) await expectSound(station)
          for (const station of [hub, kiosk, other, calm, otherCalm]) await station.close()
        },
      ),
      // A second each: what fails is shown as it came, as making it smaller takes minutes.
      { numRuns: 6, endOnFailure: true },
    )
  })
})

/** A record of the kiosk, cleared, with a card that the hub is asked for. */
async function clearedRecord(): Promise<World & { readonly everybody: () => Promise<void> }> {
  const world = await newWorld()
  const { hub, kiosk, other } = world
  const everybody = async () => {
    for (const at of [kiosk, kiosk, other, other]) await meet(at, hub)
  }
  record(kiosk, 'm', { nik: nikOf(1) })
  await everybody()
  decide(hub, 'm', CLEARED)
  requestCard(hub, { record: 'm', ...BY })
  await everybody()
  return { ...world, everybody }
}

/** NIKs on the cards that a station prints now. */
async function niksOnCards(station: Station): Promise<string[]> {
  const niks: string[] = []
  await printCards(station, {
    printer: printerThat(),
    render: async (at, id) => {
      niks.push(cardContent(at, id).nik)
      return DOCUMENT
    },
  })
  return niks
}

const nextPlans = (station: Station) => planPrinting(station).prints.map(({ record: id }) => id)

describe('a station that is revoked', () => {
  it('is shown, and printed, by the version before a correction of the thief', async () => {
    const { hub, kiosk, everybody } = await clearedRecord()
    const from = correct(kiosk, 'm', { nik: nikOf(2) })
    await everybody()
    revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
    expect(recordOf(hub, 'm')).toMatchObject({ version: 1, centreState: READY, contents: { nik: nikOf(1) } })
    expect(recordOf(hub, 'm')!.versions).toHaveLength(1)
    expect(await niksOnCards(hub)).toEqual([nikOf(1)])
    await expectSound(hub)
  })

  it('has the fingers of that version compared with newcomers again, at all stations', async () => {
    const { hub, kiosk, other, everybody } = await clearedRecord()
    const before = templatesIn(hub)
    const from = correct(kiosk, 'm', { otherFingers: true })
    await everybody()
    for (const station of [hub, other]) expect(templatesIn(station)).not.toEqual(before)
    revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
    await expectFingersBack(hub, other, before)
    expect(nextPlans(hub)).toEqual(['m'])
  })

  it('has its earlier version compared again before a card, where the station compares', async () => {
    const { hub, kiosk, everybody } = await clearedRecord()
    compare(hub, 'm', undefined)
    const from = correct(kiosk, 'm', { otherFingers: true })
    await everybody()
    compare(hub, 'm', undefined)
    revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
    expect([recordOf(hub, 'm')!.check, nextPlans(hub)]).toEqual(['unchecked', []])
    compare(hub, 'm', undefined)
    expect([recordOf(hub, 'm')!.check, nextPlans(hub)]).toEqual(['clear', ['m']])
    await expectSound(hub)
  })

  it('clears no version by what was said of a later one', async () => {
    const { hub, kiosk, everybody } = await clearedRecord()
    decide(hub, 'm', { state: 'ENROLL_FAILURE_AT_CENTRAL', by: 'expert-1' })
    const from = correct(kiosk, 'm', { nik: nikOf(2) })
    await everybody()
    decide(hub, 'm', CLEARED)
    expect(nextPlans(hub)).toEqual(['m'])
    revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
    expect(recordOf(hub, 'm')).toMatchObject({ version: 1, centreState: 'ENROLL_FAILURE_AT_CENTRAL' })
    expect(await niksOnCards(hub)).toEqual([])
    await expectSound(hub)
  })

  it('shows the decision that cleared the version, and none about a later one', async () => {
    const { hub, kiosk, everybody } = await clearedRecord()
    const from = correct(kiosk, 'm', { nik: nikOf(2) })
    await everybody()
    decide(hub, 'm', { ...CLEARED, by: 'expert-2' })
    revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
    expect(recordOf(hub, 'm')).toMatchObject({ centreState: READY, decision: { by: 'expert-1' } })
  })

  it('gets its records back that the thief withdrew, with their fingers and their cards', async () => {
    const { hub, kiosk, other, everybody } = await clearedRecord()
    const before = templatesIn(hub)
    const from = nextOf(kiosk)
    withdrawn(kiosk, 'm')
    await everybody()
    for (const station of [hub, other]) expect(templatesIn(station)).toEqual([])
    revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
    await expectFingersBack(hub, other, before)
    expect(recordOf(hub, 'm')).toMatchObject({ clientState: 'recorded', centreState: READY })
    expect(await niksOnCards(hub)).toEqual([nikOf(1)])
  })

  it.each(['correct', 'withdraw'])('opens the cases again that a thief closed, who could %s a record', async how => {
    const { hub, kiosk, other, everybody } = await clearedRecord()
    record(other, 'n', { nik: nikOf(1) })
    await everybody()
    decide(hub, 'n', CLEARED)
    const cases = () => adjudications(hub).map(({ since, ...each }) => each)
    const before = cases()
    expect(before).toMatchObject([{ kind: 'nik', record: 'm', other: 'n' }])
    const from = nextOf(kiosk)
    if (how === 'correct') correct(kiosk, 'm', { nik: nikOf(2) })
    else withdrawn(kiosk, 'm')
    await everybody()
    expect(cases()).toEqual([])
    revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
    expect(cases()).toEqual(before)
    expect(recordsByNik(hub, nikOf(1)).map(({ id }) => id)).toEqual(['m', 'n'])
    expect(nextPlans(hub)).toEqual([])
    await expectSound(hub)
  })

  it.each(['correct', 'correct to fingers that are alike too', 'withdraw'])(
    'opens cases of fingers again that a thief closed, who could %s a record',
    async how => {
      const { hub, kiosk, other, everybody } = await clearedRecord()
      record(other, 'n', { nik: nikOf(3) })
      await everybody()
      setAgainst(hub, 'n', 'm')
      const cases = (station: Station) =>
        partsOf(station).file.all(
          'SELECT record, other, kind, basis FROM identity_case WHERE closed_at IS NULL ORDER BY record',
        )
      const before = cases(hub)
      expect(before).toMatchObject([{ record: 'm' }, { record: 'n' }])
      await everybody()
      const below = cases(other)
      const from = nextOf(kiosk)
      if (how === 'withdraw') withdrawn(kiosk, 'm')
      else correct(kiosk, 'm', { nik: nikOf(1), otherFingers: true })
      await everybody()
      expect([cases(hub), cases(other)]).toEqual([[], []])
      if (how.endsWith('too')) setAgainst(hub, 'm', 'n')
      revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
      await meet(other, hub)
      await meet(other, hub)
      expect([cases(hub), cases(other)]).toEqual([before, below])
      expect(nextPlans(hub)).toEqual([])
      for (const station of [hub, other]) await expectSound(station)
    },
  )

  it('has handed no card over, and its people may ask for one', async () => {
    const { hub, kiosk, other } = await newWorld()
    record(kiosk, 'm', { nik: nikOf(1) })
    await meet(kiosk, hub)
    decide(hub, 'm', CLEARED)
    const from = claimCard(kiosk, 'm', 'thief')
    await meet(kiosk, hub)
    expect(recordOf(hub, 'm')).toMatchObject({ centreState: 'CARD_ISSUED', decision: { by: 'hand-over of the card' } })
    revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
    expect(recordOf(hub, 'm')).toMatchObject({ centreState: READY, decision: { by: 'expert-1' } })
    requestCard(hub, { record: 'm', ...BY })
    expect(await niksOnCards(hub)).toEqual([nikOf(1)])
    for (const station of [hub, other]) await expectSound(station)
  })

  it('keeps the card that it handed over before', async () => {
    const { hub, kiosk } = await newWorld()
    record(kiosk, 'm', { nik: nikOf(1) })
    await meet(kiosk, hub)
    decide(hub, 'm', CLEARED)
    claimCard(kiosk, 'm', 'honest')
    const from = nextOf(kiosk)
    claimCard(kiosk, 'm', 'thief')
    await meet(kiosk, hub)
    revokePeer(hub, 'kiosk-1', { from, ...STOLEN })
    expect(recordOf(hub, 'm')).toMatchObject({ centreState: 'CARD_ISSUED' })
    await expectSound(hub)
  })

  it.each([0, 1])(
    'has its entries undone after a station above has revoked it from %i entries before',
    async earlier => {
      const { kiosk, hub, centre } = await threePlaces()
      recordAt(kiosk, 'r-1')
      recordAt(kiosk, 'r-2')
      const from = recordAt(kiosk, 'r-3').header.sequence
      await sync(kiosk.station, lineTo(hub))
      await sync(hub.station, lineTo(centre))
      revokePeer(centre.station, 'kiosk-1', { from: from - earlier, ...STOLEN })
      await sync(hub.station, lineTo(centre))
      expect(revokedStations(hub.station)).toMatchObject([{ standing: expect.any(Number), by: 'centre' }])
      revokePeer(hub.station, 'kiosk-1', { from, ...STOLEN })
      expect(recordOf(hub.station, 'r-3')).toBeUndefined()
      expect(recordOf(hub.station, 'r-2')).toBeDefined()
      await expectSound(hub.station)
    },
  )
})

import fc from 'fast-check'
import { SidikError } from 'sidik'
import {
  addPeer,
  cancelCard,
  cardRequests,
  createIdentity,
  decide,
  discrepancies,
  handOver,
  hostTransport,
  issueLetter,
  letters,
  planPrinting,
  printCards,
  printJobs,
  publicIdentity,
  receive,
  recoverPrinting,
  requestCard,
  resolveJob,
  type Station,
  spoilCard,
  stock,
  sync,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import {
  anyStation,
  BY,
  blanks,
  CLEARED,
  corrected,
  expectLaws,
  JAM,
  nikOf,
  OUT,
  PRINTED,
  printerThat,
  READY,
  REFUSED,
  render,
  WHY,
  withdrawn,
} from './support.ts'

/** Something that somebody does: what, to whom of those who are there, and in which of its ways. */
const step = fc.record({ what: fc.nat(99), whom: fc.nat(99), how: fc.nat(99), where: fc.nat(1) })

/** What can be refused, and leaves all as it was. */
const REFUSALS = [
  'PRINT_REQUESTED',
  'PRINT_STATE',
  'RECORD_WITHDRAWN',
  'LETTER_REFUSED',
  'STOCK_SHORT',
  'PRINT_UNKNOWN',
  'RECORD_UNKNOWN',
]

interface World {
  /** That prints; and the one whose people they are, which may be the same. */
  readonly hub: Station
  readonly kiosk: Station
  readonly meet: () => Promise<void>
  readonly people: string[]
  serials: number
}

const ANSWERS = [PRINTED, PRINTED, PRINTED, JAM, OUT, REFUSED, 'throws', 'nonsense'] as const

async function act(
  world: World,
  { what, whom, how, where }: { what: number; whom: number; how: number; where: number },
): Promise<void> {
  const { hub, kiosk, people, meet } = world
  const place = where === 0 ? kiosk : hub
  const pick = <T>(all: readonly T[]): T | undefined => all[whom % Math.max(1, all.length)]
  const someone = pick(people)
  const job = pick(printJobs(place))?.job
  if (what < 15 || someone === undefined) {
    const id = `record-${people.length}`
    // One in eight has the NIK of another.
    record(kiosk, id, { nik: nikOf(how < 13 ? whom % (people.length + 1) : people.length) })
    people.push(id)
    await meet()
    decide(hub, id, how % 5 === 0 ? { state: 'PROCESSING', by: 'expert-1' } : CLEARED)
  } else if (what < 35) {
    const purpose = how % 3 === 0 ? { purpose: 'replacement' as const, reason: 'lost' } : {}
    requestCard(kiosk, { record: someone, at: place.id, ...purpose, ...BY })
  } else if (what < 38) cancelCard(place, pick(cardRequests(place))?.request ?? 'none', WHY)
  else if (what < 46) {
    world.serials += 5
    blanks(place, 1 + (how % 3), { lot: `lot-${place.id}-${how % 2}`, first: world.serials })
  } else if (what < 66) {
    const answers = Array.from({ length: 4 }, (_, i) => ANSWERS[(how + i * whom) % ANSWERS.length])
    await printCards(place, { printer: printerThat(...answers), render, limit: 1 + (how % 4) })
  } else if (what < 78) {
    const found = (['printed', 'spoiled', 'untouched'] as const)[how % 3]
    resolveJob(
      place,
      pick(printJobs(place).filter(({ state }) => how % 4 === 0 || state === 'uncertain'))?.job ?? 'none',
      { found, ...BY },
    )
  } else if (what < 82) spoilCard(place, job ?? 'none', WHY)
  else if (what < 86) handOver(place, job ?? 'none', { to: 'them', ...BY })
  else if (what < 89) corrected(kiosk, someone, nikOf(how % (people.length + 1)))
  else if (what < 91) withdrawn(kiosk, someone)
  else if (what < 93)
    decide(hub, someone, { state: [READY, 'DUPLICATE_RECORD', 'CARD_PRINTED'][how % 3], by: 'expert-1' })
  else if (what < 96) issueLetter(place, { record: someone, ...BY })
  else if (what < 97) recoverPrinting(place)
  else await meet()
}

/** Some people who wait, and blanks for them: so that steps find something to do. */
async function begin(world: World): Promise<void> {
  const { hub, kiosk, people, meet } = world
  for (let i = 0; i < 4; i++) people.push(`record-${i}`)
  for (const [i, id] of people.entries()) record(kiosk, id, { nik: nikOf(i) })
  await meet()
  for (const id of people) decide(hub, id, CLEARED)
  for (const [i, id] of people.entries()) requestCard(kiosk, { record: id, at: i < 2 ? kiosk.id : hub.id, ...BY })
  await meet()
  for (const place of new Set([kiosk, hub])) {
    world.serials += 5
    blanks(place, 4, { lot: `lot-${place.id}-0`, first: world.serials })
  }
}

async function acts(
  world: World,
  steps: readonly { what: number; whom: number; how: number; where: number }[],
): Promise<void> {
  await begin(world)
  for (const each of steps) {
    try {
      await act(world, each)
    } catch (error) {
      if (!(error instanceof SidikError) || !REFUSALS.includes(error.code)) throw error
    }
  }
}

/** No letter is valid of somebody who has the card that it stands in for, and none was issued beside blanks. */
function expectLetters(station: Station): void {
  for (const letter of letters(station, { state: 'valid' })) {
    const printed = printJobs(station, { record: letter.record }).filter(
      ({ state, changedAt }) => state === 'printed' && changedAt > letter.issuedAt,
    )
    expect(printed).toEqual([])
  }
}

it('an office keeps its laws, whatever people and printers do', async () => {
  let cards = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 50 }), async steps => {
      let now = Date.UTC(2026, 10, 25)
      const hub = await anyStation({ clock: () => (now += 1_000) })
      addPeer(hub, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
      await acts({ hub, kiosk: hub, meet: async () => {}, people: [], serials: 0 }, steps)
      expectLaws(hub)
      expectLetters(hub)
      expect(discrepancies(hub).map(({ code }) => code)).not.toContain('printed-twice')
      const { prints } = planPrinting(hub)
      expect(prints.length).toBeLessThanOrEqual(
        stock(hub).reduce((sum, { accounts }) => sum + (accounts.available ?? 0), 0),
      )
      // What is planned is what is printed.
      const { printed } = await printCards(hub, { printer: printerThat(), render })
      expect(printed.map(({ request, lot }) => [request, lot])).toEqual(
        prints.map(({ request, lot }) => [request, lot]),
      )
      expectLaws(hub)
      expect((await verifyStation(hub)).findings).toEqual([])
      cards += printJobs(hub).length - printed.length
      await hub.close()
    }),
    { numRuns: 4 },
  )
  // Else nothing was tried.
  expect(cards).toBeGreaterThan(8)
})

it('so do two stations that meet now and then, and they agree when they have met', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 50 }), async steps => {
      let now = Date.UTC(2026, 10, 25)
      const clock = () => (now += 1_000)
      const hub = await anyStation({ identity: await createIdentity('hub'), clock })
      const kiosk = await anyStation({ identity: await createIdentity('kiosk-1'), clock })
      addPeer(kiosk, { ...(await publicIdentity(partsOf(hub).identity)), relation: 'upstream' })
      addPeer(hub, { ...(await publicIdentity(partsOf(kiosk).identity)), relation: 'downstream' })
      const line = hostTransport('here', message => receive(hub, message))
      const meet = async () => {
        await sync(kiosk, line)
      }
      await acts({ hub, kiosk, meet, people: [], serials: 0 }, steps)
      await meet()
      for (const each of [hub, kiosk]) {
        const twice = discrepancies(each).some(({ code }) => code === 'printed-twice')
        if (!twice) expectLaws(each)
        expect((await verifyStation(each)).findings).toEqual([])
      }
      expect(printJobs(kiosk, { station: 'hub' })).toEqual(printJobs(hub, { station: 'hub' }))
      expect(printJobs(kiosk, { station: 'kiosk-1' }).map(({ job, changedAt }) => [job, changedAt])).toEqual(
        printJobs(hub, { station: 'kiosk-1' }).map(({ job, changedAt }) => [job, changedAt]),
      )
      expect(cardRequests(kiosk)).toEqual(cardRequests(hub))
      await kiosk.close()
      await hub.close()
    }),
    { numRuns: 2 },
  )
})

/** A letter's state is the same at every station that has heard the same, in whatever order. */
import fc from 'fast-check'
import { SidikError } from 'sidik'
import {
  handOver,
  issueLetter,
  letters,
  letterVerification,
  printCards,
  printJobs,
  requestCard,
  resolveJob,
  revokeLetter,
  type Station,
  spoilCard,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it, vi } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { cleared, network } from './network.ts'
import { BY, blanks, corrected, JAM, nikOf, PRINTED, printerThat, render, WHY } from './support.ts'

/** Draws of the property; more with SIDIK_FUZZ_RUNS. */
const RUNS = Number(process.env.SIDIK_FUZZ_RUNS ?? 12)

// Some seconds of work; a machine that is busy takes many times that.
vi.setConfig({ testTimeout: 180_000 })

/** One hub that prints for one office, and a person of the office. */
async function office() {
  const { hub, below } = await network('office')
  const [{ station, meet }] = below
  const id = await cleared(hub, below[0], 1)
  blanks(hub, 60)
  requestCard(station, { record: id, at: 'hub', ...BY })
  await meet()
  const meetTwice = async () => {
    for (let times = 0; times < 2; times++) await meet()
  }
  return { hub, station, meet, meetTwice, id, below: below[0] }
}

const prints = (hub: Station, outcome = PRINTED) => printCards(hub, { printer: printerThat(outcome), render })
const lastJob = (station: Station, record: string) => printJobs(station, { record }).at(-1)!.job
const stateAt = (station: Station, letter: string) => letters(station).find(each => each.letter === letter)?.state

async function expectBoth(stations: readonly Station[], letter: string, state: string) {
  for (const station of stations) {
    expect(stateAt(station, letter), station.id).toBe(state)
    expect((await verifyStation(station)).findings).toEqual([])
  }
}

describe('a letter that names the cards beside it', () => {
  it('is valid at both where the hub took a card for printed that was not', async () => {
    const { hub, station, meetTwice, id } = await office()
    await prints(hub)
    resolveJob(hub, lastJob(hub, id), { found: 'untouched', ...BY })
    const { letter } = issueLetter(station, { record: id, ...BY })
    await meetTwice()
    await expectBoth([hub, station], letter, 'valid')
  })

  it('is valid again where the card is spoiled, and revoked by the next one', async () => {
    const { hub, station, meetTwice, id } = await office()
    const { letter } = issueLetter(station, { record: id, ...BY })
    await prints(hub)
    await meetTwice()
    await expectBoth([hub, station], letter, 'revoked')
    spoilCard(hub, lastJob(hub, id), WHY)
    await meetTwice()
    await expectBoth([hub, station], letter, 'valid')
    await prints(hub)
    handOver(hub, lastJob(hub, id), { to: 'Siti Rahasia', ...BY })
    await meetTwice()
    await expectBoth([hub, station], letter, 'revoked')
  })

  it('is revoked for good by hand, also where a card has revoked it before', async () => {
    const { hub, station, meetTwice, id } = await office()
    const { letter } = issueLetter(station, { record: id, ...BY })
    await prints(hub)
    await meetTwice()
    revokeLetter(station, letter, WHY)
    expect(() => revokeLetter(station, letter, WHY)).toThrow(expect.objectContaining({ code: 'PRINT_STATE' }))
    spoilCard(hub, lastJob(hub, id), WHY)
    await meetTwice()
    await expectBoth([hub, station], letter, 'revoked')
  })

  it('stays revoked at both where its station had not heard of a card, and the hub replaces that', async () => {
    const { hub, station, meetTwice, id } = await office()
    await prints(hub)
    handOver(hub, lastJob(hub, id), { to: 'Siti Rahasia', ...BY })
    requestCard(hub, { record: id, purpose: 'replacement', reason: 'lost', at: 'hub', ...BY })
    const { letter } = issueLetter(station, { record: id, ...BY })
    await meetTwice()
    await expectBoth([hub, station], letter, 'revoked')
    const next = issueLetter(station, { record: id, ...BY })
    await meetTwice()
    await expectBoth([hub, station], next.letter, 'valid')
  })

  it('goes by the NIK that records have now', async () => {
    const { hub, station, meetTwice, id, below } = await office()
    const other = await cleared(hub, below, 2)
    const { letter } = issueLetter(station, { record: other, ...BY })
    await prints(hub)
    await meetTwice()
    await expectBoth([hub, station], letter, 'valid')
    corrected(station, other, nikOf(1))
    await meetTwice()
    await expectBoth([hub, station], letter, 'revoked')
    corrected(station, id, nikOf(3))
    await meetTwice()
    await expectBoth([hub, station], letter, 'valid')
  })
})

/** As versions before 0.2.0 wrote it: it names no cards. */
function issueOldLetter(station: Station, record: string): string {
  const letter = `old-${letters(station).length}`
  const times = { issuedAt: new Date().toISOString(), until: '2999-12-31' }
  const body = { number: letter, letter, code: 'PRR', ...times, verification: 'SDKL1:', ...BY }
  append(station, { kind: 'letter-issued', direction: 'up', record, recordVersion: 1, body } as never)
  return letter
}

describe('a letter of a version before 0.2.0', () => {
  it('is revoked by any card, and stays so', async () => {
    const { hub, station, meetTwice, id } = await office()
    const first = issueOldLetter(station, id)
    await prints(hub)
    const second = issueOldLetter(station, id)
    await meetTwice()
    for (const letter of [first, second]) await expectBoth([hub, station], letter, 'revoked')
    expect(() => revokeLetter(station, first, WHY)).toThrow(expect.objectContaining({ code: 'PRINT_STATE' }))
    spoilCard(hub, lastJob(hub, id), WHY)
    await meetTwice()
    for (const letter of [first, second]) await expectBoth([hub, station], letter, 'revoked')
  })

  it('is valid beside a card that is replaced', async () => {
    const { hub, station, meetTwice, id } = await office()
    await prints(hub)
    await meetTwice()
    requestCard(station, { record: id, purpose: 'replacement', reason: 'lost', at: 'hub', ...BY })
    const letter = issueOldLetter(station, id)
    await meetTwice()
    await expectBoth([hub, station], letter, 'valid')
    revokeLetter(station, letter, WHY)
    await meetTwice()
    await expectBoth([hub, station], letter, 'revoked')
  })
})

const STEPS = [
  'print',
  'jam',
  'resolve',
  'spoil',
  'hand-over',
  'replace',
  'issue',
  'issue',
  'revoke',
  'meet',
  'correct',
]

const step = fc.record({
  what: fc.constantFrom(...STEPS),
  person: fc.nat(1),
  atHub: fc.boolean(),
  found: fc.constantFrom('untouched', 'spoiled', 'printed'),
  number: fc.integer({ min: 1, max: 3 }),
})

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Plays the steps, and says how each letter stands by their plain meaning and at both stations. */
async function played(steps: readonly Step[]) {
  const { hub, station, meet, meetTwice, id, below } = await office()
  const records = [id, await cleared(hub, below, 2)]
  requestCard(station, { record: records[1], at: 'hub', ...BY })
  await meet()
  const niks = new Map(records.map((record, i) => [record, nikOf(i + 1)]))
  const cardsOf = (at: Station, record: string) =>
    printJobs(at)
      .filter(({ state }) => state === 'printed' || state === 'handed-over')
      .filter(job => niks.get(job.record) === niks.get(record))
      .map(({ job }) => job)
  const issued = new Map<string, { record: string; knew: readonly string[] }>()
  const byHand = new Set<string>()
  for (const { what, person, atHub, found, number } of steps) {
    const record = records[person]
    const job = printJobs(hub, { record }).at(-1)?.job ?? 'none'
    try {
      if (what === 'print') await prints(hub)
      else if (what === 'jam') await prints(hub, JAM)
      else if (what === 'resolve') resolveJob(hub, job, { found: found as 'printed', ...BY })
      else if (what === 'spoil') spoilCard(hub, job, WHY)
      else if (what === 'hand-over') handOver(hub, job, { to: 'Siti Rahasia', note: 'as it is', ...BY })
      else if (what === 'replace') {
        const lost = { record, purpose: 'replacement', reason: 'lost', at: 'hub', ...BY } as const
        requestCard(atHub ? hub : station, lost)
      } else if (what === 'issue') {
        const { letter } = issueLetter(station, { record, ...BY })
        issued.set(letter, { record, knew: cardsOf(station, record) })
      } else if (what === 'revoke') {
        const letter = letters(station, { record }).at(-1)?.letter ?? 'none'
        revokeLetter(station, letter, WHY)
        byHand.add(letter)
      } else if (what === 'meet') await meet()
      else {
        corrected(station, record, nikOf(number))
        niks.set(record, nikOf(number))
      }
    } catch (error) {
      if (!(error instanceof SidikError)) throw error
    }
  }
  await meetTwice()
  const meant = [...issued].map(([letter, { record, knew }]) => {
    const isVoid = byHand.has(letter) || cardsOf(hub, record).some(job => !knew.includes(job))
    return [letter, isVoid ? 'revoked' : 'valid']
  })
  for (const each of [hub, station]) expect((await verifyStation(each)).findings).toEqual([])
  for (const [letter] of issued) expect(letterVerification(hub, letter)).toBe(letterVerification(station, letter))
  const said = [hub, station].map(each => letters(each).map(({ letter, state }) => [letter, state]))
  await Promise.all([hub.close(), station.close()])
  return { meant: meant.sort(), said: said.map(each => each.sort()), byHand: byHand.size }
}

/** A letter of each kind: by lot alone, twelve draws may hold none that a hand revoked. */
const examples: [Step[]][] = [['issue'], ['issue', 'revoke'], ['issue', 'print', 'meet']].map(names => [
  names.map(what => ({ what, person: 0, atHub: true, found: 'printed', number: 1 })),
])

it('every letter stands as the cards do, at both, whatever happens in whatever order', async () => {
  const seen = { valid: 0, revoked: 0, byHand: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 25 }), async steps => {
      const { meant, said, byHand } = await played(steps)
      expect(said).toEqual([meant, meant])
      for (const [, state] of meant) seen[state as 'valid']++
      seen.byHand += byHand
    }),
    { numRuns: RUNS + examples.length, endOnFailure: true, examples },
  )
  // Else nothing was tried.
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0)
})

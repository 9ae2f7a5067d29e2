import {
  type ChipCard,
  type ChipOutcome,
  createIdentity,
  handOver,
  type Printer,
  personaliseCard,
  printCards,
  printJobs,
  recoverPrinting,
  requestCard,
  resolveJob,
  type Station,
  spoilCard,
  stock,
  uncertainJobs,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { newPath } from '../files.ts'
import { anyStation, BY, blanks, expectLaws, JAM, newOffice, OUT, person, printerThat, render, WHY } from './support.ts'

type ChipAnswer = ChipOutcome | 'throws' | 'nonsense' | 'never' | (() => ChipOutcome | Promise<ChipOutcome>)

const WRITTEN: ChipOutcome = { outcome: 'written' }
const REFUSED: ChipOutcome = { outcome: 'not-written', problem: 'refused', message: 'the chip does not answer' }
const HALF: ChipOutcome = { outcome: 'uncertain', problem: 'lost', message: 'the reader was pulled out' }

/** A printer with a writer of chips that answers so, and writes all chips after that. */
function chipPrinter(paper: Printer = printerThat(), ...answers: ChipAnswer[]) {
  const chips: ChipCard[] = []
  const printer: Printer & { readonly chips: ChipCard[] } = {
    name: paper.name,
    chips,
    print: (document, options) => paper.print(document, options),
    async personalise(card) {
      const answer = answers[chips.length] ?? WRITTEN
      chips.push(card)
      if (answer === 'throws') throw new Error('the cable was pulled')
      if (answer === 'nonsense') return { outcome: 'printed' } as never
      if (answer === 'never') return new Promise(() => {})
      return typeof answer === 'function' ? answer() : answer
    },
  }
  return printer
}

async function officeWith(count: number, options: Parameters<typeof newOffice>[0] = {}): Promise<Station> {
  const station = await newOffice(options)
  blanks(station, 9)
  for (let i = 1; i <= count; i++) requestCard(station, { record: person(station, i), ...BY })
  return station
}

const kindsOf = (station: Station) =>
  partsOf(station)
    .file.all<{ kind: string }>("SELECT kind FROM journal WHERE kind LIKE 'card-%' ORDER BY applied")
    .map(({ kind }) => kind.replace('card-', ''))

const refused = (words: RegExp) =>
  expect.objectContaining({ code: 'PRINT_STATE', message: expect.stringMatching(words) })

async function expectSound(station: Station): Promise<void> {
  expectLaws(station)
  expect((await verifyStation(station)).findings).toEqual([])
}

describe('a printer that writes chips', () => {
  it('has printed a card when its chip is written, each step on the disk before the next', async () => {
    const station = await officeWith(2)
    const printer = chipPrinter()
    const steps: string[] = []
    const { printed } = await printCards(station, { printer, render, onProgress: ({ step }) => steps.push(step) })
    expect(steps.slice(0, 5)).toEqual(['render', 'reserved', 'sent', 'personalising', 'printed'])
    expect(kindsOf(station).slice(2, 6)).toEqual(['reserved', 'sent', 'personalising', 'printed'])
    expect(printer.chips).toEqual(
      printed.map(({ job, request, record, version, serial }) => ({ job, request, record, version, serial })),
    )
    expect(printer.chips[0]).toMatchObject({ record: 'record-0001', serial: 'AB000001', version: 1 })
    expect(handOver(station, printed[0].job, { to: 'Siti', ...BY }).state).toBe('handed-over')
    expect(stock(station)[0].accounts).toEqual({ received: -9, available: 7, printed: 2 })
    await expectSound(station)
  })

  it.each<[string, ChipAnswer, string, RegExp]>([
    ['is sure that nothing was written', REFUSED, 'refused', /^chip not-written: the chip does not answer$/],
    ['does not know', HALF, 'lost', /^chip uncertain: the reader was pulled out$/],
    ['throws', 'throws', 'protocol', /^chip uncertain: the adapter of the printer failed: the cable was pulled$/],
    [
      'names no problem',
      () => ({ outcome: 'not-written' }) as never,
      'protocol',
      /^chip uncertain: .* with the outcome 'not-written' goes a problem, one of unreachable, /,
    ],
    ['says what makes no sense', 'nonsense', 'protocol', /^chip uncertain: .* no outcome that is known$/],
  ])('leaves a card to a person where it %s', async (_, answer, code, message) => {
    const station = await officeWith(2)
    const result = await printCards(station, { printer: chipPrinter(printerThat(), answer), render })
    expect(result).toMatchObject({
      printed: [],
      uncertain: [{ record: 'record-0001', code, message: expect.stringMatching(message) }],
      stopped: { code },
    })
    const [{ job, chip }] = uncertainJobs(station)
    expect(chip).toBe('tried')
    // Nothing writes it by itself, and nobody gets it.
    expect((await printCards(station, { printer: chipPrinter(), render })).printed).toMatchObject([
      { record: 'record-0002' },
    ])
    expect(() => handOver(station, job, { to: 'Siti', ...BY })).toThrow(refused(/the card is uncertain/))
    expect(() => resolveJob(station, job, { found: 'printed', ...BY })).toThrow(
      refused(/^the card has a chip, which may be half written: have it written \(personaliseCard\), or say/),
    )
    expect(resolveJob(station, job, { found: 'printed', chip: 'written', ...BY }).state).toBe('printed')
    await expectSound(station)
  })

  it('says nothing until it is stopped: uncertain, and so is a card whose run was ended before its chip', async () => {
    const station = await officeWith(2)
    const stop = new AbortController()
    const printer = chipPrinter(printerThat(), () => {
      stop.abort()
      return new Promise(() => {})
    })
    const { uncertain } = await printCards(station, { printer, render, signal: stop.signal })
    expect(uncertain).toMatchObject([{ code: 'lost' }])
    expect(uncertainJobs(station)[0].chip).toBe('tried')
    const early = new AbortController()
    const paper = printerThat(() => {
      early.abort()
      return { outcome: 'printed' }
    })
    const second = chipPrinter(paper)
    expect(await printCards(station, { printer: second, render, signal: early.signal })).toMatchObject({
      uncertain: [{ record: 'record-0002', code: 'lost', message: 'the run was ended before the chip was written' }],
    })
    expect(second.chips).toEqual([])
    expect(uncertainJobs(station).map(({ chip }) => chip)).toEqual(['tried', 'untried'])
    await expectSound(station)
  })

  it('touches no chip of a card that is not printed for sure', async () => {
    const station = await officeWith(2)
    const printer = chipPrinter(printerThat(OUT, JAM))
    expect((await printCards(station, { printer, render })).notPrinted).toHaveLength(1)
    expect((await printCards(station, { printer, render })).uncertain).toHaveLength(1)
    expect(printer.chips).toEqual([])
    const [{ job, chip }] = uncertainJobs(station)
    expect(chip).toBe('untried')
    expect(() => resolveJob(station, job, { found: 'printed', ...BY })).toThrow(refused(/which was never begun/))
    expect(() => resolveJob(station, job, { found: 'spoiled', chip: 'written', ...BY })).toThrow(RangeError)
    expect(resolveJob(station, job, { found: 'untouched', ...BY }).state).toBe('released')
    await expectSound(station)
  })

  it('is not printed into by another run between a card and its chip', async () => {
    const [one, two] = [await officeWith(3), await officeWith(3)]
    let [inside, most] = [0, 0]
    const slow = async <T>(answer: T): Promise<T> => {
      await new Promise(next => setTimeout(next, 2))
      return answer
    }
    const printer: Printer = {
      name: 'counter-1',
      async print() {
        most = Math.max(most, ++inside)
        return slow({ outcome: 'printed' as const })
      },
      async personalise() {
        const said = await slow(WRITTEN)
        inside--
        return said
      },
    }
    const results = await Promise.all([one, two].map(station => printCards(station, { printer, render })))
    expect(results.map(({ printed }) => printed.length)).toEqual([3, 3])
    expect(most).toBe(1)
  })
})

describe('personaliseCard', () => {
  it('writes the chip of a card that somebody has put in, and leaves it uncertain where it does not', async () => {
    const station = await officeWith(1)
    await printCards(station, { printer: chipPrinter(printerThat(), REFUSED), render })
    const [{ job }] = uncertainJobs(station)
    const writer = chipPrinter(undefined, HALF, REFUSED)
    expect(await personaliseCard(station, job, { printer: writer, ...BY })).toEqual(HALF)
    expect(uncertainJobs(station)).toMatchObject([{ job, chip: 'tried' }])
    expect(await personaliseCard(station, job, { printer: writer, ...BY })).toEqual(REFUSED)
    expect(await personaliseCard(station, job, { printer: writer, note: 'third try', ...BY })).toEqual(WRITTEN)
    expect(printJobs(station)).toMatchObject([{ job, state: 'printed' }])
    expect(kindsOf(station)).toEqual([
      ...['requested', 'reserved', 'sent', 'personalising', 'uncertain'],
      ...['personalising', 'personalising', 'personalising', 'resolved'],
    ])
    await expect(personaliseCard(station, job, { printer: writer, ...BY })).rejects.toEqual(refused(/is printed/))
    expect(writer.chips).toHaveLength(3)
    expect(spoilCard(station, job, WHY).state).toBe('spoiled')
    await expectSound(station)
  })

  it('is for cards with a chip alone, of this station, and for printers that write them', async () => {
    const station = await officeWith(1)
    await printCards(station, { printer: printerThat(JAM), render })
    const [{ job, chip }] = uncertainJobs(station)
    expect(chip).toBeUndefined()
    await expect(personaliseCard(station, job, { printer: chipPrinter(), ...BY })).rejects.toEqual(refused(/no chip/))
    expect(() => resolveJob(station, job, { found: 'printed', chip: 'written', ...BY })).toThrow(refused(/no chip/))
    await expect(personaliseCard(station, job, { printer: printerThat(), ...BY })).rejects.toThrow(/personalise/)
    await expect(personaliseCard(station, 'x', { printer: chipPrinter(), ...BY })).rejects.toMatchObject({
      code: 'PRINT_UNKNOWN',
    })
    const wrong = { ...printerThat(), personalise: 5 as never }
    await expect(printCards(station, { printer: wrong, render })).rejects.toThrow(/printer.personalise/)
  })
})

it.each([
  ['sent', 'untried', 0],
  ['personalising', 'tried', 0],
  ['writing', 'tried', 1],
] as const)('after a crash at %s a person says what became of the card', async (at, chip, begun) => {
  const identity = await createIdentity('3276-01')
  const path = newPath()
  const station = await officeWith(1, { path, identity })
  const crash = () => partsOf(station).file.close()
  const printer = chipPrinter(printerThat(), () => {
    if (at === 'writing') crash()
    return WRITTEN
  })
  const run = printCards(station, { printer, render, onProgress: ({ step }) => step === at && crash() })
  await expect(run).rejects.toMatchObject({ code: 'STATION_CLOSED' })
  const again = await anyStation({ path, identity })
  expect(printer.chips).toHaveLength(at === 'writing' ? begun : printer.chips.length)
  const [lost] = recoverPrinting(again).uncertain
  expect(lost).toMatchObject({ state: 'uncertain', chip })
  expect((await printCards(again, { printer: chipPrinter(), render })).printed).toEqual([])
  const writer = chipPrinter()
  expect(await personaliseCard(again, lost.job, { printer: writer, ...BY })).toEqual(WRITTEN)
  expect(printJobs(again)).toMatchObject([{ job: lost.job, state: 'printed' }])
  await expectSound(again)
})

import { readFileSync } from 'node:fs'
import {
  cancelCard,
  cardRequests,
  decide,
  discrepancies,
  handOver,
  installConsumable,
  type PrintDocument,
  planPrinting,
  printCards,
  printJobs,
  receiveStock,
  recoverPrinting,
  requestCard,
  resolveJob,
  spoilCard,
  stock,
  uncertainJobs,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import {
  BY,
  blanks,
  corrected,
  expectLaws,
  JAM,
  newOffice,
  nikOf,
  OUT,
  person,
  printerThat,
  READY,
  REFUSED,
  render,
  templatesOf,
  WHY,
  withdrawn,
} from './support.ts'

async function queue(persons: number, count = persons) {
  const station = await newOffice()
  blanks(station, count)
  const records = Array.from({ length: persons }, (_, i) => person(station, i + 1))
  for (const record of records) requestCard(station, { record, ...BY })
  return { station, records }
}

describe('printCards', () => {
  it('prints the queue, each card on a blank of its own, and hands over', async () => {
    const { station, records } = await queue(3)
    const steps: string[] = []
    const result = await printCards(station, {
      printer: printerThat(),
      render,
      onProgress: ({ step, done, total }) => steps.push(`${step} ${done}/${total}`),
    })
    expect(result).toMatchObject({ notPrinted: [], uncertain: [], waits: [] })
    expect(result.stopped).toBeUndefined()
    expect(result.printed.map(({ record, serial, state, version }) => [record, serial, state, version])).toEqual(
      records.map((record, i) => [record, `AB00000${i + 1}`, 'printed', 1]),
    )
    expect(steps.slice(0, 5)).toEqual(['render 0/3', 'reserved 0/3', 'sent 1/3', 'printed 1/3', 'render 1/3'])
    const handed = handOver(station, result.printed[0].job, { to: 'Siti Rahasia', ...BY })
    expect(handed.state).toBe('handed-over')
    expect(cardRequests(station).map(({ state }) => state)).toEqual(['handed-over', 'printed', 'printed'])
    expect(stock(station)[0].accounts).toEqual({ received: -3, printed: 3 })
    expect(() => handOver(station, result.printed[0].job, { to: 'X', ...BY })).toThrow(
      expect.objectContaining({ code: 'PRINT_STATE' }),
    )
    expectLaws(station)
    expect((await verifyStation(station)).findings).toEqual([])
  })

  it('stops where the printer is of no use, and the blank is free again', async () => {
    const { station, records } = await queue(3)
    const result = await printCards(station, { printer: printerThat(undefined as never, OUT), render })
    expect(result.printed).toHaveLength(1)
    expect(result).toMatchObject({
      notPrinted: [{ record: records[1], code: 'out-of-media', message: 'no blanks in the feeder' }],
      stopped: { code: 'out-of-media' },
    })
    expect(stock(station)[0].accounts).toEqual({ received: -3, available: 2, printed: 1 })
    expect(planPrinting(station).prints.map(({ record }) => record)).toEqual(records.slice(1))
    expectLaws(station)
  })

  it('goes on after a card that is refused, and not after three', async () => {
    const { station } = await queue(6)
    const once = await printCards(station, { printer: printerThat(REFUSED), render })
    expect([once.printed.length, once.notPrinted.length]).toEqual([5, 1])
    expect(once.stopped).toBeUndefined()
    const { station: other } = await queue(6)
    const all = await printCards(other, { printer: printerThat(REFUSED, REFUSED, REFUSED), render })
    expect([all.printed.length, all.notPrinted.length]).toEqual([0, 3])
    expect(all.stopped?.code).toBe('refused')
  })

  it('leaves what may be printed to a person, and never prints it again by itself', async () => {
    const ended = new AbortController()
    const abort = () => {
      setTimeout(() => ended.abort(), 5)
      return new Promise<never>(() => {})
    }
    for (const [answer, code] of [
      [JAM, 'jam'],
      ['throws', 'protocol'],
      ['nonsense', 'protocol'],
      [abort, 'lost'],
    ] as const) {
      const { station, records } = await queue(2, 3)
      const { signal } = ended
      const result = await printCards(station, { printer: printerThat(answer as never), render, signal })
      expect(result).toMatchObject({
        printed: [],
        notPrinted: [],
        uncertain: [{ record: records[0], code }],
        stopped: { code },
      })
      expect(result.waits).toMatchObject([{ record: records[0], code: 'uncertain' }])
      const [job] = uncertainJobs(station)
      expect(job).toMatchObject({ record: records[0], state: 'uncertain' })
      const next = await printCards(station, { printer: printerThat(), render })
      expect(next.printed.map(({ record }) => record)).toEqual([records[1]])
      expect(recoverPrinting(station)).toMatchObject({ released: [], uncertain: [{ job: job.job }] })
      expectLaws(station)
      expect(() => spoilCard(station, job.job, WHY)).toThrow(expect.objectContaining({ code: 'PRINT_STATE' }))
      expect(() => handOver(station, job.job, { to: 'X', ...BY })).toThrow(
        expect.objectContaining({ code: 'PRINT_STATE' }),
      )
      const resolved = resolveJob(station, job.job, { found: code === 'jam' ? 'spoiled' : 'printed', ...BY })
      expect(resolved.state).toBe(code === 'jam' ? 'spoiled' : 'printed')
      expect(uncertainJobs(station)).toEqual([])
      expect(planPrinting(station).prints).toHaveLength(code === 'jam' ? 1 : 0)
      expectLaws(station)
      expect((await verifyStation(station)).findings).toEqual([])
    }
  })

  it('returns a person to the queue whose card is spoiled, with another blank', async () => {
    const { station } = await queue(1, 2)
    const { printed } = await printCards(station, { printer: printerThat(), render })
    spoilCard(station, printed[0].job, WHY)
    expect(cardRequests(station)).toMatchObject([{ state: 'waiting' }])
    const again = await printCards(station, { printer: printerThat(), render })
    expect(again.printed).toMatchObject([{ serial: 'AB000002' }])
    expect(stock(station)[0].accounts).toEqual({ received: -2, printed: 1, spoiled: 1 })
    expectLaws(station)
  })

  it('prints no replacement for a card that was spoiled and made again after it was asked for', async () => {
    let now = Date.UTC(2026, 10, 25)
    const station = await newOffice({ clock: () => (now += 1_000) })
    blanks(station, 9)
    const record = person(station, 1)
    const print = (...answers: Parameters<typeof printerThat>) =>
      printCards(station, { printer: printerThat(...answers), render })
    requestCard(station, { record, ...BY })
    const [first] = (await print()).printed
    const { request } = requestCard(station, { record, purpose: 'replacement', reason: 'broken', ...BY })
    // A card for it comes out, and the printer denies it.
    await print(OUT)
    const [denied] = printJobs(station, { state: 'released' })
    spoilCard(station, first.job, WHY)
    expect((await print()).printed).toMatchObject([{ request: first.request }])
    expect(planPrinting(station)).toMatchObject({ prints: [], waits: [{ request, code: 'has-card' }] })
    expect((await print()).printed).toEqual([])
    expect(() => resolveJob(station, denied.job, { found: 'printed', ...BY })).toThrow(
      expect.objectContaining({ code: 'PRINT_REQUESTED' }),
    )
    expect(discrepancies(station)).toEqual([])
    // One that is asked for now is for the card that is there.
    cancelCard(station, request, WHY)
    requestCard(station, { record, purpose: 'replacement', reason: 'broken', ...BY })
    expect((await print()).printed).toHaveLength(1)
    expect(discrepancies(station)).toEqual([])
  })

  it('sees what changes between one card and the next, and while a card is made ready', async () => {
    const { station, records } = await queue(4)
    let cards = 0
    const result = await printCards(station, {
      printer: printerThat(),
      render: async (_station, record) => {
        cards++
        if (cards === 1) {
          // The one after is withdrawn, the third is not ready any more.
          withdrawn(station, records[1])
          const urgent = person(station, 9)
          requestCard(station, { record: urgent, urgent: { reason: 'to hospital', by: 'head' }, ...BY })
        }
        if (record === records[3] && cards < 5) {
          corrected(station, record, nikOf(4))
          decide(station, record, { state: READY, by: 'expert-1' })
        }
        return render()
      },
    })
    expect(result.printed.map(({ record, version }) => [record, version])).toEqual([
      [records[0], 1],
      ['record-0009', 1],
      [records[2], 1],
      [records[3], 2],
    ])
    expect(result.waits).toMatchObject([{ record: records[1], code: 'withdrawn' }])
    expectLaws(station)
  })

  it('does not hand over a card whose record was corrected or withdrawn since, unless somebody says why', async () => {
    const { station, records } = await queue(3)
    const { printed } = await printCards(station, { printer: printerThat(), render })
    const third = printed.at(-1)!
    decide(station, records[2], { state: 'DUPLICATE_RECORD', by: 'expert-1' })
    expect(() => handOver(station, third.job, { to: 'X', note: 'all the same', ...BY })).toThrow(/DUPLICATE_RECORD/)
    decide(station, records[2], { state: READY, by: 'expert-1' })
    expect(handOver(station, third.job, { to: 'X', ...BY }).state).toBe('handed-over')
    corrected(station, records[0], nikOf(1))
    withdrawn(station, records[1])
    const refused = expect.objectContaining({ code: 'PRINT_STATE' })
    for (const { job } of printed) expect(() => handOver(station, job, { to: 'X', ...BY })).toThrow(refused)
    expect(handOver(station, printed[0].job, { to: 'X', note: 'the photo alone', ...BY }).state).toBe('handed-over')
    expect(() => handOver(station, printed[1].job, { to: 'X', note: 'all the same', ...BY })).toThrow(refused)
  })

  it('keeps a card that cannot be rendered from being printed, and no other', async () => {
    const { station, records } = await queue(3)
    const { SidikError } = await import('sidik')
    const result = await printCards(station, {
      printer: printerThat(),
      render: async (_station, record) => {
        if (record === records[0]) throw new SidikError('PRINT_CONTENT', 'the photo is none')
        return render()
      },
    })
    expect(result.notPrinted).toEqual([expect.objectContaining({ record: records[0], code: 'content' })])
    expect(result.printed).toHaveLength(2)
    const broken = printCards(station, { printer: printerThat(), render: () => Promise.reject(new TypeError('a bug')) })
    await expect(broken).rejects.toThrow('a bug')
    expectLaws(station)
  })

  it('asks the printer whether it is ready, and counts what is used up in it', async () => {
    const { station } = await queue(4)
    const notReady = { ...printerThat(), status: async () => ({ isReady: false, problem: 'offline' as const }) }
    expect((await printCards(station, { printer: notReady, render })).stopped).toMatchObject({ code: 'offline' })
    const broken = { ...printerThat(), status: () => Promise.reject(new Error('x')) }
    expect((await printCards(station, { printer: broken, render })).stopped).toMatchObject({ code: 'protocol' })
    const needy = { ...printerThat(), needs: ['ribbon'] }
    const without = await printCards(station, { printer: needy, render })
    expect(without.waits.map(({ code }) => code)).toEqual(Array(4).fill('no-consumable'))
    const lines = [{ lot: 'ribbons', item: 'ribbon', quantity: 2, yieldCards: 3 }]
    receiveStock(station, { shipment: 'ribbons-1', from: 'the ministry', lines, ...BY })
    installConsumable(station, { printer: needy.name, lot: 'ribbons', ...BY })
    const plan = planPrinting(station, { printer: needy })
    expect([plan.prints.length, plan.counts]).toEqual([3, { 'no-consumable': 1 }])
    const result = await printCards(station, { printer: needy, render })
    expect(result.printed).toHaveLength(3)
    expect(result.waits).toMatchObject([{ code: 'no-consumable' }])
  })

  it('keeps what a person says against the printer', async () => {
    const { station } = await queue(2, 3)
    const { printed } = await printCards(station, { printer: printerThat(), render })
    resolveJob(station, printed[0].job, { found: 'untouched', ...BY })
    expect(stock(station)[0].accounts).toEqual({ received: -3, available: 2, printed: 1 })
    const denied = await printCards(station, { printer: printerThat(OUT), render })
    const { job } = denied.notPrinted[0]
    resolveJob(station, job!, { found: 'printed', ...BY })
    expect(stock(station)[0].accounts).toEqual({ received: -3, available: 1, printed: 2 })
    expect(discrepancies(station).map(({ code }) => code)).toEqual(['printer-contradicted', 'printer-contradicted'])
    expectLaws(station)
    expect((await verifyStation(station)).findings).toEqual([])
  })

  it('leaves a card to the person who was faster than the printer', async () => {
    const { station } = await queue(1, 2)
    const printer = printerThat(async () => {
      const [{ job, state }] = printJobs(station)
      expect(state).toBe('sent')
      expect(uncertainJobs(station)).toEqual([])
      expect(() => resolveJob(station, job, { found: 'untouched', ...BY })).toThrow(
        expect.objectContaining({ code: 'PRINT_STATE' }),
      )
      expect(recoverPrinting(station)).toEqual({ released: [], uncertain: [] })
      return { outcome: 'printed' }
    })
    expect((await printCards(station, { printer, render })).printed).toHaveLength(1)
  })
})

describe('nothing is printed', () => {
  it('before the centre has cleared the record', async () => {
    const station = await newOffice()
    blanks(station, 5)
    for (const [i, state] of [null, 'SENT_FOR_ENROLLMENT', 'DUPLICATE_RECORD', READY].entries()) {
      requestCard(station, { record: person(station, i + 1, state), ...BY })
    }
    const result = await printCards(station, { printer: printerThat(), render })
    expect(result.printed.map(({ record }) => record)).toEqual(['record-0004'])
    expect(result.waits.map(({ code }) => code)).toEqual(['not-ready', 'not-ready', 'not-ready'])
  })
})

const PORTRAIT = readFileSync(new URL('../../../fixtures/print/portrait.jpg', import.meta.url))

it('renders the card of the record for the blank, and prints none that is of no use', async () => {
  const station = await newOffice()
  blanks(station, 4)
  const [bare, whole] = [person(station, 1), person(station, 2)]
  const { file, keys } = partsOf(station)
  file.transaction(() => {
    const payloads = [...templatesOf(station, whole), putPayload(file, keys, 'photo', PORTRAIT)]
    const address = { street: 'Jl. Margonda Raya 54', regency: 'Kota Depok', province: 'Jawa Barat' }
    const somebody = { name: 'Siti Rahasia', birthDate: '1990-07-01', sex: 'female', birthPlace: 'Depok', address }
    const preCheck = { decision: 'clear', candidates: [], persons: 0 } as const
    const body = { nik: nikOf(2), person: somebody, operator: 'operator-7', preCheck, reason: 'photo' }
    append(station, { kind: 'corrected', direction: 'up', record: whole, recordVersion: 2, body, payloads } as never)
  })
  decide(station, whole, { state: READY, by: 'expert-1' })
  for (const record of [bare, whole]) requestCard(station, { record, ...BY })
  const documents: PrintDocument[] = []
  const printer = {
    ...printerThat(),
    print: async (document: PrintDocument) => {
      documents.push(document)
      return { outcome: 'printed' } as const
    },
  }
  const { printed, notPrinted } = await printCards(station, { printer })
  expect(printed.map(({ record }) => record)).toEqual([whole])
  expect(notPrinted).toMatchObject([{ record: bare, code: 'content', message: expect.stringMatching(/photo/) }])
  expect(documents).toMatchObject([{ pages: [{ widthMm: 85.6 }, { widthMm: 85.6 }] }])
  expect(
    Buffer.from(await documents[0].pdf())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
  expect((await printCards(station, { printer, accepts: problems => problems.length > 0 })).printed).toHaveLength(1)
  const both = { printer, template: {} as never, render: async () => documents[0] }
  await expect(printCards(station, both)).rejects.toThrow(TypeError)
})

import {
  type CardCandidate,
  cancelCard,
  cardRequests,
  decide,
  type PrintPolicy,
  planPrinting,
  printCards,
  requestCard,
  type Station,
  spoilCard,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import {
  BY,
  blanks,
  corrected,
  newOffice,
  nikOf,
  person,
  printerThat,
  READY,
  render,
  WHY,
  withdrawn,
} from './support.ts'

const refused = (code: string) => expect.objectContaining({ code })

describe('requestCard', () => {
  it('is for whoever has none and waits for none', async () => {
    const station = await newOffice()
    blanks(station, 5)
    const record = person(station, 1)
    const request = requestCard(station, { record, ...BY })
    expect(request).toMatchObject({
      record,
      station: station.id,
      at: station.id,
      purpose: 'new',
      isUrgent: false,
      state: 'waiting',
    })
    expect(cardRequests(station, { record })).toEqual([request])
    const again = { record, purpose: 'replacement', reason: 'lost', ...BY } as const
    expect(() => requestCard(station, { record, ...BY })).toThrow(refused('PRINT_REQUESTED'))
    expect(() => requestCard(station, again)).toThrow(refused('PRINT_REQUESTED'))
    // The same NIK under another record.
    expect(() => requestCard(station, { ...again, record: person(station, 2, READY, nikOf(1)) })).toThrow(
      refused('PRINT_REQUESTED'),
    )
    decide(station, 'record-0002', { state: 'DUPLICATE_RECORD', by: 'expert-1' })
    cancelCard(station, request.request, WHY)
    expect(() => cancelCard(station, request.request, WHY)).toThrow(refused('PRINT_STATE'))
    requestCard(station, { record, ...BY })
    await printCards(station, { printer: printerThat(), render })
    expect(() => requestCard(station, { record, ...BY })).toThrow(refused('PRINT_REQUESTED'))
    expect(() => requestCard(station, { record: 'record-0002', ...BY })).toThrow(refused('PRINT_REQUESTED'))
    requestCard(station, again)
    const { printed } = await printCards(station, { printer: printerThat(), render })
    expect(printed).toMatchObject([{ record, serial: 'AB000002' }])
    expect(
      cardRequests(station)
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['cancelled', 'printed', 'printed'])
  })

  it('refuses what is not as it should be', async () => {
    const station = await newOffice()
    const record = person(station, 1)
    const given = { record, ...BY }
    expect(() => requestCard(station, { ...given, record: 'none' })).toThrow(refused('RECORD_UNKNOWN'))
    expect(() => requestCard(station, { ...given, at: 'elsewhere' })).toThrow(refused('PEER_UNKNOWN'))
    for (const bad of [
      { purpose: 'second' },
      { purpose: 'replacement' },
      { at: 'no station' },
      { urgent: { reason: 'x' } },
      { urgent: 'yes' },
      { operator: 5 },
      { reasons: 'x' },
    ]) {
      expect(() => requestCard(station, { ...given, ...bad } as never), JSON.stringify(bad)).toThrow(TypeError)
    }
    withdrawn(station, record)
    expect(() => requestCard(station, given)).toThrow(refused('RECORD_WITHDRAWN'))
    const printed = person(station, 2, 'CARD_ISSUED')
    expect(() => requestCard(station, { ...given, record: printed })).toThrow(refused('PRINT_REQUESTED'))
    requestCard(station, { ...given, record: printed, purpose: 'replacement', reason: 'lost' })
    // A request for a record that was withdrawn keeps nobody from another.
    const first = person(station, 3)
    requestCard(station, { ...given, record: first })
    withdrawn(station, first)
    requestCard(station, { ...given, record: person(station, 4, READY, nikOf(3)) })
    expect(() => cancelCard(station, 'none', WHY)).toThrow(refused('PRINT_UNKNOWN'))
  })
})

async function asked(
  station: Station,
  number: number,
  more: object = {},
  state: string | null = READY,
): Promise<string> {
  const record = person(station, number, state)
  requestCard(station, { record, ...BY, ...more })
  return record
}

const again = { purpose: 'replacement', reason: 'lost' }
const hurry = { urgent: { reason: 'to hospital', by: 'head' } }

describe('planPrinting', () => {
  it('orders by the policy, and says why the others wait', async () => {
    let now = Date.UTC(2026, 10, 25, 2)
    const station = await newOffice({ clock: () => (now += 1_000) })
    const one = await asked(station, 1, again)
    const two = await asked(station, 2)
    const three = await asked(station, 3, { ...again, ...hurry })
    const four = person(station, 4)
    const five = await asked(station, 5)
    requestCard(station, { record: four, ...BY })
    await asked(station, 6, {}, 'PROCESSING')
    withdrawn(station, await asked(station, 7))
    const order = (policy?: PrintPolicy, more = {}) =>
      planPrinting(station, { ...(policy && { policy }), ...more }).prints.map(({ record }) => record)
    expect(planPrinting(station).counts).toEqual({ 'no-blank': 5, 'not-ready': 1, withdrawn: 1 })
    blanks(station, 100)
    expect(order()).toEqual([three, two, five, four, one])
    expect(order({ order: ['oldest-record'] })).toEqual([one, two, three, four, five])
    expect(order({ order: ['replacement-first', 'oldest-record'] })).toEqual([one, three, two, four, five])
    expect(order({ order: [] })).toEqual([one, two, three, five, four])
    const last = (a: CardCandidate, b: CardCandidate) => Number(a.record === three) - Number(b.record === three)
    expect(order({ compare: last })).toEqual([two, five, four, one, three])
    expect(() => order({ compare: () => 'x' as never })).toThrow(TypeError)
    expect(() => order({ order: ['youngest' as never] })).toThrow(TypeError)
    const limited = planPrinting(station, { limit: 2 })
    expect([limited.prints.length, limited.counts]).toEqual([2, { limit: 3, 'not-ready': 1, withdrawn: 1 }])
    const picky = planPrinting(station, { policy: { accepts: ({ record }) => record === one || 'not today' } })
    expect(picky.prints).toMatchObject([{ record: one }])
    expect(picky.waits).toContainEqual(expect.objectContaining({ record: two, code: 'policy', message: 'not today' }))
    expect(planPrinting(station, { policy: { quota: { new: 1, replacement: 0 } } }).counts.quota).toBe(4)
    expect(() => planPrinting(station, { policy: { quota: { new: -1 } } })).toThrow(RangeError)
    expect(() => planPrinting(station, { printer: '' })).toThrow(TypeError)
  })

  it('counts the quota by days of the place', async () => {
    // 23:30 in Jakarta.
    let now = Date.UTC(2026, 10, 25, 16, 30)
    const station = await newOffice({ clock: () => now })
    blanks(station, 9)
    for (let i = 1; i <= 3; i++) await asked(station, i)
    const policy = { quota: { new: 1 }, utcOffsetMinutes: 420 }
    const first = await printCards(station, { printer: printerThat(), render, policy })
    expect([first.printed.length, first.waits.map(({ code }) => code)]).toEqual([1, ['quota', 'quota']])
    now += 3_600_000
    expect(planPrinting(station, { policy }).prints).toHaveLength(1)
    expect(planPrinting(station, { policy: { quota: { new: 1 } } }).prints).toHaveLength(0)
  })

  it('takes no cards of a clock that was ahead for those of today', async () => {
    let now = Date.UTC(2026, 10, 25, 9)
    const station = await newOffice({ clock: () => now })
    blanks(station, 9)
    for (let i = 1; i <= 3; i++) await asked(station, i)
    const printing = { printer: printerThat(), render, policy: { quota: { new: 1 } } }
    now += 40 * 86_400_000
    expect((await printCards(station, printing)).printed).toHaveLength(1)
    now -= 40 * 86_400_000
    expect((await printCards(station, printing)).printed).toHaveLength(1)
    expect((await printCards(station, printing)).printed).toHaveLength(0)
  })

  it('takes blanks from the lots whose rules allow it', async () => {
    let now = Date.UTC(2026, 10, 25)
    const station = await newOffice({ clock: () => now })
    const until = new Date(now + 86_400_000).toISOString()
    blanks(station, 2, { lot: 'any', first: 1 })
    blanks(station, 3, { lot: 'new', first: 11, rules: { states: ['PRR'], quota: { new: 1, replacement: 0 } } })
    blanks(station, 1, { lot: 'soon', first: 21, rules: { until } })
    for (let i = 1; i <= 5; i++) await asked(station, i, i > 3 ? again : {})
    expect(planPrinting(station).prints.map(({ lot }) => lot)).toEqual(['soon', 'new', 'any', 'any'])
    expect(planPrinting(station).waits).toMatchObject([
      { code: 'no-lot-allows', message: 'lot new: all 0 cards that it is for as replacement are taken' },
    ])
    now += 2 * 86_400_000
    expect(planPrinting(station).prints.map(({ lot }) => lot)).toEqual(['new', 'any', 'any'])
    await printCards(station, { printer: printerThat(), render })
    const { waits } = planPrinting(station)
    expect(waits.map(({ code }) => code)).toEqual(['no-lot-allows', 'no-lot-allows'])
    decide(station, 'record-0005', { state: 'CARD_ISSUED', by: 'expert-1' })
    blanks(station, 2, { lot: 'prr', first: 31, rules: { states: ['PRR'] } })
    expect(planPrinting(station).prints).toMatchObject([{ record: 'record-0004', lot: 'prr' }])
    expect(planPrinting(station).waits[0].message).toContain('lot ')
  })

  it('gives nobody a second card, whatever becomes of NIKs and of what the centre says', async () => {
    const station = await newOffice()
    blanks(station, 9)
    await asked(station, 1)
    await printCards(station, { printer: printerThat(), render })
    const two = await asked(station, 2)
    const correctedTo = (record: string, nik: string) => {
      corrected(station, record, nik)
      // Without a look at its NIK, as a station of an earlier version decides.
      const entry = { kind: 'decision', direction: 'down', record, recordVersion: 2 } as const
      append(station, { ...entry, to: station.id, body: { state: READY, by: 'expert-1' } })
    }
    correctedTo(two, nikOf(1))
    const three = await asked(station, 3)
    decide(station, three, { state: 'CARD_PRINTED', by: 'expert-1' })
    const [four, five] = [await asked(station, 4), await asked(station, 5)]
    correctedTo(five, nikOf(4))
    expect(planPrinting(station).prints.map(({ record }) => record)).toEqual([four])
    const codes = planPrinting(station).waits.map(({ record, code }) => [record, code])
    expect(codes).toEqual([two, three, five].map(record => [record, 'has-card']))
    const { printed } = await printCards(station, { printer: printerThat(), render })
    expect(printed.map(({ record }) => record)).toEqual([four])
    // A card that is spoiled after the centre was told of it is printed again all the same.
    decide(station, four, { state: 'CARD_PRINTED', by: 'expert-1' })
    spoilCard(station, printed[0].job, WHY)
    expect(planPrinting(station).waits).toContainEqual(expect.objectContaining({ record: four, code: 'to-decide' }))
    withdrawn(station, five)
    expect(planPrinting(station).prints.map(({ record }) => record)).toEqual([four])
  })
})

import fc from 'fast-check'
import {
  createIdentity,
  issueLetter,
  letters,
  letterVerification,
  planPrinting,
  printCards,
  publicIdentity,
  requestCard,
  revokeLetter,
  spoilCard,
  verifyLetter,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { fromBase45, toBase45 } from '../../../dist/station/print/letters/base45.js'
import {
  boundedUntil,
  daysLater,
  earliestIssued,
  isDay,
  latestUntil,
  monthsLater,
} from '../../../dist/station/print/letters/numbering.js'
import { certificateText } from '../../../dist/station/print/letters/verification.js'
import { partsOf } from '../../../dist/station/station.js'
import { BY, blanks, newOffice, nikOf, person, printerThat, render, WHY, withdrawn } from './support.ts'

const refused = (rule: RegExp) =>
  expect.objectContaining({ code: 'LETTER_REFUSED', message: expect.stringMatching(rule) })

async function office(at = Date.UTC(2026, 7, 31, 3)) {
  const identity = await createIdentity('3276-01')
  let now = at
  const station = await newOffice({ identity, clock: () => now })
  const { verifyKey } = await publicIdentity(identity)
  const keyOf = (id: string) => (id === identity.id ? verifyKey : undefined)
  return { station, keyOf, later: (days: number) => (now += days * 86_400_000) }
}

describe('issueLetter', () => {
  it('numbers, dates and signs what it says of the person', async () => {
    const { station, keyOf } = await office()
    const record = person(station, 1, 'efac')
    const made = issueLetter(station, { record, ...BY })
    expect(made).toMatchObject({ number: '471.13/1/3276-01/VIII/2026', until: '2027-02-28', code: 'Efac' })
    expect(letters(station)).toMatchObject([
      { letter: made.letter, record, number: made.number, state: 'valid', code: 'Efac' },
    ])
    expect(letterVerification(station, made.letter)).toBe(made.verification)
    expect(made.verification).toMatch(/^[0-9A-Z $%*+\-./:]+$/)
    const content = {
      number: made.number,
      station: '3276-01',
      nik: nikOf(1),
      name: 'Siti Rahasia',
      issued: '2026-08-31',
      until: '2027-02-28',
      code: 'Efac',
    }
    expect(verifyLetter(made.verification, keyOf, { station })).toEqual({ valid: true, known: true, content })
    const second = issueLetter(station, { record: person(station, 2, null), ...BY })
    expect(second).toMatchObject({ number: '471.13/2/3276-01/VIII/2026', code: 'Bio' })
    expect((await verifyStation(station)).findings).toEqual([])
  })

  it('goes by the rules', async () => {
    const { station, later } = await office()
    const record = person(station, 1)
    expect(() => issueLetter(station, { record: 'none', ...BY })).toThrow(
      expect.objectContaining({ code: 'RECORD_UNKNOWN' }),
    )
    const gone = person(station, 2)
    withdrawn(station, gone)
    expect(() => issueLetter(station, { record: gone, ...BY })).toThrow(refused(/withdrawn/))
    const made = issueLetter(station, { record, number: 'A-1', ...BY })
    expect(() => issueLetter(station, { record, ...BY })).toThrow(refused(/letter that is valid/))
    // Nor under another record of the same NIK.
    const twin = person(station, 3, null, nikOf(1))
    expect(() => issueLetter(station, { record: twin, ...BY })).toThrow(refused(/letter that is valid/))
    revokeLetter(station, made.letter, WHY)
    expect(() => revokeLetter(station, made.letter, WHY)).toThrow(expect.objectContaining({ code: 'PRINT_STATE' }))
    expect(() => issueLetter(station, { record, number: 'A-1', ...BY })).toThrow(refused(/number/))
    issueLetter(station, { record, until: '2026-09-30', ...BY })
    later(31)
    expect(new Set(letters(station, { record }).map(({ state }) => state))).toEqual(new Set(['revoked', 'expired']))
    issueLetter(station, { record, numbering: (n, { station: by }) => `${by}-${n}`, ...BY })
    expect(letters(station, { state: 'valid' })).toMatchObject([{ number: '3276-01-3' }])
    for (const until of ['2026-02-30', 'tomorrow', 5]) {
      expect(() => issueLetter(station, { record: twin, until, ...BY } as never)).toThrow()
    }
    for (const until of ['2026-09-30', '2027-10-01']) {
      expect(() => issueLetter(station, { record: person(station, Number(until.slice(0, 4))), until, ...BY })).toThrow(
        RangeError,
      )
    }
    expect(() => issueLetter(station, { record, number: '', ...BY })).toThrow()
  })

  it('issues none while stock lasts, and revokes one when the card is printed', async () => {
    const { station, keyOf, later } = await office()
    const [record, other] = [person(station, 1), person(station, 2, 'PROCESSING')]
    const { letter, verification } = issueLetter(station, { record, ...BY })
    blanks(station, 2)
    expect(() => issueLetter(station, { record: other, ...BY })).toThrow(refused(/stock lasts/))
    requestCard(station, { record, ...BY })
    const { printed } = await printCards(station, { printer: printerThat(), render })
    expect(letters(station)).toMatchObject([{ letter, state: 'revoked' }])
    expect(verifyLetter(verification, keyOf, { station })).toMatchObject({ valid: false, why: 'revoked' })
    // Who has no station to ask cannot know.
    expect(verifyLetter(verification, keyOf, { now: Date.UTC(2026, 9, 1) }).valid).toBe(true)
    // Blanks that no new card may be printed on are no stock for them.
    const rules = { quota: { new: 0 } }
    blanks(station, 5, { lot: 'lot-2', first: 100, rules })
    spoilCard(station, printed[0].job, WHY)
    await printCards(station, { printer: printerThat(), render })
    expect(() => issueLetter(station, { record, ...BY })).toThrow(refused(/has a card/))
    expect(issueLetter(station, { record: other, ...BY }).code).toBe('Pro')
    requestCard(station, { record, purpose: 'replacement', reason: 'lost', ...BY })
    expect(planPrinting(station).prints).toMatchObject([{ record, lot: 'lot-2' }])
    expect(issueLetter(station, { record, ...BY }).code).toBe('PRR')
    later(200)
    expect(letters(station, { state: 'expired' })).toHaveLength(2)
    expect((await verifyStation(station)).findings).toEqual([])
  })
})

describe('verifyLetter', () => {
  it('tells apart what is wrong', async () => {
    const { station, keyOf } = await office()
    const { verification, letter, until } = issueLetter(station, { record: person(station, 1), ...BY })
    const why = (text: string, options?: Parameters<typeof verifyLetter>[2]) => {
      const verdict = verifyLetter(text, keyOf, options)
      return verdict.valid ? 'valid' : verdict.why
    }
    expect(why('https://example.org')).toBe('not-a-letter')
    expect(why('SDKL1:')).toBe('altered')
    expect(why(`SDKL1:${'A'.repeat(5_000)}`)).toBe('altered')
    expect(why(verification.slice(0, -3))).toBe('altered')
    expect(why(verification.replace(/.$/, last => (last === '0' ? '1' : '0')))).toBe('altered')
    expect(verifyLetter(verification, () => undefined)).toMatchObject({ valid: false, why: 'unknown-station' })
    const other = await publicIdentity(await createIdentity('3276-01'))
    expect(verifyLetter(verification, () => other.verifyKey)).toMatchObject({ valid: false, why: 'altered' })
    const [year, month, day] = until.split('-').map(Number)
    expect(why(verification, { now: Date.UTC(year, month - 1, day, 23, 59) })).toBe('valid')
    expect(why(verification, { now: Date.UTC(year, month - 1, day + 1) })).toBe('expired')
    for (const now of [1e20, 8.64e15, -1, Number.NaN]) expect(() => why(verification, { now })).toThrow(/now is/)
    for (const key of [Promise.resolve(undefined), null, 5]) {
      expect(() => verifyLetter(verification, () => key as never)).toThrow(/verifyKeyOf must return/)
    }
    for (const filter of [{ record: {} }, { station: 5 }]) {
      expect(() => letters(station, filter as never)).toThrow(/must be a string/)
    }
    revokeLetter(station, letter, WHY)
    expect(why(verification, { station })).toBe('revoked')
    const planted = {
      number: '1',
      station: '3276-01',
      nik: nikOf(1),
      name: 'X',
      issued: '2026-08-31',
      until: '2027-02-28',
      code: 'PRR',
    }
    const text = certificateText(planted, partsOf(station).signingKey)
    expect(why(text, { station })).toBe('unknown-letter')
    expect(why(text, { now: Date.UTC(2026, 8, 1) })).toBe('valid')
    expect(() => verifyLetter(5 as never, keyOf)).toThrow(TypeError)
    expect(() => verifyLetter(verification, undefined as never)).toThrow(TypeError)
  })

  it('calls no letter valid whose days are none, or that no station would issue for so long', async () => {
    const { station, keyOf } = await office()
    const { signingKey } = partsOf(station)
    const said = { number: '1', station: '3276-01', nik: nikOf(7), name: 'X', code: 'PRR' }
    const verdict = (issued: string, until: string) =>
      verifyLetter(certificateText({ ...said, issued, until }, signingKey), keyOf, { now: Date.UTC(2026, 8, 1) })
    expect(verdict('2026-08-31', '2027-02-28')).toMatchObject({ valid: true })
    expect(verdict('2026-09-01', '2026-09-01')).toMatchObject({ valid: true })
    for (const [issued, until] of [
      ['2026-08-31', '2027-03-01'],
      ['2026-11-30', '9999-12-31'],
      ['9999-12-01', 'zzzz'],
      ['2026-08-31', '2027-02-29'],
      ['2026-08-32', '2027-02-28'],
      ['2026-09-02', '2026-09-01'],
      ['', '2027-02-28'],
      ['2026-08-31', '+12027-02-28'],
    ]) {
      const expected = { valid: false, why: 'impossible-dates', content: { ...said, issued, until } }
      expect(verdict(issued, until), `${issued} ${until}`).toMatchObject(expected)
    }
  })

  it('calls no letter valid before its day, but for what clocks differ by', async () => {
    const { station, keyOf } = await office()
    const said = { number: '1', station: '3276-01', nik: nikOf(7), name: 'X', code: 'PRR' }
    const verdict = (issued: string, until: string, now: number) =>
      verifyLetter(certificateText({ ...said, issued, until }, partsOf(station).signingKey), keyOf, { now })
    const noon = Date.UTC(2026, 8, 1, 12)
    expect(verdict('2026-09-02', '2026-12-31', noon)).toMatchObject({ valid: true })
    expect(verdict('2026-09-03', '2026-12-31', noon)).toMatchObject({ valid: false, why: 'not-yet' })
    expect(verdict('2999-01-01', '2999-07-01', noon)).toMatchObject({ valid: false, why: 'not-yet' })
    expect(verdict('2026-09-01', '2026-12-31', 0)).toMatchObject({ message: expect.stringContaining('1970-01-01') })
    expect(() => verdict('2026-09-01', '2026-12-31', Date.UTC(9999, 11, 30))).not.toThrow()
  })

  it('says altered of any letter in which one character is another, and throws at no text', async () => {
    const { station, keyOf } = await office()
    const { verification } = issueLetter(station, { record: person(station, 1), ...BY })
    const letter = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:')
    fc.assert(
      fc.property(fc.integer({ min: 6, max: verification.length - 1 }), letter, (at, character) => {
        const text = verification.slice(0, at) + character + verification.slice(at + 1)
        fc.pre(text !== verification)
        const verdict = verifyLetter(text, keyOf, { station })
        expect(verdict).toMatchObject({ valid: false })
        if (!verdict.valid) expect(['altered', 'unknown-station']).toContain(verdict.why)
      }),
      { numRuns: 60 },
    )
    fc.assert(fc.property(fc.string(), text => !verifyLetter(`SDKL1:${text}`, keyOf).valid))
  })
})

describe('what letters are made of', () => {
  it('base45 gives back any bytes, and is that of RFC 9285', () => {
    expect(toBase45(new TextEncoder().encode('Hello!!'))).toBe('%69 VD92EX0')
    expect(new TextDecoder().decode(fromBase45('QED8WEX0'))).toBe('ietf!')
    for (const bad of ['GGW', ':::', 'a', 'A']) expect(fromBase45(bad), bad).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(fromBase45(toBase45(bytes))).toEqual(bytes)
      }),
    )
  })

  it('six months later is the same day, or the last one of a month that has no such day', () => {
    expect(monthsLater('2026-11-25', 6)).toBe('2027-05-25')
    expect(monthsLater('2026-08-31', 6)).toBe('2027-02-28')
    expect(monthsLater('2027-08-30', 6)).toBe('2028-02-29')
    expect(monthsLater('2026-12-31', 6)).toBe('2027-06-30')
  })

  it('the earliest day of issue is the first whose letters can be valid on a day', () => {
    const day = fc.integer({ min: 0, max: 40_000 }).map(days => daysLater('1970-01-01', days))
    fc.assert(
      fc.property(day, today => {
        const first = earliestIssued(today)
        expect(latestUntil(first) >= today).toBe(true)
        expect(latestUntil(daysLater(first, -1)) < today).toBe(true)
      }),
      { numRuns: 2_000, examples: [['2027-02-28'], ['2027-05-31'], ['2026-08-31'], ['2028-02-29']] },
    )
  })

  it('dates are those that exist, and bounded in any year', () => {
    expect(['2028-02-29', '2026-02-29', '2026-13-01', '2026-1-01', 'zzzz', ''].filter(isDay)).toEqual(['2028-02-29'])
    expect(boundedUntil('2026-11-30', '9999-12-31')).toBe('2027-05-30')
    expect(boundedUntil('2026-11-30', '2026-12-01')).toBe('2026-12-01')
    expect(boundedUntil('9999-10-01', '9999-12-31')).toBe('9999-12-31')
  })
})

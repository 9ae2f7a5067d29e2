import fc from 'fast-check'
import { syntheticNik } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { Random } from '../../../dist/random.js'
import { checkNik } from '../../../dist/station/enrol/nik.js'
import { PROVINCES } from '../../../dist/station/enrol/provinces.js'

const holders = fc.integer({ min: 0, max: 2 ** 31 }).map(seed => syntheticNik(new Random(seed)))
const codes = (nik: string, holder?: Parameters<typeof checkNik>[1]) => checkNik(nik, holder).map(({ code }) => code)

describe('checkNik', () => {
  it('finds nothing wrong with a valid NIK and its holder, and while it is typed only what is missing', () => {
    fc.assert(
      fc.property(holders, fc.integer({ min: 0, max: 15 }), ({ nik, birthDate, sex }, typed) => {
        expect(checkNik(nik)).toEqual([])
        expect(checkNik(nik, { birthDate, sex })).toEqual([])
        const [problem, ...others] = checkNik(nik.slice(0, typed), { birthDate, sex })
        expect(others).toEqual([])
        expect(problem).toMatchObject({ code: 'length', from: typed, to: 16 })
        expect(problem.message).toContain(`${16 - typed} `)
      }),
    )
  })

  it('names the part that is wrong, whichever others are', () => {
    const wrong = fc.record({
      province: fc.constantFrom('00', '10', '20', '54', '77', '97', '99'),
      regency: fc.constantFrom('00', '70'),
      district: fc.constant('00'),
      birth: fc.constantFrom('000190', '320190', '400190', '410090', '011390', '300290', '290291', '310490', '721290'),
      serial: fc.constant('0000'),
    })
    const keep = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean())
    fc.assert(
      fc.property(holders, wrong, keep, ({ nik }, parts, [a, b, c, d, e]) => {
        const given =
          (a ? parts.province : nik.slice(0, 2)) +
          (b ? parts.regency : nik.slice(2, 4)) +
          (c ? parts.district : nik.slice(4, 6)) +
          (d ? parts.birth : nik.slice(6, 12)) +
          (e ? parts.serial : nik.slice(12))
        const expected = [
          ...(a ? ['province-unknown'] : []),
          ...(b ? ['regency-unknown'] : []),
          ...(c ? ['district-unknown'] : []),
          ...(d ? ['birth-date-impossible'] : []),
          ...(e ? ['serial-zero'] : []),
        ]
        expect(codes(given)).toEqual(expected)
      }),
    )
  })

  it('agrees with the calendar about every day and month of every third year, of men and women', () => {
    for (let year = 0; year < 100; year += 3) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 72; day++) {
          const number = day > 40 ? day - 40 : day
          const exists = [1900, 2000].some(century => {
            const date = new Date(Date.UTC(century + year, month - 1, number))
            return number > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === number
          })
          const digits = [day, month, year].map(part => String(part).padStart(2, '0')).join('')
          const found = codes(`327601${digits}9001`)
          if (found.length !== (exists ? 0 : 1)) expect(`${digits}: ${found}`).toBe(`${digits}: ${exists}`)
        }
      }
    }
  })

  it('sees another date or sex than is stated', () => {
    fc.assert(
      fc.property(holders, holders, (one, other) => {
        const sex = one.sex === 'male' ? 'female' : 'male'
        expect(codes(one.nik, { birthDate: one.birthDate, sex })).toEqual(['sex-differs'])
        const differs = one.birthDate.slice(2) === other.birthDate.slice(2) ? [] : ['birth-date-differs']
        expect(codes(one.nik, { birthDate: other.birthDate, sex: one.sex })).toEqual(differs)
      }),
    )
  })

  it('takes 29 February of either century, and the new provinces beside the old', () => {
    expect(codes('3276012902009001', { birthDate: '2000-02-29', sex: 'male' })).toEqual([])
    expect(codes('3276012902049001', { birthDate: '2004-02-29' })).toEqual([])
    expect(codes('3276012902969001', { birthDate: '1996-02-29' })).toEqual([])
    expect(codes('3276012902019001')).toEqual(['birth-date-impossible'])
    expect(PROVINCES.size).toBe(38)
    for (const province of ['91', '92', '93', '94', '95', '96']) expect(codes(`${province}01010101909001`)).toEqual([])
  })

  it('says which letter is none, how many digits are too many, and never a digit of the NIK', () => {
    expect(checkNik('32760x')).toMatchObject([{ code: 'not-digits', from: 5, to: 6 }])
    expect(checkNik(' 3276')).toMatchObject([{ code: 'not-digits', from: 0, to: 1 }])
    expect(checkNik('32760129020490011')).toMatchObject([{ code: 'length', from: 16, to: 17 }])
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789x'), maxLength: 20 }), nik => {
        for (const { from, to, message } of checkNik(nik, { birthDate: '1990-01-01', sex: 'male' })) {
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeGreaterThan(from)
          expect(to).toBeLessThanOrEqual(Math.max(nik.length, 16))
          if (nik.length > 3) expect(message).not.toContain(nik)
        }
      }),
    )
  })

  it('refuses what is no NIK, no date and no sex as a mistake of the program', () => {
    expect(() => checkNik(3276012902009001 as unknown as string)).toThrow(TypeError)
    expect(() => checkNik('', { birthDate: '1990-02-30' })).toThrow(RangeError)
    expect(() => checkNik('', { sex: 'L' as 'male' })).toThrow(TypeError)
    expect(() => checkNik('', { birthdate: '1990-02-01' } as object)).toThrow(/did you mean 'birthDate'/)
  })
})

describe('syntheticNik', () => {
  it('is of the person, the province and the seed that were asked for', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...PROVINCES.keys()), (seed, province) => {
        const options = { birthDate: '1996-02-29', sex: 'female', province } as const
        const made = syntheticNik(new Random(seed), options)
        expect(made.nik.slice(0, 2)).toBe(province)
        expect(made.nik.slice(6, 12)).toBe('690296')
        expect(syntheticNik(new Random(seed), options)).toEqual(made)
        expect(Number(made.nik.slice(12))).toBeGreaterThanOrEqual(9000)
      }),
    )
    expect(() => syntheticNik(new Random(1), { province: '10' })).toThrow(RangeError)
    expect(() => syntheticNik(new Random(1), { birthDate: '1996-02-30' })).toThrow(RangeError)
  })
})

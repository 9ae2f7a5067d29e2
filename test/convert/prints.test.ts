import { type AnsiNistRecord, readAnsiNist } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { printsOf } from '../../dist/convert/prints.js'
import { joined, TYPE_FOUR, tagged, typeFourteen, typeOne, US } from '../formats/ansi-nist/by-hand.js'

const MINUTIA = `001${US}00100010090${US}10${US}A`
const typeNine = (idc: string) =>
  tagged(9, [`9.002:${idc}`, '9.003:1', '9.004:S', '9.006:02', '9.010:1', '9.011:0', `9.012:${MINUTIA}`])

/** How often records are looked at for the prints of `count` images of each type and as many records of minutiae. */
function looksAt(count: number): number {
  const records = Array.from({ length: count }, () => [
    TYPE_FOUR,
    typeFourteen(),
    typeNine('02'),
    typeNine('99'),
  ]).flat()
  const contents = records.map((_, i) => [`4${US}01`, `14${US}02`, `9${US}02`, `9${US}99`][i % 4])
  const transaction = readAnsiNist(joined(typeOne({ contents }), ...records), { onDeviation: () => {} })
  let looks = 0
  const counting = <T extends object>(value: T): T =>
    new Proxy(value, {
      get: (target, key, receiver) => {
        looks++
        return Reflect.get(target, key, receiver)
      },
    })
  const watched = transaction.records.map((record): AnsiNistRecord => {
    if (record.kind !== 'tagged') return counting(record)
    return counting({ ...record, fields: counting(record.fields.map(field => counting(field))) })
  })
  const prints = printsOf({ kind: 'ansi-nist', transaction: { records: watched } } as never)
  expect(prints.length).toBe(4 * count)
  return looks
}

describe('prints of a transaction', () => {
  it('take looks at its records that grow with their number, not its square', () => {
    const [few, many] = [looksAt(10), looksAt(100)]
    expect(many / few).toBeLessThan(11)
  })

  it('lay minutiae into the first image of their IDC, and into none without one', () => {
    const contents = [`14${US}02`, `14${US}02`, `9${US}02`, `9${US}99`]
    const larger = typeFourteen({ 6: '6', 7: '1' })
    const bytes = joined(typeOne({ contents }), typeFourteen(), larger, typeNine('02'), typeNine('99'))
    const transaction = readAnsiNist(bytes, { onDeviation: () => {} })
    const prints = printsOf({ kind: 'ansi-nist', transaction } as never)
    expect(prints.map(({ name }) => name)).toEqual([
      'record 2, type 14 of 20261125: right index finger',
      'record 3, type 14 of 20261125: right index finger',
      'record 4, type 9: right index finger',
      'record 5, type 9: unknown finger',
    ])
    expect(() => prints[3].template?.()).toThrow('from the lower edge of an image that the transaction lacks')
    expect(prints[2].template?.()).toBeInstanceOf(Uint8Array)
  })
})

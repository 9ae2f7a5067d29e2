import fc from 'fast-check'
import { type AnsiNistRecord, type AnsiNistTransaction, type Deviation, encodeWsq, readAnsiNist } from 'sidik/formats'
import { beforeAll, describe, expect, it } from 'vitest'
import { PIXELS, png, WIDTH } from '../../image/files.js'
import { mutated } from '../fuzzing.js'
import { joined, smallTransaction, transactionOfManyTypes, typeNineM1, typeOne, US } from './by-hand.js'

/** Records that 1.003 CNT lists are read or named, whatever is damaged. */

const IMAGES = 14
const HEIGHT = PIXELS.length / WIDTH
let wsq: Uint8Array
let pngFile: Uint8Array

beforeAll(async () => {
  wsq = await encodeWsq({ data: PIXELS, widthPx: WIDTH, heightPx: HEIGHT, ppi: 500 })
  pngFile = await png()
})

/** A Type-4 record of a finger, whose LEN is `off` bytes off. */
function typeFour(
  idc: number,
  image: Uint8Array,
  compression: number,
  off = 0,
  hidden: Uint8Array = new Uint8Array(),
): Uint8Array {
  const record = new Uint8Array(18 + image.length)
  const view = new DataView(record.buffer)
  view.setUint32(0, record.length + hidden.length + off)
  record.set([idc, idc > 10 ? 0 : 1, Math.min(idc, 14), 255, 255, 255, 255, 255, 0], 4)
  view.setUint16(13, WIDTH)
  view.setUint16(15, HEIGHT)
  view.setUint8(17, compression)
  record.set(image, 18)
  return joined(record, hidden)
}

type Kind = readonly [image: Uint8Array, compression: number]

const everyKind = (): Kind[] => [
  [wsq, 1],
  [pngFile, 6],
  [PIXELS, 0],
]

/** 14 images of the kinds by turns, one of which has a LEN that is off. */
function tenPrint(wrong: number, off: number, last: Uint8Array = new Uint8Array(), kinds = everyKind()): Uint8Array {
  const images = Array.from({ length: IMAGES }, (_, i) =>
    typeFour(i + 1, ...kinds[i % kinds.length], i === wrong ? off : 0),
  )
  const contents = Array.from({ length: IMAGES }, (_, i) => `4${US}${String(i + 1).padStart(2, '0')}`)
  return joined(typeOne({ contents: [...contents, ...(last.length > 0 ? [`9${US}03`] : [])] }), ...images, last)
}

function looked(bytes: Uint8Array) {
  const deviations: Deviation[] = []
  const damages: Deviation[] = []
  let transaction: AnsiNistTransaction | undefined
  try {
    transaction = readAnsiNist(bytes, {
      onDeviation: one => deviations.push(one),
      onDamage: one => damages.push(one),
    })
  } catch (error) {
    expect(error).toMatchObject({ name: 'SidikError' })
  }
  return { records: transaction?.records ?? [], isRead: transaction !== undefined, deviations, damages }
}

const idcs = (records: readonly AnsiNistRecord[]) => records.slice(1).map(record => Number(idcOf(record)))

function idcOf(record: AnsiNistRecord): string | number | undefined {
  if (record.kind !== 'tagged') return record.idc
  const field = record.fields.find(({ number }) => number === 2)
  return field && 'subfields' in field ? field.subfields[0][0] : undefined
}

describe('a length of a Type-4 record that is off by one or two', () => {
  const everyWrong = Array.from({ length: IMAGES }, (_, wrong) => wrong)

  it.each([-2, -1, 1, 2])('by %i: the other records are read, and all is said', off => {
    const sound = looked(tenPrint(-1, 0))
    expect([sound.deviations, sound.damages, idcs(sound.records).length]).toEqual([[], [], IMAGES])
    for (const wrong of everyWrong) {
      for (const last of [new Uint8Array(), typeNineM1()]) {
        const bytes = tenPrint(wrong, off, last)
        expect(() => readAnsiNist(bytes), `record ${wrong}`).toThrow(
          expect.objectContaining({ code: 'RECORD_CORRUPT' }),
        )
        const { records, deviations, damages } = looked(bytes)
        const isBeyondEnd = wrong === IMAGES - 1 && off > 0 && last.length === 0
        const expected = everyWrong.filter(i => !isBeyondEnd || i !== wrong).map(i => i + 1)
        expect(idcs(records), `record ${wrong}`).toEqual([...expected, ...(last.length > 0 ? [3] : [])])
        expect([...deviations, ...damages].length).toBeGreaterThan(0)
        const others = records.filter(record => record.type === 4 && idcOf(record) !== wrong + 1)
        const same = sound.records.filter(record => record.type === 4 && idcOf(record) !== wrong + 1)
        expect(others).toEqual(same)
      }
    }
  })

  it('a record that cannot be found again is named, and each behind it', () => {
    // Images without a signature: no header can be told from other bytes.
    const bytes = tenPrint(0, 1, new Uint8Array(), [[Uint8Array.of(0, ...wsq), 1]])
    const { records, damages } = looked(bytes)
    const missing = Array.from({ length: IMAGES }, (_, i) => i + 1).filter(idc => !idcs(records).includes(idc))
    expect(missing.length).toBe(IMAGES - 1)
    for (const idc of missing) {
      expect(damages.map(({ message }) => message)).toContain(
        `is not there: 1.003 CNT lists a record of type 4 with IDC ${idc}, which was not read`,
      )
    }
  })
})

describe('headers that lie', () => {
  const lying = () => typeFour(2, Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 2), 2)

  it.each([
    [9000, [2]],
    [10_001, []],
  ])('%i of them, for which none is looked at any more: those found are %j', (count, found) => {
    const contents = [`4${US}01`, `4${US}02`]
    const lies = joined(...Array.from({ length: count }, lying))
    const bytes = joined(typeOne({ contents }), Uint8Array.of(255, 255, 255, 255), lies, typeFour(2, pngFile, 6))
    const { records, damages } = looked(bytes)
    expect(idcs(records)).toEqual(found)
    const missing = damages.flatMap(({ message }) => /with IDC (\d)/.exec(message)?.[1] ?? [])
    expect(missing).toEqual(found.length > 0 ? ['1'] : ['1', '2'])
  })
})

describe('a record within another, behind the end of its image', () => {
  const hidden = () => typeFour(2, pngFile, 6)
  const listing = (count: number) => typeOne({ contents: Array.from({ length: count }, (_, i) => `4${US}0${i + 1}`) })

  it.each<[string, () => Uint8Array, number]>([
    ['WSQ', () => wsq, 1],
    ['PNG', () => pngFile, 6],
  ])('%s: is reported, whether it is listed or not', (_, image, compression) => {
    for (const listed of [1, 2]) {
      const bytes = joined(listing(listed), typeFour(1, image(), compression, 0, hidden()))
      const { records, deviations, damages } = looked(bytes)
      expect(idcs(records)).toEqual([1])
      const behind = `has ${hidden().length} bytes behind the end of its image, which ends after ${image().length}`
      expect(deviations).toContainEqual(expect.objectContaining({ field: '4.009 DATA', message: behind }))
      expect(damages.some(({ message }) => message.includes('type 4 with IDC 2'))).toBe(listed === 2)
      expect(() => readAnsiNist(bytes)).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
    }
  })
})

describe('any damage', () => {
  it('leaves no listed record that is neither read nor named', () => {
    const seeds = [smallTransaction(), transactionOfManyTypes(), tenPrint(3, 2), tenPrint(5, -1, typeNineM1())]
    let named = 0
    fc.assert(
      fc.property(mutated(seeds, [0, 1, 2, 0x1c, 0x1d, 0x31, 0x34, 0xff]), bytes => {
        const { records, isRead, deviations, damages } = looked(bytes)
        if (!isRead) return
        const [typeOneRecord, ...others] = records
        const cnt =
          typeOneRecord.kind === 'tagged' ? typeOneRecord.fields.find(({ number }) => number === 3) : undefined
        const { asFound } = typeOneRecord as { asFound?: { statedContents?: readonly (readonly string[])[] } }
        const listed = asFound?.statedContents ?? (cnt && 'subfields' in cnt ? cnt.subfields : [])
        const said = [...deviations, ...damages].map(({ message }) => message)
        const keys = new Set(others.map(record => `${record.type}/${Number(idcOf(record))}`))
        for (const [type, idc] of listed.slice(1)) {
          if (!/^\d{1,3}$/.test(type) || !/^\d{1,3}$/.test(idc ?? '') || Number(type) < 2 || Number(type) > 99) continue
          if (keys.has(`${Number(type)}/${Number(idc)}`)) continue
          const isNamed = said.some(
            one =>
              one.includes(`type ${Number(type)} with IDC ${Number(idc)}`) ||
              one.endsWith(`1.003 CNT lists ${Number(idc)}`) ||
              one.endsWith(`1.003 CNT lists one of type ${Number(type)}`) ||
              // A tagged record whose IDC is missing or no number.
              /^is missing, and mandatory$|must have one or two digits|is not the second field|is not UTF-8/.test(one),
          )
          expect(isNamed, `type ${type} IDC ${idc}: ${said.join('; ')}`).toBe(true)
          named++
        }
      }),
      { numRuns: 2000 },
    )
    expect(named).toBeGreaterThan(50)
  })
})

import fc from 'fast-check'
import { type MinutiaeRecord, readIso19794p2v2005Card, readMinutiaeRecord, writeMinutiaeRecord } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { convertPrint } from '../../dist/convert/convert.js'
import { readDocument } from '../../dist/convert/document.js'
import { printsOf } from '../../dist/convert/prints.js'
import type { MinutiaeTarget } from '../../dist/convert/targets.js'
import { joined, tagged, typeOne, US } from '../formats/ansi-nist/by-hand.js'

const extract = async () => new Uint8Array()
const TARGETS = [
  'iso-19794-2-2005',
  'iso-19794-2-2011',
  'ansi-378-2004',
  'iso-card-normal',
  'iso-card-compact',
] as const
type RecordTarget = (typeof TARGETS)[number]

/** Millimetres and degrees: what a document says, whatever its units are. */
interface Said {
  readonly xMm: number
  readonly yMm: number
  readonly degrees: number
  readonly quality: number
}

const MM_PER_CM = 10
const PX_PER_MM_AT_500_PPI = 500 / 25.4
/** 196 to 198 px/cm are 500 ppi, 393 to 395 are 1,000: 196.85 and 393.7, rounded. */
const truePxPerCm = (pxPerCm: number) => ({ 197: 500 / 2.54, 394: 1000 / 2.54 })[pxPerCm] ?? pxPerCm

function recordOf(pxPerCm: number, minutiae: readonly { x: number; y: number; angle: number; quality: number }[]) {
  const view = { fingerPosition: 2, viewNumber: 0, impression: 0, quality: 50, extensions: [] }
  const sides = { widthPx: 2000, heightPx: 2000, xResolutionPxPerCm: pxPerCm, yResolutionPxPerCm: pxPerCm }
  const views = [{ ...view, minutiae: minutiae.map(one => ({ ...one, type: 1 })) }]
  const record = { certifications: 0, captureDeviceTypeId: 0, ...sides, views }
  return { format: 'iso-19794-2-2005', record } as unknown as MinutiaeRecord
}

/** Statements of a record, worked out from its units alone. */
function saidBy(bytes: Uint8Array, target: RecordTarget): Said[] {
  if (target === 'iso-card-normal' || target === 'iso-card-compact') {
    const [size, mm, turn] =
      target === 'iso-card-normal' ? (['normal', 0.01, 256] as const) : (['compact', 0.1, 64] as const)
    const { minutiae } = readIso19794p2v2005Card(bytes, size)
    return minutiae.map(({ x, y, angle }) => ({ xMm: x * mm, yMm: y * mm, degrees: (angle * 360) / turn, quality: 0 }))
  }
  const { record } = readMinutiaeRecord(bytes) as unknown as { record: { xResolutionPxPerCm?: number; views: never[] } }
  const view = { ...record, ...(record.views[0] as object) } as never as {
    xResolutionPxPerCm: number
    minutiae: { x: number; y: number; angle: number; quality: number }[]
  }
  const mm = MM_PER_CM / truePxPerCm(view.xResolutionPxPerCm)
  const turn = target.startsWith('ansi') ? 180 : 256
  return view.minutiae.map(({ x, y, angle, quality }) => ({
    ...{ xMm: x * mm, yMm: y * mm, degrees: (angle * 360) / turn, quality: quality > 100 ? 0 : quality },
  }))
}

/** Each of `kept` and the one that it must have been: they are further apart than any format rounds. */
function pairsOf(all: readonly Said[], kept: readonly Said[]) {
  return kept.map(one => {
    const far = (other: Said) => Math.hypot(one.xMm - other.xMm, one.yMm - other.yMm)
    return [all.reduce((best, other) => (far(other) < far(best) ? other : best)), one] as const
  })
}

const numberIn = (losses: readonly string[], pattern: RegExp) =>
  Number(losses.map(line => pattern.exec(line)?.[1]).find(found => found !== undefined) ?? 0)

async function lossesOf(source: MinutiaeRecord, target: MinutiaeTarget, maxMinutiae?: number) {
  const [print] = printsOf(readDocument(writeMinutiaeRecord(source)))
  return convertPrint(print, target, { extract, maxMinutiae })
}

const spread = fc.uniqueArray(fc.integer({ min: 0, max: 399 }), { minLength: 1, maxLength: 60 }).chain(cells =>
  fc.tuple(
    ...cells.map(cell =>
      fc.record({
        x: fc.integer({ min: 0, max: 20 }).map(x => 60 * (cell % 20) + x),
        y: fc.integer({ min: 0, max: 20 }).map(y => 60 * Math.floor(cell / 20) + y),
        angle: fc.integer({ min: 0, max: 255 }),
        quality: fc.integer({ min: 0, max: 100 }),
      }),
    ),
  ),
)

describe('rounding of minutiae is named by how much it is', () => {
  it.each(TARGETS)('of those that %s keeps, and of what the document said', async target => {
    const count = fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined })
    const resolutions = fc.constantFrom(197, 394, 255, 300)
    await fc.assert(
      fc.asyncProperty(spread, resolutions, count, async (minutiae, pxPerCm, most) => {
        const source = recordOf(pxPerCm, minutiae)
        const { bytes, losses } = await lossesOf(source, target, most)
        const pairs = pairsOf(saidBy(writeMinutiaeRecord(source), 'iso-19794-2-2005'), saidBy(bytes, target))
        const movedPx = Math.max(
          0,
          ...pairs.map(([a, b]) => Math.hypot(a.xMm - b.xMm, a.yMm - b.yMm) * PX_PER_MM_AT_500_PPI),
        )
        const turned = Math.max(0, ...pairs.map(([a, b]) => Math.abs(((a.degrees - b.degrees + 540) % 360) - 180)))
        const qualities = pairs.filter(([a, b]) => a.quality > 0 && a.quality !== b.quality).length
        const where = losses.join('; ')
        expect(Math.abs(numberIn(losses, /^positions: rounded, by up to ([\d.]+) px/) - movedPx), where).toBeLessThan(
          0.1,
        )
        expect(Math.abs(numberIn(losses, /^directions: rounded, by up to ([\d.]+)/) - turned), where).toBeLessThan(0.06)
        expect(numberIn(losses, /^qualities of (\d+) minutiae/), where).toBe(qualities)
        const left = numberIn(losses, /^(\d+) of \d+ minutiae$/) + numberIn(losses, /^(\d+) minutiae beyond/)
        expect(left, where).toBe(minutiae.length - pairs.length)
      }),
      { numRuns: 60 },
    )
  })

  it('by up to half a pixel of each axis where 1,000 ppi becomes 500', async () => {
    const { losses } = await lossesOf(recordOf(394, [{ x: 101, y: 201, angle: 0, quality: 9 }]), 'iso-19794-2-2005')
    expect(losses).toContain('positions: rounded, by up to 0.7 px')
  })

  it('and 394 px/cm are 1,000 ppi, which a template keeps', async () => {
    const minutiae = [{ x: 100, y: 200, angle: 0, quality: 9 }]
    for (const pxPerCm of [393, 394, 395]) {
      expect((await lossesOf(recordOf(pxPerCm, minutiae), 'template')).losses.join()).not.toMatch(
        /resolution|positions/,
      )
    }
  })
})

it('minutiae of a Type-9 record are compared as they stand, also those beyond 255', async () => {
  const minutiae = Array.from({ length: 300 }, (_, i) => {
    // Odd pixels of 1,000 ppi; the first 45 are the worst.
    const [x, y] = [21 + 40 * (i % 20), 21 + 40 * Math.floor(i / 20)]
    return [i + 1, x, y, 9, 1, i < 45 ? 1 : 50].join(US)
  })
  const fields = ['9.002:03', '9.003:1', '9.004:U', '9.128:900', '9.129:900', '9.130:1', '9.131:1000', '9.132:1000']
  const record = tagged(9, [...fields, '9.134:7', '9.136:300', `9.137:${minutiae.join('\x1e')}`])
  const bytes = joined(typeOne({ contents: [`9${US}03`] }), record)
  const [print] = printsOf(readDocument(bytes))
  const { losses } = await convertPrint(print, 'iso-19794-2-2005', { extract, maxMinutiae: 100 })
  expect(losses).toEqual(expect.arrayContaining(['200 of 300 minutiae', 'positions: rounded, by up to 0.7 px']))
  expect(losses.join()).not.toMatch(/qualities|types/)
})

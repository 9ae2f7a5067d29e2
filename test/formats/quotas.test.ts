import {
  type Deviation,
  type ReadOptions,
  readAnsiNist,
  readCbeff,
  readImageRecord,
  writeImageRecord,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { joined, tagged, typeOne, US } from './ansi-nist/by-hand.js'
import { ISO_2005_RECORD, ISO_2011_RECORD } from './images/golden.js'

/**
 * Counts beyond which a record is refused, whatever it holds: work and memory are bounded by them.
 */

function refusalOf(read: (options: ReadOptions) => unknown): { message: string; reports: number } {
  const reports: Deviation[] = []
  const listener = (one: Deviation) => reports.push(one)
  try {
    read({ onDeviation: listener, onDamage: listener })
  } catch (error) {
    expect(error).toMatchObject({ name: 'SidikError', code: 'RECORD_CORRUPT' })
    return { message: (error as Error).message, reports: reports.length }
  }
  throw new Error(`was read, with ${reports.length} reports`)
}

/** How far into its bytes a record was read before it was refused. */
const offsetOf = (message: string) => Number(/\(offset (\d+)\)/.exec(message)?.[1])

const newer = (count: number, change: object = {}) => {
  const view = { ...ISO_2011_RECORD.views[1], ...change }
  const record = { ...ISO_2011_RECORD, positionCount: 1, views: Array.from({ length: count }, () => view) }
  return writeImageRecord({ format: 'iso-19794-4-2011', record })
}

const older = (count: number, payload: Uint8Array, compression: number) => {
  const [image] = ISO_2005_RECORD.views
  const views = Array.from({ length: count }, () => ({ ...image, viewCount: 1, viewNumber: 1, payload }))
  return writeImageRecord({
    format: 'iso-19794-4-2005',
    record: { ...ISO_2005_RECORD, compression, fingerCount: 1, views },
  })
}

describe('a finger image record', () => {
  const PIXELS = ISO_2005_RECORD.views[0].payload

  it('of 4,096 images is read, of one more refused', () => {
    const read = (bytes: Uint8Array) => readImageRecord(bytes).record.views.length
    expect(read(newer(4096))).toBe(4096)
    expect(read(older(4096, PIXELS, 0))).toBe(4096)
    expect(refusalOf(options => readImageRecord(newer(4097), options))).toMatchObject({
      message: expect.stringContaining('count of representations (offset 12) is 4097, 4096 are read'),
      reports: 0,
    })
    expect(refusalOf(options => readImageRecord(older(4097, PIXELS, 0), options)).message).toContain('4096 images')
  })

  it('of empty images says so of each, up to that count', () => {
    const empty = new Uint8Array(0)
    const reports: Deviation[] = []
    readImageRecord(newer(100, { payload: empty }), { onDeviation: one => reports.push(one) })
    expect(reports.filter(({ message }) => message === 'is empty')).toHaveLength(100)
    const { reports: counted } = refusalOf(options => readImageRecord(older(60_000, empty, 2), options))
    expect(counted).toBeLessThanOrEqual(4096)
  })

  it('of more fields than a record needs is refused when that many are read', () => {
    const qualityBlocks = Array.from({ length: 255 }, () => ({ score: 1, vendorId: 1, algorithmId: 1 }))
    const bytes = newer(4096, { qualityBlocks })
    const strict = (record: Uint8Array) =>
      refusalOf(({ onDeviation }) => readImageRecord(record, { onDeviation })).message
    expect(strict(bytes)).toContain('is one field more than the 1000000 that are read')
    expect(offsetOf(strict(bytes))).toBeLessThan(bytes.length / 2)
    const damages: Deviation[] = []
    readImageRecord(bytes, { onDeviation: () => {}, onDamage: one => damages.push(one) })
    expect(damages[0].message).toContain('is one field more')
    const corners = Array.from({ length: 255 }, () => ({ xPx: 1, yPx: 1 }))
    const segment = { fingerPosition: 1, quality: 1, corners, orientation: 0 }
    const head = { kind: 'segmentation', vendorId: 0, algorithmId: 0, quality: 0, qualityVendorId: 0 } as const
    const block = { ...head, qualityAlgorithmId: 0, segments: Array.from({ length: 60 }, () => segment) }
    const ofCorners = newer(4, { extensions: Array.from({ length: 20 }, () => block) })
    expect(strict(ofCorners)).toContain('one field more')
  })
})

describe('a transaction', () => {
  const withFields = (fields: readonly string[]) =>
    joined(typeOne({ contents: [`2${US}00`] }), tagged(2, ['2.002:00', ...fields]))

  it('of more fields than 50,000 is refused there', () => {
    const fields = Array.from({ length: 100_000 }, (_, i) => `2.${String(i + 3).padStart(3, '0')}:`)
    const sound = withFields(fields.slice(0, 49_000))
    expect(readAnsiNist(sound).records).toHaveLength(2)
    const bytes = withFields(fields)
    let error: unknown
    try {
      readAnsiNist(bytes)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'RECORD_CORRUPT', message: expect.stringContaining('is one field more') })
    expect(offsetOf((error as Error).message)).toBeLessThan(bytes.length * 0.6)
  })

  it('of more deviations than 50,000 is refused', () => {
    // Two of each field: it has another tag than the usual, and is there a second time.
    const { message, reports } = refusalOf(options =>
      readAnsiNist(withFields(Array.from({ length: 49_000 }, () => '2.03:')), options),
    )
    expect(message).toContain('is one report more than 50000')
    expect(reports).toBe(50_000)
  })
})

describe('CBEFF', () => {
  const namespace = 'xmlns="http://standards.iso.org/iso-iec/19785/-3/ed-2/"'
  const info = '<BIRInfo><Integrity>0</Integrity></BIRInfo>'

  it('of more attributes than 50,000 is refused there, of one element or of many', () => {
    const attributes = Array.from({ length: 500_000 }, (_, i) => ` a${i}=""`).join('')
    const one = `<BIR ${namespace}${attributes}>${info}</BIR>`
    const many = `<BIR ${namespace}>${info}${'<x xmlns="y" a="" b=""/>'.repeat(90_000)}</BIR>`
    for (const xml of [one, many]) {
      const { message, reports } = refusalOf(options => readCbeff(xml, options))
      expect(message).toContain('has more than 50000 attributes')
      expect(offsetOf(message)).toBeLessThan(xml.length / 4)
      expect(reports).toBe(0)
    }
  })
})

/** The core's part of WSQ against plain loops (test/image/wsq-writer.ts), in both builds. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WsqCore } from '../../dist/core/wsq-core.js'
import { analysisBank, synthesisBank } from '../../dist/image/wsq/bank.js'
import { decodeWsqWith } from '../../dist/image/wsq/decode.js'
import { Encoding } from '../../dist/image/wsq/encoding.js'
import { buildCodeTable, codesOf } from '../../dist/image/wsq/huffman.js'
import { buildHuffmanTable } from '../../dist/image/wsq/huffman-build.js'
import { layoutSubbands } from '../../dist/image/wsq/subbands.js'
import { CORE_TARGETS } from '../core-targets.js'
import { noise } from '../image/wsq-pictures.js'
import { codedData, EVEN, HAAR, ODD, subbandsOf, symbolsOf, wsq } from '../image/wsq-writer.js'

const side = fc.integer({ min: 1, max: 70 })
const BANK = analysisBank(ODD.low, ODD.high)

/**
 * Of samples in 24 bits where plain loops have 53, as a share of the largest that there can be: ten passes sum nine products each, and
 * 12 units of the last place were seen among 6,000 pictures.
 */
const ROUNDING = 20 * 2 ** -24

/** What five levels make of gray levels that are all alike. */
const GAIN = 32

function opened(module: WebAssembly.Module, width: number, height: number, pixels: Uint8Array): WsqCore {
  const core = new WsqCore(module)
  core.open(width, height)
  core.pixels = pixels
  return core
}

describe.each(CORE_TARGETS)('the core, $target', ({ module }) => {
  const kept = new WsqCore(module)

  it('measures gray levels', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), pixels => {
        kept.open(pixels.length, 1)
        kept.pixels = pixels
        const mean = pixels.reduce((sum, gray) => sum + gray, 0) / pixels.length
        expect(kept.measureGrays()).toEqual({ mean, least: Math.min(...pixels), most: Math.max(...pixels) })
      }),
    )
  })

  it('splits as the definition says, at every size', () => {
    fc.assert(
      fc.property(side, side, fc.nat(1000), (width, height, seed) => {
        const pixels = noise(width * height, seed)
        const picture = { width, height, at: (x: number, y: number) => (pixels[y * width + x] - 120) / 1.5 }
        const expected = subbandsOf(picture, '', ODD)
        const largest = GAIN * pixels.reduce((most, gray) => Math.max(most, Math.abs(gray - 120) / 1.5), 0)
        const { subbands, joins } = layoutSubbands(width, height)
        kept.open(width, height)
        kept.pixels = pixels
        kept.analyze(BANK, [...joins].reverse(), 120, 1.5)
        subbands.forEach((subband, i) => {
          const samples = kept.samples(subband)
          expect(samples.length).toBe(expected[i].length)
          samples.forEach((sample, k) => {
            expect(Math.abs(sample - expected[i][k])).toBeLessThan(ROUNDING * largest)
          })
        })
      }),
      { numRuns: 60 },
    )
  })

  it('measures variances and magnitudes as plain sums do', () => {
    const [width, height] = [70, 50]
    const core = opened(module, width, height, noise(width * height, 1))
    core.analyze(BANK, [...layoutSubbands(width, height).joins].reverse(), 100, 1)
    for (const rectangle of [
      { x: 0, y: 0, width: 1, height: 1 },
      { x: 3, y: 7, width: 13, height: 9 },
      { x: 33, y: 1, width: 37, height: 49 },
    ]) {
      const samples = [...core.samples(rectangle)]
      const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length
      const squares = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0)
      const { variance, meanSquare, most } = core.measure(rectangle)
      expect(meanSquare).toBeCloseTo(samples.reduce((sum, value) => sum + value ** 2, 0) / samples.length, 1)
      expect(most).toBe(Math.max(...samples.map(Math.abs)))
      expect(variance).toBeCloseTo(samples.length > 1 ? squares / (samples.length - 1) : 0, 1)
    }
  })

  it('puts coefficients into bins as a plain loop does', () => {
    const [width, height] = [61, 45]
    const core = opened(module, width, height, noise(width * height, 2))
    const { subbands, joins } = layoutSubbands(width, height)
    core.analyze(BANK, [...joins].reverse(), 127, 1)
    const bins = subbands.map((_, i) => ({ width: i % 7 === 3 ? 0 : 0.5 + i / 4, offset: 0.6 * (0.5 + i / 4) }))
    core.quantize(subbands, bins)
    const f = Math.fround
    const expected = subbands.flatMap((subband, i) => {
      if (bins[i].width === 0) return []
      const perBin = f(1 / f(bins[i].width))
      return Array.from(core.samples(subband), value => {
        const beyond = f(Math.abs(value) - f(bins[i].offset))
        return beyond > 0 ? Math.sign(value) * Math.floor(f(f(beyond * perBin) + 1)) : 0
      })
    })
    expect([...core.quantized(expected.length)]).toEqual(expected)
  })

  /** Small and large coefficients, and runs of every length, as noise of few bins and of many makes them. */
  it('writes the codes that a plain coder writes, and reads them back', () => {
    for (const [bin, seed] of [
      [0.003, 1],
      [0.2, 2],
      [4, 3],
      [60, 4],
      [700, 5],
    ]) {
      const [width, height] = [96, 80]
      const core = opened(module, width, height, noise(width * height, seed))
      const { subbands, joins } = layoutSubbands(width, height)
      core.analyze(BANK, [...joins].reverse(), 127, 1)
      const bins = subbands.map(() => ({ width: bin, offset: 0.6 * bin }))
      core.quantize(subbands, bins)
      const count = subbands.reduce((sum, subband) => sum + subband.width * subband.height, 0)
      const values = [...core.quantized(count)]
      const tokens = core.findSymbols(0, count, 0)
      const table = buildHuffmanTable(core.counts)
      const data = core.writeCodes(0, tokens, codesOf(table))
      // The plain coder has a symbol for one zero, which encoders write as a run.
      const coded = symbolsOf(values).map(each => (each.symbol === 180 ? { ...each, symbol: 1 } : each))
      expect(tokens).toBe(coded.length)
      expect(Buffer.from(data).equals(codedData(coded, textCodes(table)))).toBe(true)

      core.codeTable = buildCodeTable(table)
      core.data = data
      expect(core.readCodes(0, data.length, 0, count)).toBe(count)
      expect([...core.read(count)]).toEqual(values)
      expect(core.readCodes(0, data.length, 0, count - 1)).toMatchObject({ stop: 'too-many' })
    }
  })

  it('gives the bytes of a stream, and the pixels in it, that are the same everywhere', () => {
    const [width, height] = [97, 83]
    const data = Uint8Array.from({ length: width * height }, (_, i) => {
      return 128 + 100 * Math.sin(Math.hypot((i % width) - 30, Math.floor(i / width) - 50) / 1.4)
    })
    const encoding = new Encoding(kept, { data, widthPx: width, heightPx: height, ppi: 500 }, [])
    const stream = encoding.write(encoding.scaleOf(2), 2)
    const hash = (bytes: Uint8Array) => bytes.reduce((sum, value) => (Math.imul(sum, 31) + value) | 0, 0)
    expect([stream.length, hash(stream)]).toEqual([2922, -790771495])
    expect(hash(decodeWsqWith(kept, stream, {}).data)).toBe(-1285022884)
  })

  it('joins by filters of odd and of even length', () => {
    const [width, height] = [75, 48]
    const pixels = Uint8Array.from(
      { length: width * height },
      (_, i) => 60 + (Math.imul((i % width) + 9, 0x9e3779b1) >>> 25) + (Math.floor(i / width) % 5),
    )
    for (const filters of [ODD, EVEN, HAAR]) {
      const { data } = decodeWsqWith(kept, wsq(pixels, width, height, { filters }), {})
      expect(Math.max(...data.map((value, i) => Math.abs(value - pixels[i])))).toBeLessThanOrEqual(1)
    }
  })

  it('has banks that fit into it, whatever their length', () => {
    for (let taps = 2; taps <= 32; taps++) {
      const filter = new Array<number>(taps).fill(1)
      const bank = synthesisBank({ low: filter, high: filter })
      expect(bank.taps.length).toBeLessThanOrEqual(40)
      expect(Math.max(...bank.taps.map(({ step }) => Math.abs(step)))).toBeLessThanOrEqual(10)
    }
  })
})

/** Codes as the plain coder takes them: text of ones and zeros by symbol. */
function textCodes(table: Parameters<typeof codesOf>[0]): Map<number, string> {
  const codes = codesOf(table)
  return new Map(
    table.symbols.map(symbol => [symbol, (codes[symbol] >> 8).toString(2).padStart(codes[symbol] & 255, '0')]),
  )
}

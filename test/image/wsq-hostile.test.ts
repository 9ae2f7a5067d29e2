/** Bytes that were damaged or made to do harm: an image or a SidikError, soon, and nothing else. */
import fc from 'fast-check'
import { SidikError } from 'sidik'
import { decodeWsq, encodeWsq, inspectWsq } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { concat } from './files.js'
import { smoothPrint } from './wsq-pictures.js'
import { EVEN, frameHeader, huffmanTable, joinParts, segment, wsq, wsqParts } from './wsq-writer.js'

/** Mutated streams; SIDIK_FUZZ_RUNS=100000 for a long run. */
const RUNS = Number(process.env.SIDIK_FUZZ_RUNS ?? 2000)
const TIMEOUT_MS = 60_000 + RUNS * 20

const [WIDTH, HEIGHT] = [40, 36]
const pixels = smoothPrint(WIDTH, HEIGHT)
const ours = await encodeWsq({ data: pixels, widthPx: WIDTH, heightPx: HEIGHT, ppi: 500 }, { bitRate: 2.25 })
const streams = [
  ours,
  wsq(pixels, WIDTH, HEIGHT, { filters: EVEN, restartAfter: 40, bin: () => 6 }),
  wsq(pixels, WIDTH, HEIGHT, { tablesTogether: true, bin: i => (i % 3 === 0 ? 0 : 2) }),
]

/** Of this process: what else runs on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** How it was read; with `isStrict`, without a listener for deviations. Plain checks: expect takes longer than a decoding. */
async function outcome(bytes: Uint8Array, isStrict = false): Promise<'image' | 'deviating' | 'error'> {
  let deviations = 0
  const options = isStrict ? {} : { onDeviation: () => void deviations++ }
  let isListed = true
  try {
    for (const { offset, length } of inspectWsq(bytes, options)) {
      if (offset + length > bytes.length) throw new Error(`a segment at ${offset} ends behind the end`)
    }
  } catch (error) {
    checkRefusal(error)
    isListed = false
  }
  deviations = 0
  try {
    const { data, widthPx, heightPx } = await decodeWsq(bytes, options)
    if (data.length !== widthPx * heightPx) throw new Error(`${data.length} pixels of ${widthPx} x ${heightPx}`)
    if (!isListed) throw new Error('what decodes cannot be listed')
    return deviations > 0 ? 'deviating' : 'image'
  } catch (error) {
    checkRefusal(error)
    return 'error'
  }
}

function checkRefusal(error: unknown): void {
  if (!(error instanceof SidikError) || !error.code.startsWith('IMAGE_')) throw error
}

describe('damaged streams', () => {
  it('cut short anywhere', async () => {
    for (const stream of streams) {
      for (let length = 0; length < stream.length; length++) {
        if ((await outcome(stream.subarray(0, length), true)) !== 'error') throw new Error(`${length} bytes are read`)
        await outcome(stream.subarray(0, length))
      }
      // All that is missing is the end.
      expect(await outcome(stream.subarray(0, -2))).toBe('deviating')
    }
  })

  it(
    'with any one byte changed',
    async () => {
      for (const stream of streams) {
        const damaged = stream.slice()
        for (let at = 0; at < stream.length; at++) {
          for (const flip of [0x01, 0xff]) {
            damaged[at] = stream[at] ^ flip
            await outcome(damaged)
          }
          damaged[at] = stream[at]
        }
      }
    },
    TIMEOUT_MS,
  )

  it(
    `changed, cut, put together and repeated, ${RUNS} times`,
    async () => {
      const place = fc.nat(1_000_000)
      const change = fc.oneof(
        { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), at: place, value: fc.nat(255) }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: place, value: fc.nat(40) }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), at: place, value: fc.nat(60) }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('marker' as const), at: place, value: fc.nat(32) }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), at: place, value: fc.nat(4) }) },
      )
      const outcomes = { image: 0, deviating: 0, error: 0 }
      const startedMs = performance.now()
      await fc.assert(
        fc.asyncProperty(fc.nat(2), fc.array(change, { minLength: 1, maxLength: 4 }), async (index, changes) => {
          let bytes = streams[index]
          for (const { kind, at, value } of changes) {
            const from = at % bytes.length
            const [before, after] = [bytes.subarray(0, from), bytes.subarray(from)]
            if (kind === 'set') bytes = concat(before, Uint8Array.of(value), after.subarray(1))
            else if (kind === 'cut') bytes = concat(before, after.subarray(value))
            else if (kind === 'end') bytes = bytes.subarray(0, bytes.length - value)
            else if (kind === 'repeat') bytes = concat(before, after.subarray(0, value), after)
            else bytes = concat(before, Uint8Array.of(0xff, 0xa0 + value), after)
          }
          outcomes[await outcome(bytes)]++
        }),
        { numRuns: RUNS },
      )
      if (RUNS > 10_000) console.log(RUNS, outcomes, `${Math.round(performance.now() - startedMs)} ms`)
      expect(Math.min(outcomes.image, outcomes.deviating, outcomes.error)).toBeGreaterThan(RUNS / 100)
    },
    TIMEOUT_MS,
  )

  it('leave nothing behind: what comes after them decodes as before', async () => {
    const before = await decodeWsq(ours)
    const broken = ours.slice(0, ours.length - 40)
    await expect(decodeWsq(broken, { onDeviation: () => {} })).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' })
    expect(await decodeWsq(ours)).toEqual(before)
  })
})

describe('streams that ask for much', () => {
  const parts = wsqParts(pixels, WIDTH, HEIGHT)

  it('20 million pixels by the header, and little behind it', async () => {
    const huge = joinParts({ ...parts, frame: frameHeader(5000, 4000) })
    const startedMs = cpuMs()
    for (let i = 0; i < 5; i++) await expect(decodeWsq(huge)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' })
    expect(cpuMs() - startedMs).toBeLessThan(5000)
  })

  it('20 million zeros in runs of 65,535: an image, in the time that its size takes', async () => {
    // 0 and 16 bits of ones: 305 times and what is left.
    const subbandsAreThere = wsqParts(pixels, WIDTH, HEIGHT).quantization
    const runs = (count: number) => {
      const bits: string[] = []
      for (let left = count; left > 0; left -= 65_535)
        bits.push('0', Math.min(left, 65_535).toString(2).padStart(16, '0'))
      const text = bits.join('')
      const bytes = Array.from({ length: Math.ceil(text.length / 8) }, (_, i) => {
        return Number.parseInt(text.slice(8 * i, 8 * i + 8).padEnd(8, '1'), 2)
      })
      return Uint8Array.from(bytes.flatMap(byte => (byte === 255 ? [255, 0] : [byte])))
    }
    const table = segment(0xa6, huffmanTable(0, { symbols: [106], longBits: 2 }))
    const block = (count: number) => concat(table, segment(0xa3, Uint8Array.of(0)), runs(count))
    const [widthPx, heightPx] = [5120, 3840]
    const samples = (widthPx * heightPx) / 1024
    // Subbands 0 to 18, 19 to 51 and 52 to 59: 64, 448 and 256 of 1,024 shares of the image.
    const bomb = joinParts({
      ...parts,
      quantization: subbandsAreThere,
      frame: frameHeader(widthPx, heightPx),
      blocks: [64 * samples, 448 * samples, 256 * samples].map(block),
    })
    expect(bomb.length).toBeLessThan(4000)
    const startedMs = cpuMs()
    const { data } = await decodeWsq(bomb)
    expect(cpuMs() - startedMs).toBeLessThan(5000)
    expect(data.length).toBe(widthPx * heightPx)
    expect(data.every(value => value === 127)).toBe(true)
  })

  it('a block of more data than its coefficients can need is not even copied', async () => {
    const [first] = parts.blocks
    const bytes = joinParts({ ...parts, blocks: [concat(first, new Uint8Array(13 * WIDTH * HEIGHT))] })
    await expect(decodeWsq(bytes)).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
      message: expect.stringMatching(/has more data behind it than the \d+ bytes it can need/),
    })
  })

  it('millions of empty intervals and stuffed bytes are gone through once', async () => {
    const [first] = parts.blocks
    const many = 2_000_000
    for (const filling of [
      new Uint8Array(many).map((_, i) => (i % 2 === 0 ? 0xff : 0xb0)),
      new Uint8Array(many).map((_, i) => (i % 2 === 0 ? 0xff : 0)),
    ]) {
      const startedMs = cpuMs()
      const bytes = joinParts({ ...parts, blocks: [concat(first, filling)] })
      expect(await outcome(bytes)).not.toBe('image')
      expect(cpuMs() - startedMs).toBeLessThan(5000)
    }
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import { concat, HEIGHT, PIXELS, WIDTH } from './files.js'
import {
  ABSENT,
  comment,
  EVEN,
  frameHeader,
  HAAR,
  huffmanTable,
  joinParts,
  nistComment,
  ODD,
  segment,
  transformTable,
  type WsqOptions,
  type WsqParts,
  wsq,
  wsqParts,
} from './wsq-writer.js'

const EOI = Uint8Array.of(0xff, 0xa1)
const NOTHING = new Uint8Array(0)

/** The largest difference between any two pixels. */
function worst(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
}

/**
 * The stream with bins of 1/4, or wider ones in the four lowest subbands where their coefficients would not fit in 16 bits: at
 * sides of 2^k + 1 a filter of even length amplifies noise at the rim up to 72 times in five levels.
 */
function fitting(pixels: Uint8Array, width: number, height: number, options: WsqOptions): Uint8Array {
  for (let lowest = 0.25; ; lowest *= 4) {
    try {
      return wsq(pixels, width, height, { ...options, bin: subband => (subband < 4 ? lowest : 0.25) })
    } catch (error) {
      if (!(error instanceof RangeError) || lowest > 64) throw error
    }
  }
}

async function pixelsOf(file: Uint8Array): Promise<Uint8Array> {
  return (await decodeImage(file, { ppi: 500 })).data
}

/**
 * Noise that changes along x, and along y, but not along both at once: detail in which both change fastest is in no
 * stream, so a picture that has some does not come back whole.
 */
function crossedNoise(width: number, height: number, seed: number): Uint8Array {
  const random = (i: number) => (Math.imul(i + seed + 1, 0x9e3779b1) >>> 15) & 127
  return Uint8Array.from({ length: width * height }, (_, i) => random(i % width) + random(1000 + Math.floor(i / width)))
}

/** Ridges that run round a point, and no detail finer than they. */
function ridges(width: number, height: number, strength = 100): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const radius = Math.hypot((i % width) - width / 3, Math.floor(i / width) - height / 2)
    return 128 + strength * Math.sin((2 * Math.PI * radius) / 9)
  })
}

describe('what the transform, the quantizer and the coder make of a picture comes back', () => {
  const sides = fc.integer({ min: 32, max: 75 })
  const bank = fc.constantFrom(ODD, EVEN, HAAR)

  test('every size, both kinds of filter, restart markers, tables together', async () => {
    const restart = fc.constantFrom(undefined, 1, 7, 100)
    await fc.assert(
      fc.asyncProperty(
        sides,
        sides,
        bank,
        restart,
        fc.boolean(),
        fc.nat(),
        async (width, height, filters, restartAfter, tablesTogether, seed) => {
          const pixels = crossedNoise(width, height, seed)
          const image = await decodeImage(fitting(pixels, width, height, { filters, restartAfter, tablesTogether }))
          expect([image.widthPx, image.heightPx, image.ppi]).toEqual([width, height, 500])
          expect(worst(image.data, pixels)).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('what a stream has no place for is lost once, and no more the second time', async () => {
    await fc.assert(
      fc.asyncProperty(sides, sides, bank, fc.nat(), async (width, height, filters, seed) => {
        const noise = Uint8Array.from(
          { length: width * height },
          (_, i) => 78 + ((Math.imul(i + seed, 0x9e3779b1) >>> 20) % 100),
        )
        const once = await pixelsOf(fitting(noise, width, height, { filters }))
        const twice = await pixelsOf(fitting(once, width, height, { filters }))
        expect(worst(noise, once)).toBeGreaterThan(10)
        expect(worst(once, twice)).toBeLessThanOrEqual(2)
      }),
      { numRuns: 30 },
    )
  })

  test('values and runs of every length: fine and coarse bins', async () => {
    const pixels = crossedNoise(96, 80, 1)
    for (const [bin, tolerance] of [
      [0.02, 1], // coefficients of 16 bits
      [1, 3],
      [8, 30], // runs of hundreds of zeros
    ]) {
      expect(worst(await pixelsOf(wsq(pixels, 96, 80, { bin: () => bin })), pixels)).toBeLessThanOrEqual(tolerance)
    }
  })

  test('one gray', async () => {
    for (const gray of [0, 127, 255]) {
      const pixels = new Uint8Array(64 * 48).fill(gray)
      expect(worst(await pixelsOf(wsq(pixels, 64, 48)), pixels)).toBeLessThanOrEqual(1)
    }
  })

  test('subbands that are left out are zero', async () => {
    const pixels = ridges(96, 80, 50)
    // Ridges 9 pixels apart have no detail in the half of the frequencies above 4 pixels.
    const without = wsq(pixels, 96, 80, { bin: subband => (subband >= 52 ? ABSENT : 0.25) })
    expect(without.length).toBeLessThan(wsq(pixels, 96, 80).length)
    const difference = (await pixelsOf(without)).reduce((sum, value, i) => sum + Math.abs(value - pixels[i]), 0)
    expect(difference / pixels.length).toBeLessThan(3)
    // The mean of the picture is in the lowest alone.
    const flat = new Uint8Array(64 * 64).fill(200)
    const lowest = wsq(flat, 64, 64, { bin: subband => (subband === 0 ? 0.25 : ABSENT) })
    expect(worst(await pixelsOf(lowest), flat)).toBeLessThanOrEqual(1)
  })

  test('white and black stay so where filters overshoot', async () => {
    const pixels = Uint8Array.from({ length: 64 * 64 }, (_, i) => ((i >> 3) & 1) * 255)
    const decoded = await pixelsOf(wsq(pixels, 64, 64, { bin: () => 20 }))
    expect(decoded.every((value, i) => (pixels[i] === 255 ? value > 150 : value < 105))).toBe(true)
  })

  test('the same bits wherever they are computed', async () => {
    const decoded = await pixelsOf(wsq(PIXELS, WIDTH, HEIGHT, { bin: () => 4 }))
    const sum = decoded.reduce((hash, value) => (Math.imul(hash, 31) + value) | 0, 0)
    expect(sum).toBe(-1338151031)
  })
})

describe('the resolution', () => {
  const stated = (...comments: string[]) => decodeImage(wsq(PIXELS, WIDTH, HEIGHT, { comments }))

  test('is what the NIST comment says', async () => {
    expect((await stated(nistComment(500))).ppi).toBe(500)
    expect((await stated(nistComment(1000))).ppi).toBe(1000)
    expect((await stated('MADE BY X', nistComment(508))).ppi).toBe(508)
    expect((await stated('NIST_COM 2\nPPI\t500 \r\n')).ppi).toBe(500)
    expect((await decodeImage(wsq(PIXELS, WIDTH, HEIGHT), { ppi: 600 })).ppi).toBe(600)
  })

  test('may come behind the pixels', async () => {
    const parts = wsqParts(PIXELS, WIDTH, HEIGHT, { comments: [] })
    expect((await decodeImage(joinParts({ ...parts, end: concat(comment(nistComment(500)), EOI) }))).ppi).toBe(500)
  })

  test('is unknown without one', async () => {
    // 255 is what -1 became in a byte.
    for (const comments of [
      [],
      ['PPI 500'],
      [''],
      [nistComment(0)],
      [nistComment(-1)],
      [nistComment(255)],
      [nistComment('five')],
    ]) {
      await expect(stated(...comments)).rejects.toMatchObject({ code: 'PPI_UNKNOWN' })
    }
    await expect(stated(nistComment(2000))).rejects.toMatchObject({ code: 'PPI_OUT_OF_RANGE' })
  })
})

describe('streams as scanners write them', () => {
  const pixels = ridges(WIDTH, HEIGHT)
  const parts = wsqParts(pixels, WIDTH, HEIGHT)
  const whole = joinParts(parts)
  const changed = (change: Partial<WsqParts>) => joinParts({ ...parts, ...change })
  const fill = (part: Uint8Array) => concat(Uint8Array.of(0xff, 0xff, 0xff), part)

  const same: Record<string, Uint8Array> = {
    'no mark at the end': changed({ end: NOTHING }),
    'bytes behind the end': concat(whole, Uint8Array.of(1, 2, 3)),
    'a comment where a block could follow': changed({ end: concat(comment('x'), EOI) }),
    'a Huffman table where a block should follow': changed({
      end: concat(segment(0xa6, huffmanTable(0, { symbols: [180, 181], longBits: 2 })), EOI),
    }),
    'fill before markers': changed({
      comments: fill(parts.comments),
      frame: fill(parts.frame),
      blocks: parts.blocks.map(fill),
      end: fill(EOI),
    }),
    'tables in another order': concat(
      parts.start,
      parts.frame,
      parts.quantization,
      parts.comments,
      parts.transform,
      ...parts.blocks,
      EOI,
    ),
    'a stated restart interval': changed({ frame: concat(segment(0xa7, Uint8Array.of(0, 100)), parts.frame) }),
    'a transform table behind the blocks': changed({ transform: NOTHING, end: concat(parts.transform, EOI) }),
    'the quantization table again before each block': changed({
      blocks: parts.blocks.map(block => concat(parts.quantization, block)),
    }),
  }
  for (const [name, file] of Object.entries(same)) {
    test(name, async () => expect(await pixelsOf(file)).toEqual(await pixelsOf(whole)))
  }

  test('an end where a block was expected: what came is there', async () => {
    const fromTwo = await pixelsOf(changed({ blocks: parts.blocks.slice(0, 2) }))
    const fromOne = await pixelsOf(changed({ blocks: parts.blocks.slice(0, 1) }))
    // The same as if the subbands had come as zeros.
    const bin = (below: number) => (subband: number) => (subband < below ? 0.25 : ABSENT)
    expect(fromTwo).toEqual(await pixelsOf(wsq(pixels, WIDTH, HEIGHT, { bin: bin(52) })))
    expect(fromOne).toEqual(await pixelsOf(wsq(pixels, WIDTH, HEIGHT, { bin: bin(19) })))
  })
})

describe('damaged or hostile', () => {
  const parts = wsqParts(PIXELS, WIDTH, HEIGHT)
  const changed = (change: Partial<WsqParts>) => joinParts({ ...parts, ...change })
  const table = (number: number, ...counts: readonly [at: number, count: number][]) => {
    const body = new Uint8Array(17 + counts.reduce((sum, [, count]) => sum + count, 0)).fill(180, 17)
    body[0] = number
    for (const [bits, count] of counts) body[bits] = count
    return segment(0xa6, body)
  }
  const block = (...data: readonly number[]) => concat(segment(0xa3, Uint8Array.of(0)), Uint8Array.from(data))
  const [first, second, third] = parts.blocks
  const beforeSecond = 'cuts short the one before it, in subband'

  const broken: Record<string, readonly [file: Uint8Array, message: RegExp | string]> = {
    'no block': [changed({ blocks: [] }), 'ends before its first block'],
    'no frame header': [changed({ frame: NOTHING }), 'block header at byte'],
    'two frame headers': [changed({ frame: concat(parts.frame, parts.frame) }), 'is a second one'],
    'no quantization table': [changed({ quantization: NOTHING }), 'comes before the quantization table'],
    'no transform table': [changed({ transform: NOTHING }), 'no transform table'],
    'no Huffman table': [changed({ blocks: [block(0)] }), 'wants Huffman table 0'],
    'the third block without the second': [changed({ blocks: [first, third] }), /subband|coefficients/],
    'the first block only, and no mark of the end': [changed({ blocks: [first], end: NOTHING }), 'subband 19, row 0'],
    'a block cut short': [changed({ blocks: [first.subarray(0, -9), second, third] }), beforeSecond],
    'a last block cut short': [
      changed({ blocks: [first, second, third.subarray(0, -9)] }),
      'before its last coefficient',
    ],
    'a fourth block': [changed({ blocks: [...parts.blocks, third] }), 'more coefficients than its size has'],
    'two starts of image': [changed({ comments: Uint8Array.of(0xff, 0xa0) }), '0xffa0'],
    'a restart marker before any block': [changed({ comments: Uint8Array.of(0xff, 0xb0) }), '0xffb0'],
    'a JPEG marker': [changed({ comments: Uint8Array.of(0xff, 0xe0, 0, 2) }), '0xffe0 before byte 4'],
    'no marker': [changed({ comments: Uint8Array.of(0xff, 0xa8, 0, 3, 1, 2) }), 'no marker at byte 7'],
    'a segment without its length': [changed({ comments: Uint8Array.of(0xff, 0xa8, 0, 1) }), 'a length of 1'],
    'a segment beyond the end': [changed({ end: Uint8Array.of(0xff, 0xa8, 255, 255) }), 'ends within the comment'],
    'a short frame header': [changed({ frame: segment(0xa2, new Uint8Array(4)) }), 'shorter than what it must hold'],
    'a short transform table': [changed({ transform: segment(0xa4, Uint8Array.of(9, 7, 0)) }), 'shorter than'],
    'filters of no taps': [changed({ transform: transformTable({ ...ODD, lowTaps: 0, highTaps: 0 }) }), '0 taps'],
    'filters of 255 taps': [changed({ transform: transformTable({ ...ODD, lowTaps: 255 }) }), '255 taps'],
    'filters of odd and even length': [changed({ transform: transformTable({ ...ODD, lowTaps: 8 }) }), 'mixes filters'],
    'a Huffman table 8': [changed({ blocks: [table(8, [1, 1])] }), 'has a table 8'],
    'three codes of one bit': [changed({ blocks: [table(0, [1, 3])] }), 'more codes than'],
    'a Huffman table with too few symbols': [
      changed({
        blocks: [
          segment(
            0xa6,
            Uint8Array.from({ length: 17 }, () => 1),
          ),
        ],
      }),
      'shorter than',
    ],
    'bits that are no code': [changed({ blocks: [table(0, [2, 1]), block(0x7f, 0x55)] }), 'no code'],
    'a symbol without meaning': [
      changed({ blocks: [segment(0xa6, huffmanTable(0, { symbols: [255], longBits: 2 })), block(0)] }),
      'symbol which means nothing',
    ],
    'a value cut off': [
      changed({ blocks: [segment(0xa6, huffmanTable(0, { symbols: [103], longBits: 2 })), block(0, 1)] }),
      'within a value',
    ],
    'a run beyond the picture': [
      changed({ blocks: [segment(0xa6, huffmanTable(0, { symbols: [106], longBits: 2 })), block(0x7f, 0xfe, 0x7f)] }),
      'more coefficients',
    ],
  }
  for (const [name, [file, message]] of Object.entries(broken)) {
    test(name, async () => {
      const error = await decodeImage(file, { ppi: 500 }).catch(reason => reason)
      expect(error).toMatchObject({ name: 'SidikError', code: 'IMAGE_CORRUPT' })
      expect(error.message).toMatch(message)
      expect(error.message).toMatch(/^the WSQ image does not decode/)
    })
  }

  test('sizes that are none', async () => {
    for (const [width, height, code] of [
      [65535, 65535, 'IMAGE_TOO_LARGE'],
      [0, HEIGHT, 'IMAGE_EMPTY'],
      [31, HEIGHT, 'IMAGE_TOO_SMALL'],
    ] as const) {
      await expect(decodeImage(changed({ frame: frameHeader(width, height) }))).rejects.toMatchObject({ code })
    }
  })

  test('tables beyond all sense still give an image, soon', async () => {
    const wild = { ...ODD, lowTaps: 31, highTaps: 31, low: new Array(16).fill(4.2), high: new Array(16).fill(-4.2) }
    for (const transform of [wild, { ...HAAR, low: [0], high: [0] }].map(transformTable)) {
      const decoded = await pixelsOf(changed({ transform, frame: frameHeader(WIDTH, HEIGHT, 65535, 65535) }))
      expect(decoded.length).toBe(WIDTH * HEIGHT)
    }
  })

  test('thousands of tables and blocks are refused', async () => {
    const tables = concat(table(0, [1, 1]), block())
    const many = changed({ blocks: Array.from({ length: 20_000 }, () => tables) })
    await expect(decodeImage(many)).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
      message: expect.stringContaining('60'),
    })
    const restarts = new Uint8Array(1_000_000).map((_, i) => (i % 2 === 0 ? 0xff : 0xb0))
    const noData = changed({ blocks: [table(0, [1, 1]), block(), restarts] })
    await expect(decodeImage(noData)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' })
  })
})

import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import { encodeJp2 } from '../../dist/image/jp2/encode.js'
import { withOpenJpeg } from '../../dist/image/jp2/openjpeg.js'
import { Yardstick } from '../work.js'
import { ascii, concat, HEIGHT, PIXELS, WIDTH } from './files.js'

/** Files given to the decoder with bytes changed: a few hundred take a second. */
const RUNS = Number(process.env.SIDIK_FUZZ_RUNS ?? 400)
/** As many times as decoding the sound file. */
const MOST_TIMES = 1000

const IMAGE = { data: PIXELS, widthPx: WIDTH, heightPx: HEIGHT, ppi: 500 }

/** Offsets in a codestream that begins as the codec writes it. */
const WIDTH_AT = 8
const TILE_WIDTH_AT = 24
const COMPONENTS_AT = 40
const DEPTH_AT = 42
const CODING_AT = 45
const LAYERS_AT = CODING_AT + 6
const LEVELS_AT = CODING_AT + 9

let file: Uint8Array
let codestream: Uint8Array
beforeAll(async () => {
  file = await encodeJp2(IMAGE)
  codestream = file.slice(Buffer.from(file).indexOf('jp2c') + 4)
})

const u32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]

function changed(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice()
  copy.set(values, at)
  return copy
}

/** A codestream of other kinds of samples than encodeJp2 writes. */
function encoded(samples: Uint8Array, bitsPerSample: number, componentCount: number, isSigned = false) {
  return withOpenJpeg(codec => {
    const encoder = new codec.J2KEncoder()
    const frame = { width: WIDTH, height: HEIGHT, bitsPerSample, componentCount, isSigned }
    encoder.getDecodedBuffer(frame).set(samples)
    encoder.setQuality(true, 0)
    encoder.encode()
    const bytes = encoder.getEncodedBuffer().slice()
    encoder.delete()
    return bytes
  })
}

const yardstick = new Yardstick(MOST_TIMES, () => decodeImage(file))

function refusal(bytes: Uint8Array) {
  const attempt = () =>
    decodeImage(bytes, { ppi: 500 }).then(
      () => undefined,
      reason => reason,
    )
  return yardstick.within(attempt)
}

describe('JPEG 2000', () => {
  test('without loss comes out as it went in, with its resolution', async () => {
    expect(await decodeImage(file)).toEqual(IMAGE)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 32, max: 90 }),
        fc.integer({ min: 32, max: 90 }),
        fc.integer({ min: 250, max: 1100 }),
        fc.nat(),
        async (widthPx, heightPx, ppi, seed) => {
          const data = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => (i * i * 7 + seed * (i >> 3)) & 255)
          const image = { data, widthPx, heightPx, ppi }
          expect(await decodeImage(await encodeJp2(image))).toEqual(image)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('with loss is as small as asked for, and near', async () => {
    const data = Uint8Array.from({ length: 200 * 200 }, (_, i) => 128 + 100 * Math.sin(i / 9 + (i % 200) / 5))
    const image = { data, widthPx: 200, heightPx: 200, ppi: 500 }
    const small = await encodeJp2(image, 15)
    expect(small.length).toBeLessThan(data.length / 14)
    const decoded = await decodeImage(small)
    const difference = data.reduce((sum, value, i) => sum + Math.abs(value - decoded.data[i]), 0)
    expect(difference / data.length).toBeLessThan(12)
  })

  test('a codestream by itself states no resolution', async () => {
    expect(await decodeImage(codestream, { ppi: 500 })).toEqual(IMAGE)
    expect(await decodeImage(codestream).catch(error => error)).toMatchObject({ code: 'PPI_UNKNOWN' })
  })

  test('other depths become 8 bits, colour becomes luma', async () => {
    const nibbles = PIXELS.map(value => value & 15)
    const fromNibbles = await decodeImage(await encoded(nibbles, 4, 1), { ppi: 500 })
    expect(fromNibbles.data).toEqual(nibbles.map(value => value * 17))
    const wide = Uint8Array.from({ length: PIXELS.length * 2 }, (_, i) => {
      const value = PIXELS[i >> 1] * 16 + (i & 15)
      return i & 1 ? value >> 8 : value & 255
    })
    const fromTwelve = await decodeImage(await encoded(wide, 12, 1), { ppi: 500 })
    expect(fromTwelve.data).toEqual(PIXELS)
    const colour = Uint8Array.from({ length: PIXELS.length * 3 }, (_, i) => (i * 31 + (i >> 2) * 17) & 255)
    const expected = PIXELS.map((_, i) =>
      Math.floor(0.299 * colour[3 * i] + 0.587 * colour[3 * i + 1] + 0.114 * colour[3 * i + 2] + 0.5 + 1e-9),
    )
    expect((await decodeImage(await encoded(colour, 8, 3), { ppi: 500 })).data).toEqual(expected)
  })

  test('signed samples, and two or four components, are not read', async () => {
    const signed = await encoded(PIXELS, 8, 1, true)
    expect(await refusal(signed)).toMatchObject({ code: 'IMAGE_FORMAT', message: expect.stringContaining('signed') })
    for (const count of [2, 4]) {
      const size = concat(codestream.subarray(2, DEPTH_AT), new Uint8Array(3 * count).fill(1))
      size.set([0, 38 + 3 * count], 2)
      size.set([0, count], COMPONENTS_AT - 2)
      const several = concat(codestream.subarray(0, 2), size, codestream.subarray(CODING_AT))
      expect(await refusal(several)).toMatchObject({
        code: 'IMAGE_FORMAT',
        message: expect.stringContaining(`${count} components`),
      })
    }
  })

  test('several at once do not meet', async () => {
    const images = await Promise.all(Array.from({ length: 8 }, () => decodeImage(file)))
    for (const image of images) expect(image).toEqual(IMAGE)
  })

  test('the caller may overwrite the bytes at once', async () => {
    const own = file.slice()
    const pending = decodeImage(own)
    own.fill(0)
    expect(await pending).toEqual(IMAGE)
  })
})

describe('a codec that fails', () => {
  test('gives a typed error and works again at the next image', async () => {
    const failing = withOpenJpeg(() => {
      throw new WebAssembly.RuntimeError('unreachable')
    })
    await expect(failing).rejects.toMatchObject({ name: 'SidikError', code: 'IMAGE_CORRUPT' })
    expect(await decodeImage(file)).toEqual(IMAGE)
  })
})

describe('JPEG 2000 headers that ask for too much, or contradict themselves, are refused before a pixel is decoded', () => {
  const cases: Record<string, [code: string, part: string, make: () => Uint8Array]> = {
    '4 billion pixels wide': ['IMAGE_TOO_LARGE', 'pixels', () => changed(codestream, WIDTH_AT, 255, 255, 255, 255)],
    'no pixels': ['IMAGE_CORRUPT', 'outside', () => changed(codestream, WIDTH_AT, 0, 0, 0, 0)],
    'a size of no bytes': ['IMAGE_CORRUPT', 'within its size', () => changed(codestream, 4, 0, 0)],
    'too few pixels': ['IMAGE_TOO_SMALL', '31', () => changed(codestream, WIDTH_AT, 0, 0, 0, 31)],
    'tiles without a side': ['IMAGE_CORRUPT', 'outside', () => changed(codestream, TILE_WIDTH_AT, 0, 0, 0, 0)],
    'a tile for every pixel of a large image': [
      'IMAGE_CORRUPT',
      'tiles',
      () => changed(changed(codestream, WIDTH_AT, ...u32(4000), ...u32(4000)), TILE_WIDTH_AT, ...u32(1), ...u32(1)),
    ],
    '16,384 components': ['IMAGE_CORRUPT', 'components', () => changed(codestream, COMPONENTS_AT, 64, 0)],
    '38 bits': ['IMAGE_FORMAT', 'bits', () => changed(codestream, DEPTH_AT, 37)],
    'components of other sizes': ['IMAGE_FORMAT', 'sizes', () => changed(codestream, DEPTH_AT + 1, 2)],
    '255 levels': ['IMAGE_CORRUPT', 'levels', () => changed(codestream, LEVELS_AT, 255)],
    'no layers': ['IMAGE_CORRUPT', 'layers', () => changed(codestream, LAYERS_AT, 0, 0)],
    '65,535 layers of many tiles': [
      'IMAGE_CORRUPT',
      'packets',
      () => changed(changed(codestream, LAYERS_AT, 255, 255), TILE_WIDTH_AT, ...u32(8), ...u32(8)),
    ],
    'code-blocks of 2^257': ['IMAGE_CORRUPT', 'code-blocks', () => changed(codestream, LEVELS_AT + 1, 255)],
    'a precinct for every pixel': [
      'IMAGE_CORRUPT',
      'precincts',
      () => {
        const wide = changed(codestream, WIDTH_AT, ...u32(4000), ...u32(4000))
        wide.set([...u32(4000), ...u32(4000)], TILE_WIDTH_AT)
        const end = CODING_AT + 14
        const coding = wide.slice(CODING_AT, end)
        const levels = coding[9]
        coding[3] += levels + 1
        coding[4] |= 1
        return concat(wide.subarray(0, CODING_AT), coding, new Uint8Array(levels + 1), wide.subarray(end))
      },
    ],
    'blocks of 4 x 4 in a large image': [
      'IMAGE_CORRUPT',
      'code-blocks',
      () => {
        const wide = changed(codestream, WIDTH_AT, ...u32(4000), ...u32(4000))
        wide.set([...u32(4000), ...u32(4000)], TILE_WIDTH_AT)
        return changed(wide, LEVELS_AT + 1, 0, 0)
      },
    ],
    'no coding style': ['IMAGE_CORRUPT', 'how it is coded', () => changed(codestream, CODING_AT + 1, 0x64)],
    'a file whose header states another size': [
      'IMAGE_CORRUPT',
      'header says',
      () => changed(file, Buffer.from(file).indexOf('ihdr') + 11, WIDTH + 1),
    ],
    'a file without a header': ['IMAGE_CORRUPT', 'absent', () => changed(file, Buffer.from(file).indexOf('jp2h'), 0)],
    'a file with a palette': [
      'IMAGE_FORMAT',
      'palette',
      () => changed(file, Buffer.from(file).indexOf('colr'), ...ascii('pclr')),
    ],
    'more than 1,000 boxes': [
      'IMAGE_CORRUPT',
      'more than 1000 boxes',
      () => concat(file.subarray(0, 12), ...new Array(1000).fill(ascii('\0\0\0\x08free')), file.subarray(12)),
    ],
    'a box that is longer than the file': ['IMAGE_CORRUPT', 'box', () => changed(file, 12, 255, 255, 255, 255)],
  }
  for (const [name, [code, part, make]] of Object.entries(cases)) {
    test(name, async () => {
      expect(await refusal(make())).toMatchObject({ name: 'SidikError', code, message: expect.stringContaining(part) })
    })
  }
})

describe('damaged JPEG 2000', () => {
  test('cut short at every byte', async () => {
    // A last tile may say nothing of its length: then the end of the codestream is that of the tile.
    const startOfTile = Buffer.from(codestream).indexOf(Buffer.of(0xff, 0x90, 0, 10))
    const unmeasured = changed(codestream, startOfTile + 6, 0, 0, 0, 0)
    expect(await decodeImage(unmeasured, { ppi: 500 })).toEqual(IMAGE)
    for (const whole of [file, codestream, unmeasured]) {
      for (let length = 12; length < whole.length; length++) {
        expect(await refusal(whole.subarray(0, length)), `${length}`).toMatchObject({ code: 'IMAGE_CORRUPT' })
      }
    }
  }, 60_000)

  test('without one of its tiles', async () => {
    const halves = changed(codestream, TILE_WIDTH_AT, 0, 0, 0, WIDTH / 2)
    const message = expect.stringContaining('1 of its 2 tiles')
    expect(await refusal(halves)).toMatchObject({ code: 'IMAGE_CORRUPT', message })
  })

  test('bytes changed anywhere: an image of the stated size or a typed error, soon', async () => {
    const change = fc.record({ at: fc.nat(1_000_000), value: fc.nat(255), head: fc.boolean() })
    const outcomes: Record<string, number> = {}
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), fc.boolean(), async (changes, asFile) => {
        const damaged = (asFile ? file : codestream).slice()
        for (const { at, value, head } of changes) damaged[at % (head ? 200 : damaged.length)] = value
        const attempt = () =>
          decodeImage(damaged, { ppi: 500 }).then(
            ({ data, widthPx, heightPx }) => {
              expect(data.length).toBe(widthPx * heightPx)
              return 'image'
            },
            error => {
              expect(error).toMatchObject({ name: 'SidikError', code: expect.stringMatching(/^IMAGE_/) })
              return error.code as string
            },
          )
        const outcome = await yardstick.within(attempt)
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      }),
      { numRuns: RUNS },
    )
    if (process.env.SIDIK_FUZZ_RUNS) console.log('JPEG 2000', outcomes)
    expect(outcomes.image).toBeGreaterThan(10)
    expect(outcomes.IMAGE_CORRUPT).toBeGreaterThan(10)
  }, 3_600_000)
})

const RECORDS = new URL('../../../shared/data/formats/image-records/', import.meta.url)

describe.skipIf(!existsSync(RECORDS))('real JPEG 2000', () => {
  test('of a registration client is read, with loss and without', async () => {
    for (const [name, widthPx, heightPx] of [
      ['mosip-Registration-Left_Index.iso', 280, 448],
      ['leftIndex/ISOTemplate.iso', 252, 427],
    ] as const) {
      const record = readFileSync(new URL(name, RECORDS))
      const at = record.indexOf('\0\0\0\x0cjP  ', 0, 'latin1')
      const bytes = record.subarray(at, at + record.readUInt32BE(at - 4))
      // It states 39,370 pixels a metre, twice what the record round it does.
      expect(await decodeImage(bytes)).toMatchObject({ widthPx, heightPx, ppi: 1000 })
    }
  })
})

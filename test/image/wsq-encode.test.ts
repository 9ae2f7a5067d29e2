import fc from 'fast-check'
import type { GrayImage } from 'sidik'
import { decodeWsq, type EncodeWsqOptions, encodeWsq, inspectWsq } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { noise, psnr, smoothPrint } from './wsq-pictures.js'

function printOf(widthPx: number, heightPx: number, seed = 0, ppi = 500): GrayImage {
  return { data: smoothPrint(widthPx, heightPx, seed), widthPx, heightPx, ppi }
}

const side = fc.integer({ min: 32, max: 200 })

describe('an encoded print', () => {
  it('comes back near to what it was, at every size, and the better the more bits it has', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, fc.nat(20), async (widthPx, heightPx, seed) => {
        const image = printOf(widthPx, heightPx, seed)
        const ratios: number[] = []
        for (const bitRate of [0.75, 2.25, 5]) {
          const stream = await encodeWsq(image, { bitRate })
          const decoded = await decodeWsq(stream)
          expect([decoded.widthPx, decoded.heightPx, decoded.ppi]).toEqual([widthPx, heightPx, 500])
          ratios.push(psnr(decoded.data, image.data))
        }
        expect(ratios[0]).toBeGreaterThan(24)
        expect(ratios[1]).toBeGreaterThan(Math.max(37, ratios[0]))
        expect(ratios[2]).toBeGreaterThan(Math.max(47, ratios[1]))
      }),
      { numRuns: 60 },
    )
  })

  it('has the parts that NIST writes, in their order', async () => {
    const stream = await encodeWsq(printOf(300, 260), { comments: ['first', 'caf\xe9'] })
    const segments = inspectWsq(stream)
    expect(segments.map(({ marker }) => marker).join(' ')).toBe('SOI COM COM COM DTT DQT SOF DHT SOB DHT SOB SOB EOI')
    expect(segments.reduce((sum, { length }) => sum + length, 0)).toBe(stream.length)
    const [, nist, first, second, filters, bins, frame] = segments
    expect(nist.fields.text).toBe(
      'NIST_COM 9\nPIX_WIDTH 300\nPIX_HEIGHT 260\nPIX_DEPTH 8\nPPI 500\nLOSSY 1\nCOLORSPACE GRAY\n' +
        'COMPRESSION WSQ\nWSQ_BITRATE 0.750000',
    )
    expect([first.fields.text, second.fields.text]).toEqual(['first', 'caf\xe9'])
    expect([filters.fields.lowPassTaps, filters.fields.highPassTaps]).toEqual([9, 7])
    expect(bins.fields.binCentre).toBe(0.44)
    expect(frame.fields).toMatchObject({ black: 0, white: 255, widthPx: 300, heightPx: 260, encoder: 0, software: 0 })
    expect(segments.filter(({ marker }) => marker === 'SOB').map(({ fields }) => fields.table)).toEqual([0, 1, 1])
  })

  it('states its resolution', async () => {
    expect((await decodeWsq(await encodeWsq(printOf(64, 64, 0, 1000)))).ppi).toBe(1000)
  })

  it('leaves the image as it is and gives the same bytes again', async () => {
    const image = printOf(90, 70)
    const before = image.data.slice()
    const stream = await encodeWsq(image)
    await encodeWsq(printOf(200, 150, 3))
    expect(await encodeWsq(image)).toEqual(stream)
    expect(image.data).toEqual(before)
  })

  it('may be of one gray, of two, or noise', async () => {
    const [widthPx, heightPx] = [64, 48]
    for (const gray of [0, 1, 127, 255]) {
      const data = new Uint8Array(widthPx * heightPx).fill(gray)
      const decoded = await decodeWsq(await encodeWsq({ data, widthPx, heightPx, ppi: 500 }))
      expect(decoded.data).toEqual(data)
    }
    for (const period of [1, 2, 16, 64]) {
      const data = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => (Math.floor(i / period) & 1) * 255)
      const decoded = await decodeWsq(await encodeWsq({ data, widthPx, heightPx, ppi: 500 }, { bitRate: 8 }))
      expect(decoded.data).toEqual(data)
    }
    // Changes from pixel to pixel along both axes at once are in no stream.
    const data = noise(widthPx * heightPx)
    const { data: decoded } = await decodeWsq(await encodeWsq({ data, widthPx, heightPx, ppi: 500 }, { bitRate: 8 }))
    expect(psnr(decoded, data)).toBeGreaterThan(15)
  })

  it('may be long and narrow', async () => {
    for (const [widthPx, heightPx] of [
      [32, 3000],
      [3001, 33],
    ]) {
      const image = printOf(widthPx, heightPx)
      const { data } = await decodeWsq(await encodeWsq(image, { bitRate: 2.25 }))
      expect(psnr(data, image.data)).toBeGreaterThan(37)
    }
  })
})

describe('a size in bytes', () => {
  it('is never passed, and nearly used up', async () => {
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        fc.nat(20),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        async (w, h, seed, bits) => {
          const sizeBytes = 1000 + Math.floor((w * h * bits) / 8)
          const stream = await encodeWsq(printOf(w, h, seed), { sizeBytes })
          expect(stream.length).toBeLessThanOrEqual(sizeBytes)
          // With every coefficient in the finest bins there is nothing left to write.
          const most = (await encodeWsq(printOf(w, h, seed), { sizeBytes: 1e9 })).length
          if (most > sizeBytes) expect(stream.length).toBeGreaterThan(sizeBytes * 0.98 - 8)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('that cannot be reached says what can', async () => {
    for (const image of [printOf(300, 300), { ...printOf(64, 64), data: new Uint8Array(4096).fill(9) }]) {
      const error: Error = await encodeWsq(image, { sizeBytes: 100 }).catch(reason => reason)
      expect(error).toBeInstanceOf(RangeError)
      const least = Number(error.message.match(/^sizeBytes is 100: this image takes at least (\d+)$/)![1])
      expect((await encodeWsq(image, { sizeBytes: least })).length).toBe(least)
      await expect(encodeWsq(image, { sizeBytes: least - 1 })).rejects.toThrow(RangeError)
    }
  })

  it('says a bit rate that gives about that size', async () => {
    const image = printOf(320, 280)
    const stream = await encodeWsq(image, { sizeBytes: 9000 })
    const bitRate = Number(String(inspectWsq(stream)[1].fields.text).match(/WSQ_BITRATE (.*)/)![1])
    expect((await encodeWsq(image, { bitRate })).length / stream.length).toBeCloseTo(1, 2)
  })
})

describe('what is refused', () => {
  const image = printOf(64, 64)
  const wrong: readonly (readonly [string, unknown, EncodeWsqOptions | unknown, object])[] = [
    ['no image', undefined, {}, { name: 'TypeError' }],
    ['an image without pixels', { ...image, data: new Uint8Array(0) }, {}, { code: 'IMAGE_EMPTY' }],
    ['fewer pixels than it says', { ...image, widthPx: 65 }, {}, { name: 'RangeError' }],
    ['pixels that are no bytes', { ...image, data: [1, 2] }, {}, { name: 'TypeError' }],
    ['too few to split', { ...image, widthPx: 31, data: new Uint8Array(31 * 64) }, {}, { code: 'IMAGE_TOO_SMALL' }],
    [
      'a side of more than two bytes',
      { ...image, widthPx: 65_536, heightPx: 32, data: new Uint8Array(65_536 * 32) },
      {},
      { name: 'RangeError' },
    ],
    ['a resolution that is not whole', { ...image, ppi: 499.9 }, {}, { name: 'RangeError', message: /ppi is 499.9/ }],
    ['the resolution that stands for unknown', { ...image, ppi: 255 }, {}, { name: 'RangeError' }],
    ['no options', image, null, { name: 'TypeError' }],
    ['a bit rate of 0', image, { bitRate: 0 }, { name: 'RangeError' }],
    ['a bit rate that is no number', image, { bitRate: Number.NaN }, { name: 'RangeError' }],
    ['a bit rate of 9', image, { bitRate: 9 }, { name: 'RangeError' }],
    ['half a byte', image, { sizeBytes: 1000.5 }, { name: 'RangeError' }],
    ['a rate and a size', image, { bitRate: 1, sizeBytes: 1000 }, { name: 'TypeError' }],
    ['a comment', image, { comments: 'x' }, { name: 'TypeError' }],
    ['a comment that is no text', image, { comments: [1] }, { name: 'TypeError' }],
    ['a comment beyond Latin-1', image, { comments: ['\u20ac'] }, { name: 'RangeError' }],
    ['a comment like the one that is written', image, { comments: ['NIST_COM 1'] }, { name: 'RangeError' }],
    ['a comment that is too long', image, { comments: ['x'.repeat(65_534)] }, { name: 'RangeError' }],
  ]
  for (const [name, given, options, error] of wrong) {
    it(name, async () => {
      const { message, ...members } = error as { message?: RegExp }
      const reason = await encodeWsq(given as GrayImage, options as EncodeWsqOptions).then(
        () => undefined,
        refused => refused,
      )
      expect(reason).toMatchObject(members)
      if (message) expect(reason.message).toMatch(message)
    })
  }

  it('nothing of the longest comment', async () => {
    const text = 'x'.repeat(65_533)
    expect(inspectWsq(await encodeWsq(image, { comments: [text] }))[2].fields.text).toBe(text)
  })
})

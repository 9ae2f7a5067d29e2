import { type Deviation, decodeWsq, inspectWsq } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { concat, HEIGHT, PIXELS, WIDTH } from './files.js'
import { comment, HAAR, huffmanTable, joinParts, segment, type WsqParts, wsq, wsqParts } from './wsq-writer.js'

const EOI = Uint8Array.of(0xff, 0xa1)
const parts = wsqParts(PIXELS, WIDTH, HEIGHT)
const whole = joinParts(parts)
const changed = (change: Partial<WsqParts>) => joinParts({ ...parts, ...change })

describe('the segments of a stream', () => {
  it('are listed with what they say, one behind the other', () => {
    const segments = inspectWsq(whole)
    expect(segments.map(({ marker, name }) => [marker, name])).toEqual([
      ['SOI', 'start of image'],
      ['COM', 'comment'],
      ['DTT', 'transform table'],
      ['DQT', 'quantization table'],
      ['SOF', 'frame header'],
      ['DHT', 'Huffman table'],
      ['SOB', 'block'],
      ['DHT', 'Huffman table'],
      ['SOB', 'block'],
      ['DHT', 'Huffman table'],
      ['SOB', 'block'],
      ['EOI', 'end of image'],
    ])
    let end = 0
    for (const { offset, length } of segments) {
      expect(offset).toBe(end)
      end += length
    }
    expect(end).toBe(whole.length)
    const [start, text, filters, bins, frame, , block] = segments
    expect(start.fields).toEqual({})
    expect(text.fields).toEqual({ text: 'NIST_COM 3\nPIX_DEPTH 8\nPPI 500\nLOSSY 1\n' })
    expect(filters.fields).toMatchObject({ lowPassTaps: 9, highPassTaps: 7 })
    expect(bins.fields).toMatchObject({ binCentre: 0.44, subbandsLeftOut: [] })
    expect(bins.fields.binWidths).toEqual(new Array(60).fill(0.25))
    expect(bins.fields.zeroBinWidths).toEqual(new Array(60).fill(0.3))
    expect(frame.fields).toEqual({
      black: 0,
      white: 255,
      heightPx: HEIGHT,
      widthPx: WIDTH,
      shift: 127,
      scale: 1,
      encoder: 0,
      software: 0,
    })
    expect(block.fields).toEqual({ table: 0, codedBytes: block.length - 5, restartMarkers: 0 })
  })

  it('are those of other kinds of streams too', () => {
    const options = { filters: HAAR, restartAfter: 50, tablesTogether: true, bin: (i: number) => (i > 40 ? 0 : 1) }
    const segments = inspectWsq(wsq(PIXELS, WIDTH, HEIGHT, options))
    const tables = segments.filter(({ marker }) => marker === 'DHT')
    expect(tables).toHaveLength(1)
    expect(tables[0].fields.tables).toHaveLength(3)
    expect(String(tables[0].fields.tables)).toMatch(/^0: \d+ codes of 1 to \d+ bits,1: /)
    expect(segments[3].fields.subbandsLeftOut).toEqual(Array.from({ length: 19 }, (_, i) => 41 + i))
    expect(segments.find(({ marker }) => marker === 'SOB')!.fields.restartMarkers).toBeGreaterThan(0)
    const interval = changed({ frame: concat(segment(0xa7, Uint8Array.of(1, 2)), parts.frame) })
    expect(inspectWsq(interval)[4]).toMatchObject({ marker: 'DRT', fields: { interval: 258 } })
  })
})

describe('deviations', () => {
  const lastBlockAt = whole.length - 2 - parts.blocks[2].length
  const long = segment(0xa2, parts.frame.subarray(4), Uint8Array.of(1, 2))
  const frameAt = whole.length - 2 - parts.blocks.reduce((sum, { length }) => sum + length, 0) - parts.frame.length
  const cases: Record<string, readonly [file: Uint8Array, deviations: readonly Deviation[]]> = {
    'no end of image': [
      changed({ end: new Uint8Array(0) }),
      [{ field: 'end of image', offset: whole.length - 2, message: 'is missing' }],
    ],
    'bytes behind the end': [
      concat(whole, Uint8Array.of(1, 2, 3)),
      [{ field: 'end of image', offset: whole.length, message: 'has 3 bytes behind it' }],
    ],
    'an end where a block was expected': [
      changed({ blocks: parts.blocks.slice(0, 2) }),
      [{ field: 'block', offset: lastBlockAt, message: 'number 2 is the last one, not 3' }],
    ],
    'a comment where a block should follow': [
      changed({ end: concat(comment('x'), EOI) }),
      [{ field: 'comment', offset: whole.length - 2, message: 'stands where a block should follow' }],
    ],
    'a table where a block should follow, and no end': [
      changed({ end: segment(0xa6, huffmanTable(0, { symbols: [180, 181], longBits: 2 })) }),
      [
        { field: 'Huffman table', offset: whole.length - 2, message: 'stands where a block should follow' },
        { field: 'end of image', offset: whole.length + 21, message: 'is missing' },
      ],
    ],
    'a frame header that is too long': [
      changed({ frame: long }),
      [{ field: 'frame header', offset: frameAt, message: 'has 2 bytes more than it needs' }],
    ],
  }
  for (const [name, [file, expected]] of Object.entries(cases)) {
    it(`${name}: told to who listens, refused otherwise`, async () => {
      for (const read of [inspectWsq, decodeWsq]) {
        const deviations: Deviation[] = []
        await read(file, { onDeviation: deviation => deviations.push(deviation) })
        expect(deviations).toEqual(expected)
        const refused = await (async () => read(file))().catch(reason => reason)
        expect(refused).toMatchObject({ name: 'SidikError', code: 'IMAGE_CORRUPT' })
        expect(refused.message).toContain(`${expected[0].field} (offset ${expected[0].offset}) ${expected[0].message}`)
      }
    })
  }

  it('are none: comments and tables before any block, fill before markers', async () => {
    const fill = Uint8Array.of(0xff, 0xff)
    const blocks = parts.blocks.map(block => concat(comment('x'), fill, parts.quantization, block))
    expect(inspectWsq(changed({ blocks }))).toHaveLength(18)
    expect((await decodeWsq(changed({ blocks }))).data).toEqual((await decodeWsq(whole)).data)
  })
})

describe('what is refused', () => {
  it('is no stream', () => {
    for (const bytes of [[], [0xff], [0xff, 0xd8, 0xff], [1, 2, 3]]) {
      expect(() => inspectWsq(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: 'IMAGE_FORMAT' }))
    }
  })

  it('is a wrong argument', async () => {
    expect(() => inspectWsq([] as never)).toThrow(TypeError)
    expect(() => inspectWsq(whole, null as never)).toThrow(TypeError)
    expect(() => inspectWsq(whole, { onDeviation: 1 as never })).toThrow(TypeError)
    await expect(decodeWsq('x' as never)).rejects.toThrow(TypeError)
  })

  const many = (count: number, one: Uint8Array) => changed({ comments: concat(...new Array(count).fill(one)) })
  // All but the one comment and the end.
  const others = inspectWsq(whole).length - 2
  it.each([
    ['comments', 1000 - others + 1, comment(''), 'more than 1000 segments'],
    ['bytes of comments', 17, comment('x'.repeat(65_533)), 'comments have more than 1048576 bytes'],
  ])('is a stream of endless %s, to the decoder too', async (_, count, one, message) => {
    const read = { onDeviation: () => {} }
    expect(() => inspectWsq(many(count, one))).toThrow(message)
    await expect(decodeWsq(many(count, one), read)).rejects.toThrow(message)
    expect(inspectWsq(many(count - 1, one)).length).toBeGreaterThan(count)
    expect((await decodeWsq(many(count - 1, one), read)).widthPx).toBe(WIDTH)
  })
})

it('the longest comment is read whole, a character each byte', () => {
  const text = Uint8Array.from({ length: 65_533 }, (_, i) => i)
  const found = inspectWsq(changed({ comments: segment(0xa8, text) }))[1].fields.text
  expect(Buffer.from(found as string, 'latin1').equals(text)).toBe(true)
})

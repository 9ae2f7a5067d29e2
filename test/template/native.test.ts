import fc from 'fast-check'
import type { TemplateContents } from 'sidik'
import { SidikError } from 'sidik'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { quantisedContents } from './arbitraries.js'

const SAMPLE: TemplateContents = {
  widthPx: 300,
  heightPx: 400,
  sourcePpi: 500,
  quality: 61,
  fingerPosition: 7,
  methodVersion: 3,
  minutiae: [
    { xPx: 0, yPx: 0, directionRad: 0, type: 'other', quality: 0 },
    { xPx: 299, yPx: 399, directionRad: Math.PI, type: 'ridge-ending', quality: 100 },
    { xPx: 150, yPx: 20, directionRad: (255 * 2 * Math.PI) / 256, type: 'bifurcation', quality: 50 },
  ],
  geometricCodes: {
    bits: Uint8Array.from({ length: 48 }, (_, i) => 255 - i),
    masks: Uint32Array.of(0, 0xffffffff, 0x80000001),
  },
}

const LEARNED: TemplateContents = {
  ...SAMPLE,
  learnedCodes: { networkVersion: 5, bits: Uint8Array.from({ length: 48 }, (_, i) => 7 * i) },
}

const NO_MINUTIAE = { minutiae: [], geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) } }

function codeOf(bytes: Uint8Array): string {
  try {
    decodeTemplate(bytes)
  } catch (error) {
    if (error instanceof SidikError) return error.code
    throw error
  }
  return 'decoded'
}

function withMinutia(change: object): TemplateContents {
  return { ...SAMPLE, minutiae: [SAMPLE.minutiae[0], { ...SAMPLE.minutiae[1], ...change }, SAMPLE.minutiae[2]] }
}

describe('encodeTemplate and decodeTemplate', () => {
  it('decode gives what was encoded, and encoding that the same bytes', () => {
    fc.assert(
      fc.property(quantisedContents(), contents => {
        const bytes = encodeTemplate(contents)
        const decoded = decodeTemplate(bytes)
        expect(decoded).toEqual(contents)
        expect(encodeTemplate(decoded)).toEqual(bytes)
      }),
    )
  })

  it('keep to version 1 without learned codes, so that every reader can read it', () => {
    expect(encodeTemplate(SAMPLE)[4]).toBe(1)
    expect(encodeTemplate(LEARNED)[4]).toBe(2)
  })

  it.each([SAMPLE, LEARNED])('read from a view at any offset, and keep nothing of it', sample => {
    const bytes = encodeTemplate(sample)
    for (let shift = 0; shift < 8; shift++) {
      const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + 8))
      const view = shared.subarray(shift, shift + bytes.length)
      view.set(bytes)
      const decoded = decodeTemplate(view)
      shared.fill(0)
      expect(decoded).toEqual(sample)
    }
    expect(decodeTemplate(Buffer.from(bytes))).toEqual(sample)
  })

  it('round positions and qualities to whole numbers and directions to 256ths of a turn', () => {
    const unit = (2 * Math.PI) / 256
    const contents = withMinutia({ xPx: 12.5, yPx: 12.49, directionRad: 10.4 * unit, quality: 33.6 })
    const decoded = decodeTemplate(encodeTemplate({ ...contents, quality: 60.5, sourcePpi: 499.999 }))
    expect(decoded.minutiae[1]).toEqual({
      xPx: 13,
      yPx: 12,
      directionRad: 10 * unit,
      type: 'ridge-ending',
      quality: 34,
    })
    expect(decoded).toMatchObject({ quality: 61, sourcePpi: 500 })
    for (const nearlyAll of [2 * Math.PI, 255.51 * unit]) {
      expect(decodeTemplate(encodeTemplate(withMinutia({ directionRad: nearlyAll }))).minutiae[1].directionRad).toBe(0)
    }
  })
})

describe.each([SAMPLE, LEARNED])('decodeTemplate refuses', sample => {
  const bytes = encodeTemplate(sample)

  it('every truncation', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(bytes.subarray(0, length))).toBe(length < 16 ? 'TEMPLATE_FORMAT' : 'TEMPLATE_CORRUPT')
    }
  })

  it('every single flipped bit', () => {
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const altered = bytes.slice()
      altered[bit >> 3] ^= 1 << (bit & 7)
      const byte = bit >> 3
      if (byte < 4) expect(codeOf(altered)).toBe('TEMPLATE_FORMAT')
      else if (byte < 6) expect(codeOf(altered)).toBe(altered[4] === 0 ? 'TEMPLATE_CORRUPT' : 'TEMPLATE_VERSION')
      else expect(codeOf(altered)).toBe('TEMPLATE_CORRUPT')
    }
  })

  it('bytes after the end', () => {
    expect(codeOf(Uint8Array.of(...bytes, 0))).toBe('TEMPLATE_CORRUPT')
  })

  it('any bytes at all, with nothing but a SidikError', () => {
    const disguised = fc.uint8Array({ maxLength: 200 }).map(tail => Uint8Array.of(...bytes.subarray(0, 16), ...tail))
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), disguised), any => codeOf(any).startsWith('TEMPLATE_')))
  })

  it('what is no Uint8Array, as a programmer mistake', () => {
    for (const wrong of [undefined, null, 'SDKT', [1, 2], new ArrayBuffer(64), new Uint16Array(64)]) {
      expect(() => decodeTemplate(wrong as never)).toThrow(new TypeError('bytes must be a Uint8Array'))
    }
  })

  it('a newer version, saying both and what to do', () => {
    const newer = bytes.slice()
    newer[4] = 9
    expect(() => decodeTemplate(newer)).toThrow(/version 9, .* version 2: update sidik/)
  })
})

describe('encodeTemplate refuses, naming the field,', () => {
  const cases: [string, TemplateContents][] = [
    ['widthPx', { ...SAMPLE, widthPx: 0 }],
    ['heightPx', { ...SAMPLE, heightPx: 65536 }],
    ['widthPx', { ...SAMPLE, widthPx: 300.5 }],
    ['sourcePpi', { ...SAMPLE, sourcePpi: -1 }],
    ['quality', { ...SAMPLE, quality: 101 }],
    ['quality', { ...SAMPLE, quality: Number.NaN }],
    ['fingerPosition', { ...SAMPLE, fingerPosition: 11 }],
    ['methodVersion', { ...SAMPLE, methodVersion: 2 ** 32 }],
    ['minutiae[1].xPx', withMinutia({ xPx: 299.5 })],
    ['minutiae[1].yPx', withMinutia({ yPx: 400 })],
    ['minutiae[1].xPx', withMinutia({ xPx: Number.NaN })],
    ['minutiae[1].directionRad', withMinutia({ directionRad: 6.3 })],
    ['minutiae[1].directionRad', withMinutia({ directionRad: -0.1 })],
    ['minutiae[1].type', withMinutia({ type: 'ending' })],
    ['minutiae[1].quality', withMinutia({ quality: 100.5 })],
    ['minutiae.length', { ...SAMPLE, minutiae: new Array(256).fill(SAMPLE.minutiae[0]) }],
    ['geometricCodes.bits', { ...SAMPLE, geometricCodes: { ...SAMPLE.geometricCodes, bits: new Uint8Array(47) } }],
    ['geometricCodes.masks', { ...SAMPLE, geometricCodes: { ...SAMPLE.geometricCodes, masks: new Uint32Array(4) } }],
    ['learnedCodes.bits', { ...LEARNED, learnedCodes: { networkVersion: 5, bits: new Uint8Array(32) } }],
    ['learnedCodes.networkVersion', { ...SAMPLE, learnedCodes: { networkVersion: 0, bits: new Uint8Array(48) } }],
    ['learnedCodes', { ...SAMPLE, ...NO_MINUTIAE, learnedCodes: { networkVersion: 5, bits: new Uint8Array(0) } }],
  ]
  it.each(cases)('%s', (field, contents) => {
    const attempt = () => encodeTemplate(contents)
    expect(attempt).toThrow(RangeError)
    expect(attempt).toThrow(field)
  })
})

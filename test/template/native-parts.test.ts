import fc from 'fast-check'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { COMMON_BYTES } from '../../dist/template/native-layout.js'
import { hasGeometry, joinPieces, partsOf } from '../../dist/template/native-parts.js'
import { quantisedContents } from './arbitraries.js'

describe('parts of a template', () => {
  it('make the same template again, whatever it holds', () => {
    fc.assert(
      fc.property(quantisedContents(), some => {
        const { template, at } = partsOf(encodeTemplate(some))
        const pieces = {
          places: template.subarray(at.x, at.type),
          types: template.subarray(at.type, at.quality),
          qualities: template.subarray(at.quality, at.padding),
          geometry: template.subarray(at.bits, at.learnedBits),
          learnedBits: template.subarray(at.learnedBits),
          header: template.subarray(COMMON_BYTES, at.headerLength),
        }
        expect(joinPieces(pieces)).toEqual(template)
      }),
    )
  })

  it('are what it holds', () => {
    fc.assert(
      fc.property(quantisedContents(), some => {
        const template = encodeTemplate(some)
        const { minutiae, learnedCodes, geometricCodes, methodVersion } = decodeTemplate(template)
        const parts = partsOf(template)
        expect(parts.count).toBe(minutiae.length)
        expect(parts.networkVersion).toBe(learnedCodes?.networkVersion ?? 0)
        expect(parts.methodVersion).toBe(methodVersion)
        expect(hasGeometry(parts)).toBe(geometricCodes.bits.length > 0)
        const { at } = parts
        expect(template.subarray(at.learnedBits)).toEqual(learnedCodes?.bits ?? new Uint8Array(0))
        expect(template.subarray(at.bits, at.masks)).toEqual(geometricCodes.bits)
        expect([...template.subarray(at.quality, at.padding)]).toEqual(minutiae.map(({ quality }) => quality))
      }),
    )
  })

  it('are of a whole template only', () => {
    const template = encodeTemplate(fc.sample(quantisedContents(), 1)[0])
    expect(() => partsOf(template.subarray(0, template.length - 1))).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_CORRUPT' }),
    )
    expect(() => partsOf('' as never)).toThrow(TypeError)
  })
})

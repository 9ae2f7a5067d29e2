import fc from 'fast-check'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { joinParts, partsOf } from '../../dist/template/native-parts.js'
import { quantisedContents } from './arbitraries.js'

describe('parts of a template', () => {
  it('make the same template again, whatever it holds', () => {
    fc.assert(
      fc.property(quantisedContents(), some => {
        const template = encodeTemplate(some)
        expect(joinParts(partsOf(template))).toEqual(template)
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
        expect(parts.learnedBits).toEqual(learnedCodes?.bits ?? new Uint8Array(0))
        expect(parts.geometry.subarray(0, geometricCodes.bits.length)).toEqual(geometricCodes.bits)
        expect([...parts.qualities]).toEqual(minutiae.map(({ quality }) => quality))
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

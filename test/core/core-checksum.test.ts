import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCore } from '../../dist/core/compile.js'
import { isWholeCore, withChecksum } from '../../dist/core/core-checksum.js'

const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
const core = new Uint8Array(readFileSync(new URL('../../dist/core/release.wasm', import.meta.url)))
const altered = (bytes: Uint8Array, bit: number) => {
  const copy = bytes.slice()
  copy[bit >> 3] ^= 1 << (bit & 7)
  return copy
}

describe('the checksum of a core', () => {
  it('is a custom section, which engines pass over', () => {
    const sealed = new WebAssembly.Module(new Uint8Array(withChecksum(EMPTY_MODULE)))
    expect(WebAssembly.Module.customSections(sealed, 'sidik.crc32')).toHaveLength(1)
  })

  it('shows every altered bit, and every cut', () => {
    const sealed = withChecksum(EMPTY_MODULE)
    expect(isWholeCore(sealed)).toBe(true)
    for (let bit = 0; bit < 8 * sealed.length; bit++)
      expect(isWholeCore(altered(sealed, bit)), `bit ${bit}`).toBe(false)
    for (let end = 0; end < sealed.length; end++) expect(isWholeCore(sealed.subarray(0, end)), `${end}`).toBe(false)
  })

  // Two of 120 flipped bits compiled and gave other scores.
  it('has an altered core refused', () => {
    expect(compileCore(core, 'the core')).toBeInstanceOf(WebAssembly.Module)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 * core.length - 1 }), bit => {
        expect(() => compileCore(altered(core, bit), 'the core')).toThrow(
          expect.objectContaining({ code: 'CORE_MISSING' }),
        )
      }),
      { numRuns: 200 },
    )
  })
})

import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../dist/template/crc32.js'

const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('crc32', () => {
  it('has the published check value', () => {
    expect(crc32(bytesOf('123456789'))).toBe(0xcbf43926)
    expect(crc32(new Uint8Array(0))).toBe(0)
  })

  it('agrees with zlib on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), bytes => crc32(bytes) === zlibCrc32(bytes)))
  })

  it('chains over parts', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(), (bytes, cut) => {
        const middle = cut % (bytes.length + 1)
        return crc32(bytes, middle, bytes.length, crc32(bytes, 0, middle)) === crc32(bytes)
      }),
    )
  })
})

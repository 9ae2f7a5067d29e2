import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Extractor } from '../../dist/core/extractor.js'
import { readNetwork } from '../../dist/core/network.js'
import { loadNetwork, NETWORK_FILE } from '../../dist/node/network-file.js'
import { crc32 } from '../../dist/template/crc32.js'
import { CORE_TARGETS } from '../core-targets.js'
import { cleanImpressions } from '../extract/pictures.js'

const file = new Uint8Array(readFileSync(NETWORK_FILE))

/** A whole file of other contents: its CRC fits. */
function altered(alter: (view: DataView) => void): Uint8Array {
  const bytes = file.slice()
  const view = new DataView(bytes.buffer)
  alter(view)
  view.setUint32(12, crc32(bytes, 16, bytes.length), true)
  return bytes
}

const refused = (bytes: Uint8Array) => {
  try {
    readNetwork(bytes, 'weights.bin')
  } catch (error) {
    return (error as { code?: string }).code
  }
  return 'read'
}

describe('readNetwork', () => {
  it('reads what is shipped, to memory that threads share, and names it by its CRC', () => {
    const network = readNetwork(file, 'weights.bin')
    expect(network.bytes.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(network.version).toBe(crc32(file, 16, file.length))
    expect(network.version).toBe(loadNetwork().version)
  })

  it('refuses weights that were cut short, lengthened or altered anywhere', () => {
    expect(refused(new Uint8Array())).toBe('NETWORK_CORRUPT')
    expect(refused(new TextEncoder().encode('SDKN'))).toBe('NETWORK_CORRUPT')
    expect(refused(Buffer.concat([file, Uint8Array.of(0)]))).toBe('NETWORK_CORRUPT')
    fc.assert(
      fc.property(fc.nat(file.length - 1), length => refused(file.subarray(0, length)) === 'NETWORK_CORRUPT'),
      { numRuns: 20 },
    )
    const flip = fc.tuple(fc.nat(file.length - 1), fc.nat(7))
    fc.assert(
      fc.property(flip, ([at, bit]) => {
        const bytes = file.slice()
        bytes[at] ^= 1 << bit
        return /^NETWORK_(CORRUPT|VERSION)$/.test(refused(bytes) ?? '')
      }),
      { numRuns: 30 },
    )
  })

  it('refuses weights of another version, saying which', () => {
    for (const format of [1, 2, 4]) {
      expect(refused(altered(view => view.setUint16(4, format, true)))).toBe('NETWORK_VERSION')
    }
    expect(refused(altered(view => view.setUint16(6, 20, true)))).toBe('NETWORK_VERSION')
    expect(() =>
      readNetwork(
        altered(view => view.setUint16(4, 4, true)),
        'weights.bin',
      ),
    ).toThrow(/weights\.bin is of version 4 .*reinstall/)
  })
})

describe.each(CORE_TARGETS)('a core ($target)', ({ module }) => {
  it('refuses layers that are not its own', () => {
    const image = cleanImpressions(1)[0].image
    const layers: ((view: DataView) => void)[] = [
      view => view.setUint16(16, 2, true),
      view => view.setUint16(18, 24, true),
      view => view.setUint8(20, 3),
      view => view.setUint8(21, 1),
      view => view.setUint8(22, 0),
      view => view.setUint8(23, 32),
    ]
    for (const alter of layers) {
      const extractor = new Extractor(module, readNetwork(altered(alter), 'weights.bin'))
      expect(() => extractor.extract(image)).toThrow(expect.objectContaining({ code: 'NETWORK_VERSION' }))
    }
    expect(new Extractor(module, loadNetwork()).extract(image).minutiae.length).toBeGreaterThan(10)
  })
})

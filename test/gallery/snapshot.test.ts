import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { createEngine, SidikError } from 'sidik'
import { decodeTemplate } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { decodeSnapshot } from '../../dist/gallery/snapshot-read.js'
import { encodeSnapshot } from '../../dist/gallery/snapshot-write.js'
import { crc32 } from '../../dist/template/crc32.js'

interface Entry {
  id: string
  template: Uint8Array
}

const encode = (entries: readonly Entry[]) =>
  new Uint8Array(Buffer.concat([...encodeSnapshot(entries, entries.length)]))
const decode = (bytes: Uint8Array) =>
  [...decodeSnapshot(bytes)].flat().map(({ id, template }) => ({ id, template: template.slice() }))

const entry = fc.record({
  id: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  template: fc.uint8Array({ maxLength: 40 }),
})

/** The code and message that `work` ends in. */
function failure(work: () => unknown): SidikError {
  try {
    work()
  } catch (error) {
    if (error instanceof SidikError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** `bytes` with other values in the header and a CRC that fits them. */
function withHeader(bytes: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const changed = bytes.slice()
  const view = new DataView(changed.buffer)
  change(view)
  view.setUint32(28, crc32(changed, 0, 28), true)
  return changed
}

describe('a gallery file', () => {
  const three = [1, 2, 3].map(i => ({ id: `person-${i}`, template: new Uint8Array(5 * i).fill(i) }))
  const file = encode(three)

  it('gives back what was written, in order', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), entries => {
        expect(decode(encode(entries))).toEqual(entries)
      }),
    )
  })

  it('holds none, and more than one block', () => {
    expect(decode(encode([]))).toEqual([])
    const many = Array.from({ length: 2_500 }, (_, i) => ({ id: `${i}`, template: Uint8Array.of(i, i >> 8) }))
    expect(decode(encode(many))).toEqual(many)
  })

  it('is found out when cut short at any byte', () => {
    for (let length = 0; length < file.length; length++) {
      const { code, message } = failure(() => decode(file.subarray(0, length)))
      expect(code).toBe(length === 0 ? 'GALLERY_FORMAT' : 'GALLERY_CORRUPT')
      if (length > 0) expect(message).toContain(`the file ends`)
    }
  })

  it('is found out when any bit is flipped', () => {
    for (let bit = 0; bit < 8 * file.length; bit++) {
      const flipped = file.slice()
      flipped[bit >> 3] ^= 1 << (bit & 7)
      expect(failure(() => decode(flipped)).code).toMatch(/^GALLERY_(FORMAT|VERSION|CORRUPT)$/)
    }
  })

  it('is found out when blocks change places or are left out', () => {
    const many = Array.from({ length: 2_048 }, (_, i) => ({ id: `${i % 10}`, template: Uint8Array.of(i) }))
    const [header, one, two, trailer] = [...encodeSnapshot(many, many.length)]
    const join = (...pieces: Uint8Array[]) => new Uint8Array(Buffer.concat(pieces))
    expect(decode(join(header, one, two, trailer))).toHaveLength(2_048)
    expect(failure(() => decode(join(header, two, one, trailer))).code).toBe('GALLERY_CORRUPT')
    expect(failure(() => decode(join(header, one, trailer))).code).toBe('GALLERY_CORRUPT')
    expect(failure(() => decode(join(header, one, one, two, trailer))).code).toBe('GALLERY_CORRUPT')
    const other = [...encodeSnapshot(three, 3)].at(-1)!
    expect(failure(() => decode(join(header, one, two, other))).message).toContain('not those that were written')
  })

  it('says where it is damaged', () => {
    const flipped = file.slice()
    flipped[60] ^= 1
    expect(failure(() => decode(flipped)).message).toBe(
      'gallery damaged: the CRC does not fit the bytes (block 1 of 1, byte 48); use another copy of the file',
    )
    expect(failure(() => decode(Uint8Array.of(...file, 0))).message).toContain(
      `more follows its end at byte ${file.length}`,
    )
  })

  it('of a newer version is told from a damaged one', () => {
    const newer = withHeader(file, view => view.setUint16(8, 3, true))
    expect(failure(() => decode(newer))).toMatchObject({ code: 'GALLERY_VERSION' })
    expect(failure(() => decode(new TextEncoder().encode('P5 300 400 255')))).toMatchObject({ code: 'GALLERY_FORMAT' })
  })

  it('takes no memory for lengths that are made up', () => {
    const header = [...encodeSnapshot([], 0)][0]
    const claims = withHeader(header, view => {
      view.setUint32(12, 0xffffffff, true)
      view.setUint32(16, 0xffffffff, true)
    })
    const block = new Uint8Array(16)
    const view = new DataView(block.buffer)
    view.setUint32(0, 0xffffffff, true)
    view.setUint32(4, 1, true)
    view.setUint32(12, crc32(block, 0, 12), true)
    const { code, message } = failure(() => decode(new Uint8Array(Buffer.concat([claims, block]))))
    expect(code).toBe('GALLERY_CORRUPT')
    expect(message).toContain('4294967295 bytes are more than a block holds')
  })
})

describe('the gallery file that version 1 wrote', () => {
  const path = new URL('../../fixtures/galleries/v1/three.sidikgal', import.meta.url)

  it('is read by this version, and written again byte for byte', async () => {
    const bytes = new Uint8Array(readFileSync(path))
    const engine = await createEngine({ threads: 1 })
    try {
      const gallery = await engine.openGallery(bytes)
      expect(gallery.ids()).toEqual(['3276012304560001/right-index', '3276012304560001/left-index', 'Siti Aminah ✓'])
      expect(gallery.ids().map(id => decodeTemplate(gallery.get(id)!).minutiae.length)).toEqual([30, 41, 0])
      expect(gallery.toBytes()).toEqual(bytes)
    } finally {
      await engine.close()
    }
  })
})

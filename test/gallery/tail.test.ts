import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { createEngine } from 'sidik'
import { describe, expect, it } from 'vitest'
import { GenerationSeal } from '../../dist/gallery/cipher.js'
import { encodeMarker, readMarker } from '../../dist/gallery/marker.js'
import type { RecordForm } from '../../dist/gallery/tail.js'
import { readRecord, readTailHeader, recordLength } from '../../dist/gallery/tail-read.js'
import {
  encodeRecord,
  encodeTailHeader,
  recordCrc,
  recordSalt,
  sealRecord,
  storedCrc,
} from '../../dist/gallery/tail-write.js'
import { files as version1 } from '../../fixtures/galleries/durable-v1/make.mjs'
import { KEY, folders as version2 } from '../../fixtures/galleries/durable-v2/make.mjs'

const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const entry = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), id, template: fc.uint8Array({ maxLength: 60 }) }),
  fc.record({ kind: fc.constant('remove' as const), id }),
  fc.constant({ kind: 'mark' as const }),
)
const numbers = fc.record({
  sequence: fc.maxSafeNat(),
  settled: fc.maxSafeNat(),
  previousCrc: fc.nat({ max: 2 ** 32 - 1 }),
})
const galleryId = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const generations = fc.integer({ min: 1, max: 2 ** 32 - 1 })
const key = new Uint8Array(32).fill(7)
/** How records are written in the tail of a gallery, and in that of another generation. */
const forms = fc.record({ galleryId, generation: generations, isSealed: fc.boolean() }).map(of => {
  const form = (generation: number): RecordForm => {
    const seal = new GenerationSeal(key, of.galleryId, generation, new Uint8Array(32))
    const salt = recordSalt(generation, of.galleryId)
    return of.isSealed ? { salt, cipher: seal.cipherOf('tail') } : { salt }
  }
  return [form(of.generation), form((of.generation % (2 ** 32 - 1)) + 1)]
})

const ID_TEMPLATE = new TextEncoder().encode('a template')

describe('a record of a tail', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(entry, numbers, forms, (given, at, [form]) => {
        const bytes = sealRecord(encodeRecord(given), at, form)
        expect(recordLength(bytes)).toBe(bytes.length)
        const previousCrc = form.cipher ? at.previousCrc : undefined
        expect(readRecord(bytes, form)).toEqual({ entry: given, ...at, previousCrc, crc: storedCrc(bytes) })
      }),
    )
  })

  it('is not read when any bit is altered, nor in another generation, nor sealed among plain ones', () => {
    fc.assert(
      fc.property(entry, numbers, forms, fc.nat(), (given, at, [form, next], place) => {
        const bytes = sealRecord(encodeRecord(given), at, form)
        expect(readRecord(bytes, next)).toBeUndefined()
        const { salt, cipher } = form
        expect(readRecord(bytes, cipher ? { salt } : { salt, cipher: 'unopened' })).toBeUndefined()
        const bit = place % (8 * bytes.length)
        bytes[bit >> 3] ^= 1 << (bit & 7)
        const found = recordLength(bytes) === bytes.length ? readRecord(bytes, form) : undefined
        expect(found).toBeUndefined()
      }),
    )
  })

  it('that is sealed hides its kind, id and template, and opens at no other number', () => {
    const [seal, record] = [
      new GenerationSeal(key, 1n, 1),
      { kind: 'insert' as const, id: 'Budi', template: ID_TEMPLATE },
    ]
    const form = { salt: 5, cipher: seal.cipherOf('tail') }
    const bytes = sealRecord(encodeRecord(record), { sequence: 3, settled: 2, previousCrc: 9 }, form)
    const text = Buffer.from(bytes).toString('latin1')
    expect([text.includes('Budi'), text.includes('template')]).toEqual([false, false])
    for (const at of [8, 16, 24]) {
      const moved = bytes.slice()
      moved[at] ^= 1
      new DataView(moved.buffer).setUint32(28, recordCrc(moved, 5), true)
      expect(readRecord(moved, { salt: 5, cipher: 'unopened' })).toBeDefined()
      expect(readRecord(moved, form)).toBeUndefined()
    }
  })

  it('has numbers that are told apart, or does not read', () => {
    for (const at of [8, 16]) {
      const bytes = encodeRecord({ kind: 'remove', id: 'x' })
      sealRecord(bytes, { sequence: 1, settled: 0, previousCrc: 0 }, { salt: 1 })
      new DataView(bytes.buffer).setBigUint64(at, 2n ** 53n, true)
      new DataView(bytes.buffer).setUint32(28, recordCrc(bytes, 1), true)
      expect(readRecord(bytes, { salt: 1 })).toBeUndefined()
    }
  })

  it('has a length that a reader accepts, or is refused', () => {
    const of = (bytes: number) => encodeRecord({ kind: 'insert', id: 'x', template: new Uint8Array(bytes) })
    expect(recordLength(of(1_048_576 - 33))).toBe(1_048_576)
    expect(() => of(1_048_576 - 32)).toThrow(RangeError)
  })
})

describe('the headers of tail and marker', () => {
  it('give back what was written, and nothing when altered', () => {
    const header = { generation: 9, snapshotCrc: 0xfedcba98, galleryId: 2n ** 64n - 1n }
    expect(readTailHeader(encodeTailHeader(header))).toEqual({ ...header, isSealed: false })
    const seal = new GenerationSeal(key, header.galleryId, 9)
    expect(readTailHeader(encodeTailHeader(header, seal).subarray(0, 32))).toEqual({ ...header, isSealed: true })
    const marked = { generation: 0xffffffff, galleryId: 12n }
    expect(readMarker(encodeMarker(marked))).toEqual(marked)
    for (let bit = 0; bit < 8 * 32; bit++) {
      const [tail, marker] = [encodeTailHeader(header), encodeMarker(marked)]
      tail[bit >> 3] ^= 1 << (bit & 7)
      marker[bit >> 3] ^= 1 << (bit & 7)
      expect(() => readTailHeader(tail)).toThrow()
      expect(() => readMarker(marker)).toThrow()
    }
  })
})

const galleries = fileURLToPath(new URL('../../fixtures/galleries', import.meta.url))
const template = (name: string) => readFileSync(join(galleries, '../templates', `${name}.sdkt`))

const KEPT: [name: string, folder: string, made: Map<string, Buffer>, options: { key?: Uint8Array }][] = [
  ['1', join(galleries, 'durable-v1'), version1() as Map<string, Buffer>, {}],
  ['2', join(galleries, 'durable-v2/plain'), version2().get('plain')!, {}],
  ['2, with a key,', join(galleries, 'durable-v2/sealed'), version2().get('sealed')!, { key: KEY }],
]

describe.each(KEPT)('the durable gallery that version %s wrote', (_, kept, made, options) => {
  const bytesIn = (folder: string) => readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'hex')])

  it('is what its script makes', () => {
    for (const [name, bytes] of made) expect(readFileSync(join(kept, name)).equals(bytes), name).toBe(true)
  })

  it('is read by this version without a change to its files, and goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sidik-durable-kept-'))
    for (const name of made.keys()) cpSync(join(kept, name), join(folder, name))
    const before = bytesIn(folder)
    const engine = await createEngine({ threads: 1 })
    try {
      const read = await engine.openDurableGallery(folder, { readOnly: true, ...options })
      const ids = ['3276012304560001/right-index', 'Siti Aminah ✓', 'Budi/right-thumb']
      expect(read.ids()).toEqual(ids)
      expect(Buffer.from(read.get('Budi/right-thumb')!).equals(template('v2/one'))).toBe(true)
      expect(Buffer.from(read.get('Siti Aminah ✓')!).equals(template('v1/one-without-codes'))).toBe(true)
      await read.close()
      expect(bytesIn(folder)).toEqual(before)
      const writer = await engine.openDurableGallery(folder, options)
      await writer.remove('Siti Aminah ✓')
      await writer.close()
      expect(readMarker(readFileSync(join(folder, 'sidik-gallery'))).galleryId).toBeDefined()
      const again = await engine.openDurableGallery(folder, options)
      expect(again.ids()).toEqual([ids[0], ids[2]])
      expect(again.damage).toEqual([])
      await again.compact()
      await again.close()
      const compacted = await engine.openDurableGallery(folder, { readOnly: true, ...options })
      expect(compacted.ids()).toEqual([ids[0], ids[2]])
    } finally {
      await engine.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('once it was written to is refused when its tail is cut', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sidik-durable-kept-'))
    for (const name of made.keys()) cpSync(join(kept, name), join(folder, name))
    const engine = await createEngine({ threads: 1 })
    try {
      await (await engine.openDurableGallery(folder, options)).close()
      const tail = join(folder, 'tail-000007.sidiktail')
      const bytes = readFileSync(tail)
      const head = options.key ? 96 : 32
      for (let cut = head; cut < bytes.length; cut += 7) {
        writeFileSync(tail, bytes.subarray(0, cut))
        const opening = engine.openDurableGallery(folder, options)
        await expect(opening).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
      }
    } finally {
      await engine.close()
      rmSync(folder, { recursive: true })
    }
  })
})

import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { createEngine } from 'sidik'
import { describe, expect, it } from 'vitest'
import { encodeMarker, readMarker } from '../../dist/gallery/marker.js'
import { readRecord, readTailHeader, recordLength } from '../../dist/gallery/tail-read.js'
import { encodeRecord, encodeTailHeader, sealRecord } from '../../dist/gallery/tail-write.js'
import { files } from '../../fixtures/galleries/durable-v1/make.mjs'

const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const entry = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), id, template: fc.uint8Array({ maxLength: 60 }) }),
  fc.record({ kind: fc.constant('remove' as const), id }),
  fc.constant({ kind: 'mark' as const }),
)
const numbers = fc.record({
  generation: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  sequence: fc.maxSafeNat(),
  settled: fc.maxSafeNat(),
})

describe('a record of a tail', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(entry, numbers, (given, at) => {
        const bytes = encodeRecord(given)
        sealRecord(bytes, at)
        expect(recordLength(bytes)).toBe(bytes.length)
        const { sequence, settled } = at
        expect(readRecord(bytes, at.generation)).toEqual({ entry: given, sequence, settled })
      }),
    )
  })

  it('is not read when any bit is altered, nor in another generation', () => {
    fc.assert(
      fc.property(entry, numbers, fc.nat(), (given, at, place) => {
        const bytes = encodeRecord(given)
        sealRecord(bytes, at)
        expect(readRecord(bytes, (at.generation + 1) >>> 0)).toBeUndefined()
        const bit = place % (8 * bytes.length)
        bytes[bit >> 3] ^= 1 << (bit & 7)
        const found = recordLength(bytes) === bytes.length ? readRecord(bytes, at.generation) : undefined
        expect(found).toBeUndefined()
      }),
    )
  })

  it('has a length that a reader accepts, or is refused', () => {
    const of = (bytes: number) => encodeRecord({ kind: 'insert', id: 'x', template: new Uint8Array(bytes) })
    expect(recordLength(of(1_048_576 - 33))).toBe(1_048_576)
    expect(() => of(1_048_576 - 32)).toThrow(RangeError)
  })
})

describe('the headers of tail and marker', () => {
  it('give back what was written, and nothing when altered', () => {
    const header = { generation: 9, snapshotCrc: 0xfedcba98 }
    expect(readTailHeader(encodeTailHeader(header))).toEqual(header)
    expect(readMarker(encodeMarker(0xffffffff))).toBe(0xffffffff)
    for (let bit = 0; bit < 8 * 32; bit++) {
      const [tail, marker] = [encodeTailHeader(header), encodeMarker(3)]
      tail[bit >> 3] ^= 1 << (bit & 7)
      marker[bit >> 3] ^= 1 << (bit & 7)
      expect(() => readTailHeader(tail)).toThrow()
      expect(() => readMarker(marker)).toThrow()
    }
  })
})

describe('the durable gallery that version 1 wrote', () => {
  const kept = fileURLToPath(new URL('../../fixtures/galleries/durable-v1', import.meta.url))
  const made = files() as Map<string, Buffer>

  it('is what its script makes', () => {
    for (const [name, bytes] of made) expect(readFileSync(join(kept, name)).equals(bytes), name).toBe(true)
  })

  it('is read by this version, and goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sidik-durable-v1-'))
    for (const name of made.keys()) cpSync(join(kept, name), join(folder, name))
    const engine = await createEngine({ threads: 1 })
    try {
      const read = await engine.openDurableGallery(folder, { readOnly: true })
      const ids = ['3276012304560001/right-index', 'Siti Aminah ✓', 'Budi/right-thumb']
      expect(read.ids()).toEqual(ids)
      const template = (name: string) => readFileSync(join(kept, '../../templates', `${name}.sdkt`))
      expect(Buffer.from(read.get('Budi/right-thumb')!).equals(template('v2/one'))).toBe(true)
      expect(Buffer.from(read.get('Siti Aminah ✓')!).equals(template('v1/one-without-codes'))).toBe(true)
      await read.close()
      const writer = await engine.openDurableGallery(folder)
      await writer.remove('Siti Aminah ✓')
      await writer.close()
      const again = await engine.openDurableGallery(folder)
      expect(again.ids()).toEqual([ids[0], ids[2]])
      expect(again.damage).toEqual([])
      await again.close()
    } finally {
      await engine.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('is written again byte for byte', () => {
    expect(Buffer.from(encodeMarker(7)).equals(made.get('sidik-gallery')!)).toBe(true)
    const tail = new Uint8Array(made.get('tail-000007.sidiktail')!)
    const header = readTailHeader(tail)
    const pieces = [encodeTailHeader(header)]
    let at = 32
    for (let length = recordLength(tail, at)!; at + length < tail.length; length = recordLength(tail, at)!) {
      const { entry, sequence, settled } = readRecord(tail.subarray(at, at + length), 7)!
      const record = encodeRecord(entry)
      sealRecord(record, { generation: 7, sequence, settled })
      pieces.push(record)
      at += length
    }
    expect(pieces).toHaveLength(7)
    expect(Buffer.concat(pieces).equals(tail.subarray(0, at))).toBe(true)
  })
})

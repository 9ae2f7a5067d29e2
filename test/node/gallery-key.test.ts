/**
 * A durable gallery with a key: what opens it, and what is seen of changes by who does not have the
 * key.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { recordCrc, recordSalt } from '../../dist/gallery/tail-write.js'
import { crc32 } from '../../dist/template/crc32.js'
import { asText, openHeld, stateIn } from './durable/held-storage.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-key-'))
afterAll(() => rmSync(parent, { recursive: true }))
let folders = 0
const newFolder = () => join(parent, `gallery-${++folders}`)
const template = (value: number) => new Uint8Array(40).fill(value)
const key = new Uint8Array(32).fill(1)
const otherKey = new Uint8Array(32).fill(2)

const SEALED_HEAD = 96

/** Two blocks in the snapshot, five changes in the tail. Returns what is in it. */
async function filled(folder: string, options: { key?: Uint8Array } = { key }): Promise<string> {
  const opened = await openHeld(folder, { create: true, ...options })
  await Promise.all(Array.from({ length: 1_030 }, (_, i) => opened.insert(`${i}`, Uint8Array.of(i & 255, i >> 8))))
  await opened.compact()
  for (let i = 0; i < 5; i++) await opened.insert(`later ${i}`, template(i))
  const text = asText(opened.held)
  await opened.close()
  return text
}

const rejected = (code: string, message = '') => ({ code, message: expect.stringContaining(message) })

/** The records of a tail, as they lie. */
function recordsOf(tail: Buffer): Buffer[] {
  const records: Buffer[] = []
  for (let at = SEALED_HEAD; at < tail.length; at += records.at(-1)!.length) {
    records.push(tail.subarray(at, at + tail.readUInt32LE(at)))
  }
  return records
}

const TAIL = 'tail-000002.sidiktail'
const SNAPSHOT = 'snapshot-000002.sidikgal'

describe('the key of a durable gallery', () => {
  it('is asked for before anything is read, and only the right one opens', async () => {
    const folder = newFolder()
    const text = await filled(folder)
    const held = { received: 0 }
    const { openStorage } = await import('../../dist/node/open-storage.js')
    const receive = () => {
      held.received++
      return undefined
    }
    for (const [given, message] of [
      [undefined, 'is sealed: open it with its key'],
      [otherKey, 'this key does not open'],
    ] as const) {
      for (const options of [{}, { readOnly: true }, { readOnly: true, damaged: 'skip' as const }]) {
        const opening = openStorage(folder, { receive, has: () => false }, { key: given, ...options })
        await expect(opening).rejects.toMatchObject(rejected('GALLERY_KEY', message))
      }
    }
    expect(held.received).toBe(0)
    expect(readdirSync(folder).filter(name => name.startsWith('lock'))).toEqual([])
    expect((await stateIn(folder, { key })).text).toBe(text)
  })

  it('does not open a gallery that has none: that may be of anybody', async () => {
    const folder = newFolder()
    await filled(folder, {})
    for (const options of [{ readOnly: true }, {}, { create: true }]) {
      await expect(openHeld(folder, { key, ...options })).rejects.toMatchObject(rejected('GALLERY_KEY', 'has no key'))
    }
    // Nor one whose one file was exchanged for a plain one.
    const sealed = newFolder()
    await filled(sealed)
    cpSync(join(folder, SNAPSHOT), join(sealed, SNAPSHOT))
    await expect(stateIn(sealed, { key, damaged: 'skip' })).rejects.toMatchObject({ code: 'GALLERY_KEY' })
  })

  it('is found out to be right although one of the two heads is damaged, and not when both are', async () => {
    const folder = newFolder()
    const text = await filled(folder)
    const names = [TAIL, SNAPSHOT]
    const bytes = names.map(name => readFileSync(join(folder, name)))
    for (const [i, name] of names.entries()) {
      for (const at of [3, 20, 40, 70, 94]) {
        writeFileSync(
          join(folder, name),
          bytes[i].map((byte, place) => (place === at ? byte ^ 8 : byte)),
        )
        await expect(stateIn(folder, { key })).rejects.toMatchObject(rejected('GALLERY_CORRUPT', name))
        await expect(stateIn(folder, { key: otherKey, damaged: 'skip' })).rejects.toMatchObject({
          code: expect.stringMatching(/GALLERY_(KEY|CORRUPT)/),
        })
        expect((await stateIn(folder, { key, damaged: 'skip' })).text).toBe(text)
      }
      writeFileSync(join(folder, name), bytes[i])
    }
    for (const [i, name] of names.entries()) writeFileSync(join(folder, name), Buffer.from(bytes[i]).fill(0, 32, 40))
    await expect(stateIn(folder, { key, damaged: 'skip' })).rejects.toMatchObject(
      rejected('GALLERY_CORRUPT', 'use a copy'),
    )
  })

  it('seals with a nonce that is never used twice, also where copies go on, or a writer is killed', async () => {
    const folder = newFolder()
    await filled(folder)
    const nonces: string[] = []
    const collect = (from: string, since: number) => {
      const records = recordsOf(readFileSync(join(from, TAIL))).slice(since)
      nonces.push(...records.map(record => record.subarray(32, 44).toString('hex')))
      return since + records.length
    }
    const count = collect(folder, 0)
    const copies = [newFolder(), newFolder(), newFolder()]
    for (const copy of copies) {
      cpSync(folder, copy, { recursive: true })
      const opened = await openHeld(copy, { key })
      // The same change, at the same number, in each copy.
      for (let i = 0; i < 20; i++) await opened.insert(`same ${i}`, template(i))
      await opened.close()
      collect(copy, count)
    }
    expect(new Set(nonces).size).toBe(nonces.length)
    expect(nonces.length).toBeGreaterThan(60)
  })
})

describe('who has not the key, but writes in the folder and knows how checksums are made,', () => {
  /** The folder's gallery, and how a record is given a number or a place. */
  async function attacked() {
    const folder = newFolder()
    const text = await filled(folder)
    const path = join(folder, TAIL)
    const tail = readFileSync(path)
    const salt = recordSalt(2, tail.readBigUInt64LE(16))
    const renumbered = (record: Buffer, sequence: number, settled: number) => {
      const copy = Buffer.from(record)
      copy.writeBigUInt64LE(BigInt(sequence), 8)
      copy.writeBigUInt64LE(BigInt(settled), 16)
      copy.writeUInt32LE(recordCrc(copy, salt), 28)
      return copy
    }
    const write = (records: Buffer[]) => writeFileSync(path, Buffer.concat([tail.subarray(0, SEALED_HEAD), ...records]))
    return { folder, text, tail, salt, records: recordsOf(tail), renumbered, write }
  }

  it('cannot reorder, repeat, renumber or take out a record unseen', async () => {
    const { folder, records, renumbered, write, text } = await attacked()
    const [a, b, ...rest] = records
    const n = (record: Buffer) => Number(record.readBigUInt64LE(8))
    const s = (record: Buffer) => Number(record.readBigUInt64LE(16))
    const as = (record: Buffer, other: Buffer) => renumbered(record, n(other), s(other))
    const plainMark = (sequence: number) => {
      const mark = Buffer.alloc(32)
      mark.writeUInt32LE(32, 0)
      mark.writeUInt16LE(3, 4)
      return renumbered(mark, sequence, sequence - 1)
    }
    const attempts: Buffer[][] = [
      [b, a, ...rest],
      [as(b, a), as(a, b), ...rest],
      [a, as(a, b), ...rest],
      [a, ...rest],
      [a, ...rest.map((record, i) => as(record, [b, ...rest][i]))],
      [a, plainMark(n(b)), ...rest],
    ]
    for (const [i, attempt] of attempts.entries()) {
      write(attempt)
      await expect(stateIn(folder, { key }), `${i}`).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
    }
    write(records)
    expect((await stateIn(folder, { key })).text).toBe(text)
  })

  it('cannot put a record of one copy into another copy that went on too', async () => {
    const folder = newFolder()
    await filled(folder)
    const [copy, other] = [newFolder(), newFolder()]
    for (const [i, place] of [copy, other].entries()) {
      cpSync(folder, place, { recursive: true })
      const opened = await openHeld(place, { key })
      for (let change = 0; change < 4; change++) await opened.insert(`same ${change}`, template(10 * i + change))
      await opened.close()
    }
    const path = join(copy, TAIL)
    const tail = readFileSync(path)
    const [own, foreign] = [recordsOf(tail), recordsOf(readFileSync(join(other, TAIL)))]
    expect(own.map(({ length }) => length)).toEqual(foreign.map(({ length }) => length))
    const common = own.findIndex((record, i) => !record.equals(foreign[i]))
    let exchanges = 0
    // Marks are there as well; the last of all has no record behind it, and says nothing of the set.
    for (let i = common; i < own.length - 1; i++) {
      const records = own.map((record, k) => (k === i ? foreign[i] : record))
      writeFileSync(path, Buffer.concat([tail.subarray(0, SEALED_HEAD), ...records]))
      await expect(stateIn(copy, { key }), `${i}`).rejects.toMatchObject(
        rejected('GALLERY_CORRUPT', 'was written behind another one'),
      )
      exchanges++
    }
    expect(exchanges).toBeGreaterThanOrEqual(4)
  })

  it('cannot move a record, a tail or a snapshot from another gallery or generation of the same key', async () => {
    const { folder, records, salt, write } = await attacked()
    const other = newFolder()
    await filled(other)
    const foreign = recordsOf(readFileSync(join(other, TAIL)))
    const moved = Buffer.from(foreign[1])
    moved.writeUInt32LE(recordCrc(moved, salt), 28)
    write([records[0], moved, ...records.slice(2)])
    await expect(stateIn(folder, { key })).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
    write(records)
    for (const names of [[TAIL], [SNAPSHOT], [TAIL, SNAPSHOT], [TAIL, SNAPSHOT, 'length-000002.sidiklength']]) {
      const copy = newFolder()
      cpSync(folder, copy, { recursive: true })
      for (const name of names) cpSync(join(other, name), join(copy, name))
      for (const damaged of ['refuse', 'skip'] as const) {
        await expect(stateIn(copy, { key, damaged }), names.join()).rejects.toMatchObject({
          code: expect.stringMatching(/^GALLERY_(CORRUPT|KEY)$/),
        })
      }
    }
  })

  it('cannot exchange or take out blocks of a snapshot unseen', async () => {
    const { folder, text } = await attacked()
    const path = join(folder, SNAPSHOT)
    const bytes = readFileSync(path)
    const second = SEALED_HEAD + 16 + bytes.readUInt32LE(SEALED_HEAD)
    const end = bytes.length - 16
    const [head, first, next] = [
      bytes.subarray(0, SEALED_HEAD),
      bytes.subarray(SEALED_HEAD, second),
      bytes.subarray(second, end),
    ]
    /** With a trailer that fits, so that the tail's number of it is all that does not. */
    const snapshot = (...blocks: Buffer[]) => {
      const parts = [
        bytes.subarray(0, 32),
        bytes.subarray(32, SEALED_HEAD),
        ...blocks.map(block => block.subarray(0, 16)),
      ]
      const chain = parts.reduce((crc, part) => crc32(part, 0, part.length - 4, crc), 0)
      const trailer = Buffer.from(bytes.subarray(end))
      trailer.writeUInt32LE(chain, 8)
      trailer.writeUInt32LE(crc32(trailer, 0, 12), 12)
      return Buffer.concat([head, ...blocks, trailer])
    }
    expect(snapshot(first, next).equals(bytes)).toBe(true)
    for (const blocks of [[next, first], [first], [next], [], [first, first]]) {
      writeFileSync(path, snapshot(...blocks))
      await expect(stateIn(folder, { key })).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
    }
    writeFileSync(path, bytes)
    expect((await stateIn(folder, { key })).text).toBe(text)
  })
})

describe.each([
  ['without a key', {}],
  ['with a key', { key }],
])('any altered bits %s', (_, options) => {
  it('anywhere in the files are refused, or nothing is lost; skipped, nothing else is served', async () => {
    const folder = newFolder()
    const text = await filled(folder, options)
    const was = new Map<string, string>(JSON.parse(text))
    const names = readdirSync(folder)
    const bytes = new Map(names.map(name => [name, readFileSync(join(folder, name))]))
    const flip = fc.record({ name: fc.constantFrom(...names), at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 3 }), async flips => {
        const altered = new Map([...bytes].map(([name, whole]) => [name, Buffer.from(whole)]))
        for (const { name, at, mask } of flips) {
          const file = altered.get(name)!
          // Beginnings and ends hold most of what decides.
          const place =
            at % 3 === 0
              ? at % Math.min(200, file.length)
              : at % 3 === 1
                ? file.length - 1 - (at % Math.min(400, file.length))
                : at % file.length
          file[place] ^= mask
        }
        for (const [name, file] of altered) writeFileSync(join(folder, name), file)
        const found = await stateIn(folder, options).catch(error => error)
        if (found instanceof Error) expect(found).toMatchObject({ code: expect.stringMatching(/^GALLERY_/) })
        else expect(found.text).toBe(text)
        const skipped = await stateIn(folder, { ...options, damaged: 'skip' }).catch(error => error)
        if (skipped instanceof Error) expect(skipped).toMatchObject({ code: expect.stringMatching(/^GALLERY_/) })
        else for (const [id, content] of JSON.parse(skipped.text)) expect(was.get(id)).toBe(content)
      }),
      { numRuns: 150 },
    )
  }, 120_000)

  it('in a length near 2^32 ask for no more memory than a record or a block may have', async () => {
    const folder = newFolder()
    await filled(folder, options)
    const isSealed = 'key' in options
    const cases: [name: string, at: number, sealAt: number][] = [
      [TAIL, isSealed ? 96 : 32, 0],
      [SNAPSHOT, isSealed ? 96 : 32, 16],
      [SNAPSHOT, (isSealed ? 96 : 32) + 4, 12],
    ]
    for (const [name, at, sealedBytes] of cases) {
      const bytes = readFileSync(join(folder, name))
      for (const length of [2 ** 32 - 1, 2 ** 32 - 16, 2 ** 31]) {
        const altered = Buffer.from(bytes)
        altered.writeUInt32LE(length, at)
        const block = isSealed ? 96 : 32
        if (sealedBytes > 0) altered.writeUInt32LE(crc32(altered, block, block + 12), block + 12)
        writeFileSync(join(folder, name), altered)
        await expect(stateIn(folder, options)).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
      }
      writeFileSync(join(folder, name), bytes)
    }
  })
})

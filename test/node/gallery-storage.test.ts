import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { SidikError } from 'sidik'
import { afterAll, describe, expect, it } from 'vitest'
import { readMarker } from '../../dist/gallery/marker.js'
import { asText, openHeld, stateIn } from './durable/held-storage.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-storage-'))
afterAll(() => rmSync(parent, { recursive: true }))
let folders = 0
const newFolder = () => join(parent, `gallery-${++folders}`)
const bytesOf = (...values: number[]) => Uint8Array.from(values)

const KEYS = [1, 2].map(value => new Uint8Array(32).fill(value))

const idOf = fc.constantFrom('a', 'b', 'c', 'Siti Aminah ✓')
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('insert'), id: idOf, template: fc.uint8Array({ maxLength: 30 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('replace'), id: idOf, template: fc.uint8Array({ maxLength: 30 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('remove'), id: idOf }) },
  { weight: 1, arbitrary: fc.constant({ do: 'compact' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rekey'), key: fc.constantFrom(null, ...KEYS) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' }) },
)

describe('a storage', () => {
  it('that several begin at once is begun by one, and locked for the others', async () => {
    let locked = 0
    for (let round = 0; round < 30; round++) {
      const folder = newFolder()
      const opening = Array.from({ length: 3 }, () => openHeld(folder, { create: true }))
      const ended = await Promise.allSettled(opening)
      for (const each of ended) {
        if (each.status === 'rejected') {
          expect(each.reason).toMatchObject({ code: 'GALLERY_LOCKED' })
          locked++
        } else await each.value.close()
      }
      expect(ended.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1)
    }
    expect(locked).toBeGreaterThan(0)
  })

  it('holds what a Map holds, through changes, compactions, changes of the key and openings', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, together) => {
        const folder = newFolder()
        const model = new Map<string, Uint8Array>()
        let key: Uint8Array | undefined
        let opened = await openHeld(folder, { create: true })
        let underWay: Promise<unknown>[] = []
        for (const next of steps as { do: string; id: string; template: Uint8Array; key: Uint8Array | null }[]) {
          const { id, template } = next
          if (next.do === 'reopen') {
            await Promise.all(underWay)
            underWay = []
            await opened.close()
            opened = await openHeld(folder, { key })
            expect(asText(opened.held)).toBe(asText(model))
            continue
          }
          const expected =
            next.do === 'insert' && model.has(id)
              ? 'ID_EXISTS'
              : next.do === 'remove' && !model.has(id)
                ? 'ID_UNKNOWN'
                : undefined
          if (expected === undefined && next.do !== 'compact' && next.do !== 'rekey') {
            model.delete(id)
            if (next.do !== 'remove') model.set(id, template)
          }
          if (next.do === 'rekey') key = next.key ?? undefined
          const work =
            next.do === 'compact' || next.do === 'rekey'
              ? opened.compact(next.do === 'rekey' ? next.key : undefined)
              : next.do === 'remove'
                ? opened.remove(id)
                : opened.insert(id, template, next.do === 'replace')
          const outcome = work.then(
            () => expect(expected).toBeUndefined(),
            error => expect(error.code).toBe(expected),
          )
          underWay.push(outcome)
          if (!together) await outcome
        }
        await Promise.all(underWay)
        expect(asText(opened.held)).toBe(asText(model))
        expect((await stateIn(folder, { key })).text).toBe(asText(model))
        await opened.close()
        expect((await stateIn(folder, { key })).text).toBe(asText(model))
        expect(readdirSync(folder)).toHaveLength(4)
        rmSync(folder, { recursive: true })
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('writes nothing when it is only read, and nothing to its files when nothing changes', async () => {
    const folder = newFolder()
    const opened = await openHeld(folder, { create: true })
    await opened.insert('a', bytesOf(1))
    await opened.close()
    const files = () => readdirSync(folder).map(name => [name, statSync(join(folder, name)).mtimeMs])
    const before = [files(), statSync(folder).mtimeMs]
    await stateIn(folder)
    expect([files(), statSync(folder).mtimeMs]).toEqual(before)
    await (await openHeld(folder)).close()
    expect(files()).toEqual(before[0])
  })

  it('makes changes that were asked for at once in their order, and judges each by those before', async () => {
    const opened = await openHeld(newFolder(), { create: true })
    const outcomes = await Promise.allSettled([
      opened.insert('a', bytesOf(1)),
      opened.insert('a', bytesOf(2)),
      opened.insert('a', bytesOf(3), true),
      opened.remove('a'),
      opened.remove('a'),
      opened.insert('a', bytesOf(4)),
    ])
    const codes = outcomes.map(outcome => (outcome.status === 'rejected' ? outcome.reason.code : 'made'))
    expect(codes).toEqual(['made', 'ID_EXISTS', 'made', 'made', 'ID_UNKNOWN', 'made'])
    expect(opened.held).toEqual(new Map([['a', bytesOf(4)]]))
    await opened.close()
  })

  it('keeps changes that come while it compacts', async () => {
    const folder = newFolder()
    const opened = await openHeld(folder, { create: true })
    await Promise.all(Array.from({ length: 300 }, (_, i) => opened.insert(`${i}`, bytesOf(i & 255, i >> 8))))
    let done = false
    const compacting = Promise.all([opened.compact(), opened.compact()]).then(() => {
      done = true
    })
    let more = 0
    while (!done || more < 50) {
      await opened.insert(`later-${more}`, bytesOf(more & 255))
      if (more % 3 === 0) await opened.remove(`${more}`)
      more++
    }
    await compacting
    const { text } = await stateIn(folder)
    expect(text).toBe(asText(opened.held))
    await opened.close()
    expect((await stateIn(folder)).text).toBe(text)
    expect(readMarker(readFileSync(join(folder, 'sidik-gallery'))).generation).toBe(3)
  })
})

/** A gallery with some changes in its tail, and all states that were acknowledged on the way. */
async function history(folder: string, { marked = true } = {}) {
  const opened = await openHeld(folder, { create: true })
  await opened.insert('before', bytesOf(0))
  await opened.compact()
  const length = join(folder, 'length-000002.sidiklength')
  const firstLength = readFileSync(length)
  const states = [asText(opened.held)]
  const then = async (work: Promise<void>) => {
    await work
    states.push(asText(opened.held))
  }
  await then(opened.insert('a', bytesOf(1, 1, 1, 1)))
  await then(opened.insert('b', bytesOf(2, 2)))
  await then(opened.insert('a', bytesOf(3, 3, 3), true))
  await then(opened.remove('before'))
  await then(opened.insert('c', bytesOf()))
  await opened.close()
  const tail = join(folder, 'tail-000002.sidiktail')
  if (!marked) {
    // As after a loss of power before the mark, the last 32 bytes, was on the disk, and before any
    // word of the length.
    writeFileSync(tail, readFileSync(tail).subarray(0, -32))
    writeFileSync(length, firstLength)
  }
  return { states, tail, bytes: readFileSync(tail), length, lengthBytes: readFileSync(length) }
}

async function refused(folder: string): Promise<SidikError | undefined> {
  return stateIn(folder).then(
    () => undefined,
    error => {
      if (error instanceof SidikError) return error
      throw error
    },
  )
}

describe('a tail', () => {
  it('of a machine that stopped, cut short at any byte, is opened as it was at some earlier moment', async () => {
    const folder = newFolder()
    const { states, tail, bytes } = await history(folder, { marked: false })
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(tail, bytes.subarray(0, length))
      if (length < 32) {
        expect((await refused(folder))!.code).toBe('GALLERY_CORRUPT')
        continue
      }
      const { text, damage } = await stateIn(folder)
      expect(damage).toEqual([])
      expect(states).toContain(text)
    }
    expect((await stateIn(folder)).text).toBe(states.at(-1))
  })

  it('with any byte altered is refused and the place named', async () => {
    const folder = newFolder()
    const { tail, bytes } = await history(folder)
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [1, 0x80, 0xff]) {
        const altered = Buffer.from(bytes)
        altered[at] ^= mask
        writeFileSync(tail, altered)
        const error = await refused(folder)
        expect(error).toMatchObject({ code: 'GALLERY_CORRUPT', message: expect.stringContaining(tail) })
        const { damage } = await stateIn(folder, { damaged: 'skip' })
        expect(damage).toHaveLength(1)
        const [{ file, offsetBytes, bytes: length }] = damage
        expect(file).toBe('tail-000002.sidiktail')
        expect(offsetBytes <= at && at < offsetBytes + length, `${at} in ${offsetBytes} + ${length}`).toBe(true)
      }
    }
  }, 60_000)

  it('whose last write was never seen to be whole is cut off where it is not, and goes on from there', async () => {
    const folder = newFolder()
    const { states, tail, bytes, length, lengthBytes } = await history(folder, { marked: false })
    const last = bytes.length - 33
    for (let at = last; at < bytes.length; at++) {
      const altered = Buffer.from(bytes)
      altered[at] ^= 0x10
      writeFileSync(tail, altered)
      writeFileSync(length, lengthBytes)
      expect((await stateIn(folder)).text).toBe(states.at(-2))
      const opened = await openHeld(folder)
      await opened.insert('next', bytesOf(9))
      const expected = asText(opened.held)
      await opened.close()
      expect(await stateIn(folder)).toEqual({ text: expected, damage: [] })
    }
  })

  it('with a record taken out, or written twice, is found out', async () => {
    const folder = newFolder()
    const { states, tail, bytes } = await history(folder)
    // header; insert a: 32 + 1 + 4; insert b: 32 + 1 + 2
    const [first, second, third] = [32, 69, 104]
    writeFileSync(tail, Buffer.concat([bytes.subarray(0, first), bytes.subarray(second)]))
    expect((await refused(folder))!.message).toContain('damaged at byte 32, 0 bytes: record 1 should be here')
    writeFileSync(tail, Buffer.concat([bytes.subarray(0, third), bytes.subarray(second)]))
    expect((await refused(folder))!.message).toContain('damaged at byte 104, 35 bytes: record 2 comes a second time')
    expect((await stateIn(folder, { damaged: 'skip' })).text).toBe(states.at(-1))
  })

  it('of another generation, or of another snapshot, is never applied', async () => {
    const folder = newFolder()
    const other = newFolder()
    const { bytes } = await history(folder)
    const opened = await openHeld(folder)
    await opened.compact()
    await opened.insert('d', bytesOf(4))
    await opened.close()
    const tail = join(folder, 'tail-000003.sidiktail')
    const right = readFileSync(tail)
    writeFileSync(tail, bytes)
    expect((await refused(folder))!.message).toContain('is not the tail of generation 3')
    // Records of another generation behind the right header do not read.
    writeFileSync(tail, Buffer.concat([right.subarray(0, 32), bytes.subarray(32)]))
    expect((await refused(folder))!.message).toContain('records 1 to 2 cannot be read')
    writeFileSync(tail, right)
    await history(other)
    const swapped = await openHeld(other)
    await swapped.compact()
    await swapped.insert('x', bytesOf(1))
    await swapped.compact()
    await swapped.close()
    cpSync(join(other, 'snapshot-000004.sidikgal'), join(folder, 'snapshot-000003.sidikgal'))
    expect((await refused(folder))!.message).toContain('continues another snapshot')
    const skipping = stateIn(folder, { damaged: 'skip' })
    await expect(skipping).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
  })

  it('goes on behind damage that was skipped, which stays where it is and is kept by a compaction', async () => {
    const folder = newFolder()
    const { states, tail, bytes } = await history(folder)
    const altered = Buffer.from(bytes)
    altered[100] ^= 1
    writeFileSync(tail, altered)
    let opened = await openHeld(folder, { damaged: 'skip' })
    expect(opened.damage).toMatchObject([{ offsetBytes: 69, bytes: 35, reason: 'record 2 cannot be read' }])
    await opened.insert('d', bytesOf(4))
    const expected = asText(opened.held)
    await opened.close()
    expect(expected).not.toBe(states.at(-1))
    opened = await openHeld(folder, { damaged: 'skip' })
    expect(asText(opened.held)).toBe(expected)
    expect(opened.damage).toHaveLength(1)
    const evidence = readFileSync(tail)
    await opened.compact()
    await opened.insert('e', bytesOf(5))
    await opened.compact()
    await opened.close()
    expect((await stateIn(folder)).damage).toEqual([])
    expect(readdirSync(folder)).toHaveLength(5)
    expect(readFileSync(`${tail}.damaged`).equals(evidence)).toBe(true)
  })

  it('longer behind the last record that reads than any write is damaged there, not torn', async () => {
    const folder = newFolder()
    const { states, tail, bytes } = await history(folder, { marked: false })
    const torn = Buffer.concat([bytes, new Uint8Array(4_194_304)])
    writeFileSync(tail, torn)
    expect((await stateIn(folder)).text).toBe(states.at(-1))
    writeFileSync(tail, Buffer.concat([torn, new Uint8Array(1_000)]))
    expect((await refused(folder))!.message).toContain(`byte ${bytes.length}, 4195304 bytes`)
    const opened = await openHeld(folder, { damaged: 'skip' })
    expect(asText(opened.held)).toBe(states.at(-1))
    await opened.insert('d', bytesOf(4))
    const expected = asText(opened.held)
    await opened.close()
    expect(await stateIn(folder)).toEqual({ text: expected, damage: [] })
    expect(readFileSync(`${tail}.damaged`).length).toBe(bytes.length + 4_195_304)
  })
})

describe('a snapshot in a folder', () => {
  /** Two blocks and a tail. */
  async function twoBlocks(folder: string) {
    const opened = await openHeld(folder, { create: true })
    await Promise.all(Array.from({ length: 1_030 }, (_, i) => opened.insert(`${i}`, bytesOf(i & 255, i >> 8))))
    await opened.compact()
    await opened.insert('later', bytesOf(7))
    const text = asText(opened.held)
    await opened.close()
    const snapshot = join(folder, 'snapshot-000002.sidikgal')
    return { snapshot, text, bytes: readFileSync(snapshot) }
  }

  it('with any byte altered is refused; the other block and the tail are served if asked', async () => {
    const folder = newFolder()
    const { snapshot, text, bytes } = await twoBlocks(folder)
    const secondBlock = 32 + 16 + bytes.readUInt32LE(32)
    const blockOf = (at: number) =>
      at < 32 || at >= bytes.length - 16 ? 'none' : at < secondBlock ? 'first' : 'second'
    const places = [0, 8, 12, 31, 32, 36, 47, 48, 5_000, secondBlock - 1, secondBlock, secondBlock + 15]
    for (const at of [...places, secondBlock + 16, bytes.length - 17, bytes.length - 16, bytes.length - 1]) {
      const altered = Buffer.from(bytes)
      altered[at] ^= 4
      writeFileSync(snapshot, altered)
      expect(await refused(folder), `${at}`).toMatchObject({ code: 'GALLERY_CORRUPT' })
      const { text: rest, damage } = await stateIn(folder, { damaged: 'skip' })
      expect(damage).toHaveLength(1)
      expect(damage[0].offsetBytes <= at && at < damage[0].offsetBytes + damage[0].bytes, `${at}`).toBe(true)
      const size = JSON.parse(rest).length
      expect(size).toBe({ none: 1_031, first: 7, second: 1_025 }[blockOf(at)])
      if (size === 1_031) expect(rest).toBe(text)
      expect(rest).toContain('"later"')
    }
  })

  it('cut short at any place is refused, and serves what is whole', async () => {
    const folder = newFolder()
    const { snapshot, bytes } = await twoBlocks(folder)
    for (let length = 0; length < bytes.length; length += 997) {
      writeFileSync(snapshot, bytes.subarray(0, length))
      expect((await refused(folder))!.code).toBe('GALLERY_CORRUPT')
      const { text } = await stateIn(folder, { damaged: 'skip' })
      expect([1, 1_025]).toContain(JSON.parse(text).length)
    }
    rmSync(snapshot)
    expect((await refused(folder))!.message).toContain('the snapshot is missing')
    expect(JSON.parse((await stateIn(folder, { damaged: 'skip' })).text)).toHaveLength(1)
  })

  it('whose blocks change places is found out', async () => {
    const folder = newFolder()
    const { snapshot, bytes } = await twoBlocks(folder)
    const second = 32 + 16 + bytes.readUInt32LE(32)
    const end = bytes.length - 16
    const parts = [bytes.subarray(0, 32), bytes.subarray(second, end), bytes.subarray(32, second), bytes.subarray(end)]
    writeFileSync(snapshot, Buffer.concat(parts))
    expect((await refused(folder))!.message).toContain('not those that were written')
    writeFileSync(snapshot, Buffer.concat([bytes, bytesOf(0)]))
    expect((await refused(folder))!.message).toContain('more follows its end')
  })
})

describe('the marker', () => {
  it('with any byte altered, cut short or gone is refused, and done without if asked', async () => {
    const folder = newFolder()
    const { states } = await history(folder)
    const marker = join(folder, 'sidik-gallery')
    const bytes = readFileSync(marker)
    const variants = Array.from(bytes, (_, at) => bytes.map((byte, i) => (i === at ? byte ^ 2 : byte)))
    for (const variant of [...variants, bytes.subarray(0, 12), bytesOf()]) {
      writeFileSync(marker, variant)
      expect(await refused(folder)).toMatchObject({ code: 'GALLERY_CORRUPT', message: expect.stringContaining(marker) })
      const { text, damage } = await stateIn(folder, { damaged: 'skip' })
      expect([text, damage.length]).toEqual([states.at(-1), 1])
    }
    rmSync(marker)
    expect((await refused(folder))!.code).toBe('GALLERY_CORRUPT')
    await expect(openHeld(folder, { create: true })).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
    // Which of two generations counted is not guessed.
    writeFileSync(join(folder, 'tail-000001.sidiktail'), 'left over')
    await expect(stateIn(folder, { damaged: 'skip' })).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
    rmSync(join(folder, 'tail-000001.sidiktail'))
    const opened = await openHeld(folder, { damaged: 'skip' })
    await opened.compact()
    await opened.close()
    expect(await stateIn(folder)).toEqual({ text: states.at(-1), damage: [] })
  })
})

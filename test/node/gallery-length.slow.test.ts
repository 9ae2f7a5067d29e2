/**
 * What is seen when the tail of a durable gallery, or what says how far it goes, is cut short,
 * altered or taken away.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeStatement, encodeTailLength, readTailLength } from '../../dist/gallery/tail-length.js'
import { asText, openHeld, stateIn } from './durable/held-storage.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-length-'))
afterAll(() => rmSync(parent, { recursive: true }))
let folders = 0
const newFolder = () => join(parent, `gallery-${++folders}`)
const template = (value: number) => new Uint8Array(40).fill(value)
const key = new Uint8Array(32).fill(9)

const TAIL = 'tail-000001.sidiktail'
const LENGTH = 'length-000001.sidiklength'

/** What a reader is told: the code and message of the refusal; undefined when it was opened. */
async function refusal(folder: string, options = {}): Promise<{ code: string; message: string } | undefined> {
  return stateIn(folder, options).then(
    () => undefined,
    ({ code, message }) => ({ code, message }),
  )
}

const WAYS = [
  ['without a key', {}],
  ['with a key', { key }],
] as const

describe.each(WAYS)('a durable gallery %s', (_, options) => {
  /** Six changes, closed unless asked otherwise; each state on the way. */
  async function filled(folder: string, { isClosed = true } = {}) {
    const opened = await openHeld(folder, { create: true, ...options })
    const states = [asText(opened.held)]
    for (let i = 0; i < 6; i++) {
      await (i === 4 ? opened.remove('1') : opened.insert(`${i % 3}`, template(i), true))
      states.push(asText(opened.held))
    }
    if (isClosed) await opened.close()
    return { states, close: () => opened.close() }
  }

  it('that was closed is refused when its tail is cut at any byte, which says what is lost', async () => {
    const folder = newFolder()
    const { states } = await filled(folder)
    const tail = join(folder, TAIL)
    const bytes = readFileSync(tail)
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(tail, bytes.subarray(0, length))
      const { code, message } = (await refusal(folder, options))!
      expect([code, message]).toEqual(['GALLERY_CORRUPT', expect.stringContaining(TAIL)])
      const head = 'key' in options ? 96 : 32
      if (length < head) continue
      expect(message).toMatch(/records? \d+( to \d+)? cannot be read: the file ends at byte \d+, it went to byte \d+/)
      // A writer locks the folder first, which takes longer: some cuts have to do.
      if (length % 16 === 0) {
        await expect(openHeld(folder, options)).rejects.toMatchObject({ code: 'GALLERY_CORRUPT' })
      }
      const { text, damage } = await stateIn(folder, { damaged: 'skip', ...options })
      expect(states).toContain(text)
      expect(damage).toHaveLength(1)
    }
    writeFileSync(tail, bytes)
    expect((await stateIn(folder, options)).text).toBe(states.at(-1))
  }, 60_000)

  it('that was compacted is refused when its tail is cut at any byte', async () => {
    const folder = newFolder()
    const { close } = await filled(folder, { isClosed: false })
    await close()
    const opened = await openHeld(folder, options)
    await Promise.all([opened.compact(), opened.insert('late', template(8))])
    await opened.compact()
    // As a kill just after the compaction leaves it.
    const left = newFolder()
    cpSync(folder, left, { recursive: true, filter: name => !name.includes('lock-') })
    await opened.close()
    const tail = join(left, 'tail-000003.sidiktail')
    const bytes = readFileSync(tail)
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(tail, bytes.subarray(0, length))
      expect((await refusal(left, options))!.code).toBe('GALLERY_CORRUPT')
    }
    writeFileSync(tail, bytes)
    expect((await stateIn(left, options)).damage).toEqual([])
  })

  it('that is open, or was killed, is refused when its tail is cut before what was last said of it', async () => {
    const folder = newFolder()
    const { states, close } = await filled(folder, { isClosed: false })
    const statedIn = (folder: string) => {
      const bytes = readFileSync(join(folder, LENGTH))
      return Math.max(...[0, 80, 160].map(at => Number(bytes.readBigUInt64LE(at + 24))))
    }
    const mark = 'key' in options ? 64 : 32
    // It is said a moment after the last write, of which nobody waits for the end.
    while (statedIn(folder) < statSync(join(folder, TAIL)).size - mark) await setTimeout(1)
    const left = newFolder()
    cpSync(folder, left, { recursive: true, filter: name => !name.includes('lock-') })
    await close()
    const tail = join(left, TAIL)
    const [stated, bytes] = [statedIn(left), readFileSync(tail)]
    for (let cut = 0; cut < bytes.length; cut++) {
      writeFileSync(tail, bytes.subarray(0, cut))
      if (cut < stated) expect((await refusal(left, options))!.code).toBe('GALLERY_CORRUPT')
      else expect((await stateIn(left, options)).text).toBe(states.at(-1))
    }
  }, 60_000)

  it('that is being written to and compacted is whole to each reader that comes', async () => {
    const folder = newFolder()
    const opened = await openHeld(folder, { create: true, ...options })
    let isEnded = false
    const write = async () => {
      for (let i = 0; !isEnded; i++) {
        await opened.insert(`${i % 50}`, template(i & 255), true)
        if (i % 40 === 39) await opened.compact()
      }
    }
    const writing = write()
    for (let i = 0; i < 60; i++) expect((await stateIn(folder, options)).damage).toEqual([])
    isEnded = true
    await writing
    await opened.close()
  }, 60_000)

  it('goes on in a new tail after a cut that was skipped, and keeps the one that was cut', async () => {
    const folder = newFolder()
    await filled(folder)
    const tail = join(folder, TAIL)
    const bytes = readFileSync(tail)
    for (const cut of [bytes.length - 150, Math.floor(bytes.length / 2)]) {
      const left = newFolder()
      cpSync(folder, left, { recursive: true })
      writeFileSync(join(left, TAIL), bytes.subarray(0, cut))
      const opened = await openHeld(left, { damaged: 'skip', ...options })
      expect(opened.damage).toHaveLength(1)
      await opened.insert('after', template(7))
      const expected = asText(opened.held)
      await opened.close()
      expect(await stateIn(left, options)).toEqual({ text: expected, damage: [] })
      expect(readFileSync(join(left, `${TAIL}.damaged`)).equals(bytes.subarray(0, cut))).toBe(true)
    }
  })

  it('without the file of the length is refused; if that is skipped, it is written anew', async () => {
    const folder = newFolder()
    const { states } = await filled(folder)
    const length = join(folder, LENGTH)
    const bytes = readFileSync(length)
    for (let cut = 0; cut < bytes.length; cut++) {
      writeFileSync(length, bytes.subarray(0, cut))
      expect(await refusal(folder, options)).toMatchObject({
        code: 'GALLERY_CORRUPT',
        message: expect.stringContaining(LENGTH),
      })
    }
    rmSync(length)
    expect((await refusal(folder, options))!.message).toContain('how far the tail goes is missing')
    expect(await stateIn(folder, { damaged: 'skip', ...options })).toMatchObject({
      text: states.at(-1),
      damage: [{ file: LENGTH }],
    })
    const opened = await openHeld(folder, { damaged: 'skip', ...options })
    await opened.insert('after', template(7))
    const expected = asText(opened.held)
    await opened.close()
    expect(await stateIn(folder, options)).toEqual({ text: expected, damage: [] })
    const tail = readFileSync(join(folder, TAIL))
    writeFileSync(join(folder, TAIL), tail.subarray(0, -1))
    expect((await refusal(folder, options))!.code).toBe('GALLERY_CORRUPT')
  })

  it('that was closed names each altered byte of that file, and each statement that is gone', async () => {
    const folder = newFolder()
    const { states } = await filled(folder)
    const [length, tail] = [join(folder, LENGTH), join(folder, TAIL)]
    const [bytes, tailBytes] = [readFileSync(length), readFileSync(tail)]
    const altered = Array.from(bytes, (_, at) => ({ at, to: bytes.map((byte, i) => (i === at ? byte ^ 0x41 : byte)) }))
    const gone = [80, 160].map(at => ({ at, to: Buffer.from(bytes).fill(0, at, at + 80) }))
    for (const { at, to } of [...altered, ...gone]) {
      writeFileSync(length, to)
      expect((await refusal(folder, options))!.message, `byte ${at}`).toContain(LENGTH)
      const { text, damage } = await stateIn(folder, { damaged: 'skip', ...options })
      expect([text, damage.length]).toEqual([states.at(-1), 1])
      expect(damage[0].offsetBytes <= at && at < damage[0].offsetBytes + damage[0].bytes, `byte ${at}`).toBe(true)
    }
    // A cut is seen as long as one statement is left, which is the first.
    writeFileSync(length, Buffer.from(bytes).fill(0, 80))
    writeFileSync(tail, tailBytes.subarray(0, tailBytes.length >> 1))
    expect((await refusal(folder, options))!.message).toContain(TAIL)
    expect((await stateIn(folder, { damaged: 'skip', ...options })).damage.map(({ file }) => file)).toContain(TAIL)
    writeFileSync(tail, tailBytes)
    await (await openHeld(folder, { damaged: 'skip', ...options })).close()
    expect(await stateIn(folder, options)).toEqual({ text: states.at(-1), damage: [] })
  }, 60_000)

  it('that was killed takes statements that do not read for torn ones, and writes them anew', async () => {
    const folder = newFolder()
    const { states, close } = await filled(folder, { isClosed: false })
    const left = newFolder()
    cpSync(folder, left, { recursive: true, filter: name => !name.includes('lock-') })
    await close()
    const bytes = readFileSync(join(left, LENGTH))
    for (let torn = 80; torn < 240; torn += 16) {
      for (const to of [torn + 16, 240]) {
        const again = newFolder()
        cpSync(left, again, { recursive: true })
        writeFileSync(join(again, LENGTH), Buffer.from(bytes).fill(0x5a, torn, to))
        expect(await stateIn(again, options)).toEqual({ text: states.at(-1), damage: [] })
        await (await openHeld(again, options)).close()
        expect(await stateIn(again, options)).toEqual({ text: states.at(-1), damage: [] })
        const whole = readFileSync(join(again, LENGTH))
        for (const at of [80, 160]) {
          expect(whole.subarray(at + 24, at + 40)).toEqual(whole.subarray(24, 40))
          writeFileSync(join(again, LENGTH), Buffer.from(whole).fill(0x5a, at, at + 1))
          expect((await refusal(again, options))!.message).toContain(LENGTH)
        }
      }
    }
  }, 60_000)

  it('is not read with the tail of another gallery, nor with one from a copy that is older', async () => {
    const [folder, other] = [newFolder(), newFolder()]
    await filled(folder)
    const [old, oldLength] = [readFileSync(join(folder, TAIL)), readFileSync(join(folder, LENGTH))]
    const opened = await openHeld(folder, options)
    await opened.insert('newer', template(3))
    await opened.close()
    const [now, { text }] = [readFileSync(join(folder, TAIL)), await stateIn(folder, options)]
    // What is older beside a newer tail says less, and nothing is lost by it.
    const newLength = readFileSync(join(folder, LENGTH))
    writeFileSync(join(folder, LENGTH), oldLength)
    expect(await stateIn(folder, options)).toEqual({ text, damage: [] })
    writeFileSync(join(folder, LENGTH), newLength)
    writeFileSync(join(folder, TAIL), old)
    expect((await refusal(folder, options))!.message).toContain('record')
    await filled(other)
    writeFileSync(join(folder, TAIL), readFileSync(join(other, TAIL)))
    expect((await refusal(folder, options))!.message).toContain('is of another gallery')
    // Behind the right head its records do not read.
    const head = 'key' in options ? 96 : 32
    writeFileSync(
      join(folder, TAIL),
      Buffer.concat([now.subarray(0, head), readFileSync(join(other, TAIL)).subarray(head)]),
    )
    expect((await refusal(folder, options))!.message).toContain('cannot be read')
    writeFileSync(join(folder, TAIL), now)
    writeFileSync(join(folder, LENGTH), readFileSync(join(other, LENGTH)))
    expect((await refusal(folder, options))!.message).toContain('of another gallery')
  })
})

describe('a statement of how far a tail goes', () => {
  const tail = { generation: 3, galleryId: 5n }

  it('is not believed beyond what numbers can tell apart, nor from another tail', () => {
    const of = (point: { bytes: number; sequence: number }, of = tail) => encodeTailLength(point, of)
    expect(readTailLength(of({ bytes: 2 ** 32, sequence: 2 ** 32 + 1 }), tail)).toEqual({
      point: { bytes: 2 ** 32, sequence: 2 ** 32 + 1 },
      firstSequence: 2 ** 32 + 1,
      differing: [],
    })
    for (const point of [
      { bytes: 2 ** 53, sequence: 1 },
      { bytes: 1, sequence: 2 ** 60 },
    ]) {
      expect(() => readTailLength(of(point), tail)).toThrow('too large')
    }
    for (const other of [
      { ...tail, generation: 4 },
      { ...tail, galleryId: 6n },
    ]) {
      expect(() => readTailLength(of({ bytes: 1, sequence: 1 }, other), tail)).toThrow('another gallery')
    }
  })

  it('counts when it says the most, in whatever place it is', () => {
    const bytes = encodeTailLength({ bytes: 32, sequence: 0 }, tail)
    bytes.set(encodeStatement({ bytes: 900, sequence: 9 }, tail), 80)
    bytes.set(encodeStatement({ bytes: 800, sequence: 8 }, tail), 160)
    expect(readTailLength(bytes, tail).point).toEqual({ bytes: 900, sequence: 9 })
    bytes[81] ^= 1
    expect(readTailLength(bytes, tail).point).toEqual({ bytes: 800, sequence: 8 })
  })
})

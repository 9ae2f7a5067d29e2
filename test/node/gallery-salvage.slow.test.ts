/** What is acknowledged by a durable gallery that was opened without what is damaged in its tail. */
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { asText, openHeld, stateIn } from './durable/held-storage.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-salvage-'))
afterAll(() => rmSync(parent, { recursive: true }))
let folders = 0
const newFolder = () => join(parent, `gallery-${++folders}`)
const template = (value: number) => new Uint8Array(5).fill(value)
const key = new Uint8Array(32).fill(9)

const TAIL = 'tail-000002.sidiktail'
const LENGTH = 'length-000002.sidiklength'

/** Skips the damage, changes something, and looks whether that stays: opened again, and compacted. */
async function expectKept(folder: string, options: { key?: Uint8Array }, place: string): Promise<void> {
  let opened = await openHeld(folder, { damaged: 'skip', ...options })
  await opened.insert('first', template(6))
  await opened.insert('a', template(7), true)
  await opened.insert('after', template(8), true)
  await opened.remove('a')
  const expected = asText(opened.held)
  await opened.close()
  expect((await stateIn(folder, { damaged: 'skip', ...options })).text, place).toBe(expected)
  opened = await openHeld(folder, { damaged: 'skip', ...options })
  expect(asText(opened.held), place).toBe(expected)
  if (opened.damage.length === 0) expect((await stateIn(folder, options)).text, place).toBe(expected)
  await opened.compact()
  await opened.close()
  expect(await stateIn(folder, options), place).toEqual({ text: expected, damage: [] })
}

describe.each([
  ['without a key', {}],
  ['with a key', { key }],
] as const)('a durable gallery %s, opened without what is damaged, keeps what it acknowledges', (_, options) => {
  const head = 'key' in options ? 96 : 32

  async function filled(): Promise<string> {
    const folder = newFolder()
    const opened = await openHeld(folder, { create: true, ...options })
    await opened.insert('a', template(1))
    await opened.compact()
    await opened.insert('b', template(2))
    await opened.remove('a')
    await opened.close()
    return folder
  }

  async function damaged(folder: string, damage: (left: string) => void, place: string): Promise<void> {
    const left = newFolder()
    cpSync(folder, left, { recursive: true })
    damage(left)
    await expectKept(left, options, place)
    rmSync(left, { recursive: true })
  }

  it('when the tail was cut at any byte', async () => {
    const folder = await filled()
    const { length } = readFileSync(join(folder, TAIL))
    for (let cut = 0; cut < length; cut++) {
      await damaged(folder, left => truncateSync(join(left, TAIL), cut), `cut to ${cut}`)
    }
  }, 240_000)

  it('when what was cut off is what the next record begins with', async () => {
    const folder = newFolder()
    const opened = await openHeld(folder, { create: true, ...options })
    await opened.compact()
    // Its last byte is the first one of a record of 42 bytes, as that of 'first' is without a key.
    await opened.insert('b', new Uint8Array([2, 2, 2, 2, 42]))
    await opened.close()
    // The mark behind it, of 32 bytes or, sealed, 64, and that byte.
    const { length } = readFileSync(join(folder, TAIL))
    const cut = length - ('key' in options ? 64 : 32) - 1
    await damaged(folder, left => truncateSync(join(left, TAIL), cut), `cut to ${cut}`)
  })

  it('when the tail was cut in its head and nothing says how far it went', async () => {
    const folder = await filled()
    for (let cut = 0; cut < head; cut += 3) {
      const damage = (left: string) => {
        truncateSync(join(left, TAIL), cut)
        rmSync(join(left, LENGTH))
      }
      await damaged(folder, damage, `cut to ${cut}, without length`)
    }
  }, 120_000)

  it('when any byte of the head of the tail was altered', async () => {
    const folder = await filled()
    const bytes = readFileSync(join(folder, TAIL))
    for (let at = 0; at < head; at++) {
      const altered = bytes.map((byte, i) => (i === at ? byte ^ 0x41 : byte))
      await damaged(folder, left => writeFileSync(join(left, TAIL), altered), `byte ${at} altered`)
    }
  }, 120_000)

  it('and has a tail that is whole again after damage to its head, beside the one that was damaged', async () => {
    const folder = await filled()
    truncateSync(join(folder, TAIL), head - 1)
    const opened = await openHeld(folder, { damaged: 'skip', ...options })
    await opened.insert('after', template(8))
    await opened.close()
    expect(await stateIn(folder, options)).toEqual({ text: asText(opened.held), damage: [] })
    expect(readFileSync(join(folder, `${TAIL}.damaged`)).length).toBeGreaterThan(0)
  })
})

it('a folder of version 1 whose head and first record are damaged keeps what it acknowledges', async () => {
  const made = join(import.meta.dirname, '../../fixtures/galleries/durable-v1')
  for (const places of [[4], [4, 40], [4, 70]]) {
    const folder = newFolder()
    cpSync(made, folder, { recursive: true, filter: name => !name.endsWith('make.mjs') })
    const tail = join(folder, 'tail-000007.sidiktail')
    const bytes = readFileSync(tail)
    for (const at of places) bytes[at] ^= 0x41
    writeFileSync(tail, bytes)
    await expectKept(folder, {}, `bytes ${places} altered`)
  }
})

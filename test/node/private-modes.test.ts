/** What holds fingerprints, or says who has them, is for its owner alone, whatever the umask. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DedupeState } from '../../dist/node/dedupe-state.js'
import { failingDisk } from './durable/failing-disk.js'
import { openHeld } from './durable/held-storage.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-modes-'))
afterAll(() => rmSync(parent, { recursive: true }))
let folders = 0
const newFolder = () => join(parent, `gallery-${++folders}`)
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const modesIn = (folder: string) => readdirSync(folder).map(name => [name, modeOf(join(folder, name))])

const hasModes = process.platform !== 'win32'

describe.skipIf(!hasModes)('a durable gallery', () => {
  let before = 0o022
  beforeEach(() => {
    before = process.umask(0)
  })
  afterEach(() => void process.umask(before))

  it('makes its folder 0700 and every file in it 0600, also those that are not yet whole', async () => {
    const folder = newFolder()
    const seen = new Map<string, string>()
    const look = () => {
      for (const [name, mode] of modesIn(folder)) seen.set(name.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*'), mode)
    }
    // Before each call that writes: temporary files are there at the one that renames them.
    const files = failingDisk({ before: call => (call.startsWith('mkdir') ? undefined : void look()) })
    const opened = await openHeld(folder, { create: true, files })
    await opened.insert('a', new Uint8Array(40))
    await opened.compact(new Uint8Array(32))
    await opened.insert('b', new Uint8Array(40))
    look()
    await opened.close()
    expect(modeOf(folder)).toBe('700')
    const names = [...seen.keys()]
    for (const pattern of [
      /^sidik-gallery$/,
      /^snapshot/,
      /^tail/,
      /^length/,
      /^lock-.*json$/,
      /^lock-.*socket$/,
      /^\.snapshot.*tmp$/,
      /^\.lock/,
    ]) {
      expect(
        names.some(name => pattern.test(name)),
        `${pattern} in ${names}`,
      ).toBe(true)
    }
    expect([...seen].filter(([, mode]) => mode !== '600')).toEqual([])
  })

  it('leaves a folder and files that are wider as they are', async () => {
    const folder = newFolder()
    mkdirSync(folder, { mode: 0o755 })
    await (await openHeld(folder, { create: true })).close()
    chmodSync(join(folder, 'tail-000001.sidiktail'), 0o644)
    const opened = await openHeld(folder)
    await opened.insert('a', new Uint8Array(40))
    await opened.close()
    expect([modeOf(folder), modeOf(join(folder, 'tail-000001.sidiktail'))]).toEqual(['755', '644'])
  })

  it('has the state of a deduplication beside it 0600', async () => {
    const path = join(parent, 'state')
    const run = { size: 3, digest: 'd', minScore: 40, exhaustive: false, program: 'test' }
    await (await DedupeState.open(path, run)).close()
    expect(modeOf(path)).toBe('600')
  })
})

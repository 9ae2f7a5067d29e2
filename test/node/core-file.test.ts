import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CORE_FILE, loadCore, loadCoreFrom } from '../../dist/node/core-file.js'

describe('the core file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sidik-core-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const written = async (name: string, bytes: Uint8Array) => {
    await writeFile(join(folder, name), bytes)
    return join(folder, name)
  }

  it('is compiled once for the process', () => {
    expect(loadCore()).toBe(loadCore())
  })

  it('is reported as missing when it is absent, empty, cut short, another text or another module', async () => {
    const bytes = await readFile(CORE_FILE)
    const another = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
    const files = [
      join(folder, 'absent.wasm'),
      folder,
      await written('empty.wasm', new Uint8Array()),
      await written('cut.wasm', bytes.subarray(0, bytes.length - 100)),
      await written('text.wasm', new TextEncoder().encode('not found')),
      await written('another.wasm', another),
    ]
    for (const file of files) {
      const missing = expect.objectContaining({ name: 'SidikError', code: 'CORE_MISSING' })
      expect(() => loadCoreFrom(file)).toThrow(missing)
      expect(() => loadCoreFrom(file)).toThrow(file)
    }
  })
})

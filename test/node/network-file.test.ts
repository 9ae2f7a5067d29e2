import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadNetwork, loadNetworkFrom, NETWORK_FILE } from '../../dist/node/network-file.js'

describe('the file of weights', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sidik-network-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is read once for the process', () => {
    expect(loadNetwork()).toBe(loadNetwork())
  })

  it('may lie anywhere', async () => {
    const copy = join(folder, 'copy.bin')
    await copyFile(NETWORK_FILE, copy)
    expect(loadNetworkFrom(copy).version).toBe(loadNetwork().version)
  })

  it('is named when it is absent, or not whole', async () => {
    const absent = join(folder, 'absent.bin')
    expect(() => loadNetworkFrom(absent)).toThrow(expect.objectContaining({ code: 'NETWORK_MISSING' }))
    expect(() => loadNetworkFrom(absent)).toThrow(absent)
    const cut = join(folder, 'cut.bin')
    await writeFile(cut, (await readFile(NETWORK_FILE)).subarray(0, 100_000))
    expect(() => loadNetworkFrom(cut)).toThrow(expect.objectContaining({ code: 'NETWORK_CORRUPT' }))
    expect(() => loadNetworkFrom(cut)).toThrow(cut)
  })
})

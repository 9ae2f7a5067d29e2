/**
 * Where an engine's files are said to be: the forms that are taken, and what is refused before
 * anything starts.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createEngine, type EngineAssets } from 'sidik'
import { afterAll, describe, expect, it } from 'vitest'
import { loadAssets } from '../../dist/node/assets.js'
import { loadSharedCore } from '../../dist/node/core-file.js'
import { programVersion } from '../../dist/node/program-version.js'
import { VERSION } from '../../dist/version.js'
import { ridgeFrame } from '../support/ridges.js'

const shipped = (name: string) => fileURLToPath(import.meta.resolve(`sidik/${name}`))
const CORE = shipped('core.wasm')
const NETWORK = shipped('network.bin')
const WORKER = shipped('worker')

const folder = mkdtempSync(join(tmpdir(), 'sidik-assets-'))
afterAll(() => rmSync(folder, { recursive: true }))
const written = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function extracts(assets: EngineAssets): Promise<number> {
  const engine = await createEngine({ threads: 1, assets })
  try {
    return (await engine.extract(ridgeFrame(1))).minutiae.length
  } finally {
    await engine.close()
  }
}

describe('the assets of an engine', () => {
  it('are the files of the package: as paths, URLs, text of URLs, bytes, or not given', async () => {
    const forms: EngineAssets[] = [
      {},
      { core: CORE, network: NETWORK, worker: WORKER },
      { core: relative(process.cwd(), CORE), network: relative(process.cwd(), NETWORK) },
      { core: pathToFileURL(CORE), network: pathToFileURL(NETWORK), worker: pathToFileURL(WORKER) },
      { core: pathToFileURL(CORE).href, network: pathToFileURL(NETWORK).href, worker: pathToFileURL(WORKER).href },
      { core: readFileSync(CORE), network: readFileSync(NETWORK) },
    ]
    const expected = await extracts({})
    for (const form of forms) expect(await extracts(form)).toBe(expected)
  })

  it('may lie anywhere, with blanks and marks in the path', async () => {
    const core = join(folder, 'a core #1?.wasm')
    copyFileSync(CORE, core)
    expect(await extracts({ core })).toBeGreaterThan(8)
    expect(await extracts({ core: pathToFileURL(core) })).toBeGreaterThan(8)
  })

  it('refuses what is no file, naming it', async () => {
    const wrong: [assets: unknown, says: RegExp][] = [
      [{ core: 7 }, /assets\.core must be the path or the file: URL of a file, or its bytes/],
      [{ core: '' }, /assets\.core/],
      [{ network: new URL('https://example.org/network.bin') }, /assets\.network/],
      [{ network: null }, /assets\.network/],
      [{ worker: readFileSync(WORKER) }, /assets\.worker must be a file/],
      [{ worker: ['worker.cjs'] }, /assets\.worker must be the path or the file: URL of a file$/],
      [{ workers: WORKER }, /did you mean 'worker'\?/],
      ['dist', /assets: options must be an object/],
    ]
    for (const [assets, says] of wrong) {
      const creating = createEngine({ assets: assets as never })
      await expect(creating).rejects.toThrow(TypeError)
      await expect(creating).rejects.toThrow(says)
    }
  })

  it('refuses other files by a code, and says which is meant', async () => {
    const text = written('text', 'not this one')
    const absent = join(folder, 'absent')
    const wrong: [assets: EngineAssets, code: string, says: RegExp][] = [
      [{ core: absent }, 'CORE_MISSING', /assets\.core must be sidik\/core\.wasm/],
      [{ core: text }, 'CORE_MISSING', /assets\.core must be/],
      [{ core: NETWORK }, 'CORE_MISSING', /assets\.core must be/],
      [{ core: new Uint8Array(0) }, 'CORE_MISSING', /assets\.core must be/],
      [{ core: readFileSync(CORE).subarray(0, 1_000) }, 'CORE_MISSING', /assets\.core must be/],
      [{ network: absent }, 'NETWORK_MISSING', /assets\.network must be sidik\/network\.bin/],
      [{ network: CORE }, 'NETWORK_CORRUPT', /assets\.network must be/],
      [{ network: readFileSync(NETWORK).subarray(0, 1_000) }, 'NETWORK_CORRUPT', /assets\.network must be/],
      [{ worker: absent }, 'WORKER_MISSING', /assets\.worker must be the file that sidik\/worker was bundled into/],
      [{ worker: folder }, 'WORKER_MISSING', /assets\.worker must be/],
    ]
    for (const [assets, code, says] of wrong) {
      const creating = createEngine({ assets })
      await expect(creating).rejects.toMatchObject({ name: 'SidikError', code })
      await expect(creating).rejects.toThrow(says)
    }
  })

  it.each([
    ['another text', () => written('text.cjs', '}')],
    ['the core', () => CORE],
    ['a script that throws', () => written('throws.cjs', "throw new Error('not here')")],
    ['a script of something else', () => written('other.cjs', 'exports.other = () => 1')],
    [
      'the script of another version',
      () => written('older.cjs', "exports.version = () => ({ ok: true, answer: '0.0.1' })"),
    ],
  ])('refuses %s as the script of threads at the first task, and every task after it', async (_, file) => {
    const engine = await createEngine({ threads: 2, assets: { worker: file() } })
    try {
      const tasks = Array.from({ length: 5 }, () => engine.extract(ridgeFrame(1)))
      for (const task of await Promise.allSettled([...tasks, engine.extract(ridgeFrame(1))])) {
        expect(task).toMatchObject({ status: 'rejected', reason: { name: 'SidikError', code: 'WORKER_MISSING' } })
      }
    } finally {
      await engine.close()
    }
  })

  it('name the version of the program, without a package.json', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(VERSION).toBe(version)
    expect(loadAssets({ core: CORE }).core.crc32).toBe(loadSharedCore().crc32)
    expect(programVersion()).toBe(`${version}-${loadSharedCore().crc32.toString(16).padStart(8, '0')}`)
  })
})

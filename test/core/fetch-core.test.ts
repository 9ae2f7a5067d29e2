import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'

let pages = 0

/** The module anew, as a page that was just loaded has it, with a server that answers so. */
async function loaderWith(answer: (address: URL) => Promise<Response> | Response) {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (address: URL) => {
    asked.push(address.href)
    return answer(address)
  })
  const page = new URL(`../../dist/core/fetch-core.js?page=${++pages}`, import.meta.url)
  const { loadCore } = (await import(page.href)) as typeof import('../../dist/core/fetch-core.js')
  return { loadCore, asked }
}

const served = async () => new Response(await readFile(new URL('../../dist/core/release.wasm', import.meta.url)))

describe('the core where there are no files', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it('comes from beside its modules, once', async () => {
    const { loadCore, asked } = await loaderWith(served)
    const [first, second] = await Promise.all([loadCore(), loadCore()])
    expect(first).toBeInstanceOf(WebAssembly.Module)
    expect(second).toBe(first)
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatch(/\/core\/release\.wasm$/)
  })

  it('is missed by a code, and asked for again', async () => {
    let answer: () => Promise<Response> | Response = () => new Response('', { status: 404 })
    const { loadCore } = await loaderWith(() => answer())
    await expect(loadCore()).rejects.toMatchObject({ name: 'SidikError', code: 'CORE_MISSING' })
    answer = () => Promise.reject(new TypeError('fetch failed'))
    await expect(loadCore()).rejects.toMatchObject({ code: 'CORE_MISSING' })
    answer = () => new Response('<html>')
    await expect(loadCore()).rejects.toMatchObject({ code: 'CORE_MISSING' })
    answer = served
    await expect(loadCore()).resolves.toBeInstanceOf(WebAssembly.Module)
  })
})

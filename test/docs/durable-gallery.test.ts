import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const parent = mkdtempSync(join(tmpdir(), 'sidik-docs-'))
afterAll(() => rmSync(parent, { recursive: true }))

describe('docs/durable-gallery.md', () => {
  const page = readFileSync(join(ROOT, 'docs/durable-gallery.md'), 'utf8')

  it('begins with a snippet that runs as written', () => {
    const [, snippet] = /```js\n([\s\S]*?)```/.exec(page)!
    // Where the package finds itself by its name.
    mkdirSync(join(ROOT, 'out'), { recursive: true })
    const script = join(ROOT, 'out', 'docs-durable-gallery.mjs')
    writeFileSync(script, snippet)
    const [folder, key] = [join(parent, 'residents'), join(parent, 'key')]
    writeFileSync(key, new Uint8Array(32).fill(3))
    const prints = ['101_1', '101_2'].map(name => join(ROOT, 'fixtures/prints', `${name}.png`))
    const said = execFileSync(process.execPath, [script, folder, key, ...prints], { encoding: 'utf8' })
    expect(said).toBe('3276012304560001/right-index\n')
    const names = readdirSync(folder)
    expect(names).toHaveLength(4)
    for (const name of names) {
      expect(readFileSync(join(folder, name), 'latin1')).not.toContain('3276012304560001')
      if (process.platform !== 'win32') expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    }
  }, 60_000)
})

/**
 * docs/bundlers.md as its readers follow it: what it shows is built by esbuild and Vite, and what
 * comes out runs without sidik.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { encodeWsq } from 'sidik/formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeImage } from '../dist/image/decode.js'
import { encodeJp2 } from '../dist/image/jp2/encode.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUTSIDE = ['sharp', 'piscina', '@cornerstonejs/codec-openjpeg']
const TIMEOUT_MS = 180_000
const run = promisify(execFile)

const folder = mkdtempSync(join(tmpdir(), 'sidik-bundlers-'))
const at = (...path: string[]) => join(folder, ...path)
afterAll(() => rmSync(folder, { recursive: true }))

function link(name: string, target: string, into: string): void {
  const place = join(into, 'node_modules', name)
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(target, place)
}

/** The blocks of code that the page calls by a file's name. */
const shown = new Map(
  [
    ...readFileSync(join(ROOT, 'docs/bundlers.md'), 'utf8').matchAll(
      /`([\w.-]+\.m?js)`[^`]*:\n\n```js\n([\s\S]*?)```/g,
    ),
  ].map(([, name, code]) => [name, code]),
)

/** One print in three formats, and what a program that is not bundled says of them. */
let prints: string[]
let expected: string

/** A folder with what the page shows, sidik and what builds it. */
function sourcesIn(name: string): string {
  const sources = at(name)
  mkdirSync(sources)
  writeFileSync(join(sources, 'package.json'), '{ "type": "module" }')
  for (const [file, code] of shown) writeFileSync(join(sources, file), code)
  link('sidik', ROOT, sources)
  for (const each of ['esbuild', 'vite']) link(each, join(ROOT, 'node_modules', each), sources)
  return sources
}

/** What was built, in a folder that holds nothing else but the packages that stay outside. */
function deploy(built: string, name: string): string {
  const deployed = at(name)
  cpSync(built, deployed, { recursive: true })
  for (const each of OUTSIDE) link(each, join(ROOT, 'node_modules', each), deployed)
  return deployed
}

const start = (program: string, args: string[]) => run(process.execPath, [program, ...args], { timeout: TIMEOUT_MS })
const failureOf = (program: string, args: string[] = []) =>
  start(program, args).then(
    ({ stdout }) => expect.fail(`it ran: ${stdout}`),
    (error: { stderr: string }) => error.stderr,
  )

beforeAll(async () => {
  const png = readFileSync(join(ROOT, 'fixtures/prints/101_1.png'))
  const gray = await decodeImage(png)
  writeFileSync(at('print.png'), png)
  writeFileSync(at('print.wsq'), await encodeWsq(gray))
  writeFileSync(at('print.jp2'), await encodeJp2(gray))
  prints = ['print.png', 'print.wsq', 'print.jp2'].map(name => at(name))
  const sources = sourcesIn('plain')
  // Not bundled at all: the program as it is shown, without assets.
  const plain = shown.get('app.js')!.replace(/createEngine\(\{[\s\S]*?\n\}\)/, 'createEngine()')
  writeFileSync(join(sources, 'plain.js'), plain)
  expected = (await start(join(sources, 'plain.js'), prints)).stdout
  expect(expected).toMatch(
    /print\.png \d+ nobody\n.*print\.wsq \d+ .*print\.png\n.*print\.jp2 \d+ .*print\.png\n3 fingers, 3 pairs\n$/,
  )
}, TIMEOUT_MS)

describe('a program with sidik in it', () => {
  it.each([
    ['esbuild', 'build.mjs'],
    ['Vite', 'build-vite.mjs'],
  ])(
    'does the same as one that is not bundled: %s',
    async (name, script) => {
      const sources = sourcesIn(name)
      await run(process.execPath, [script], { cwd: sources, timeout: TIMEOUT_MS })
      const deployed = deploy(join(sources, 'dist'), `${name}-deployed`)
      expect((await start(join(deployed, 'app.mjs'), prints)).stdout).toBe(expected)
    },
    TIMEOUT_MS,
  )

  it.each(['esm', 'cjs'] as const)('says what to do where it was bundled without a word: %s', async format => {
    const program = format === 'esm' ? 'await createEngine()' : 'createEngine()'
    const sources = sourcesIn(`silent-${format}`)
    writeFileSync(join(sources, 'silent.js'), `import { createEngine } from 'sidik'\n${program}\n`)
    const outfile = join(sources, 'dist', format === 'esm' ? 'silent.mjs' : 'silent.cjs')
    const entry = join(sources, 'silent.js')
    const how = { bundle: true, platform: 'node', format, outfile, logLevel: 'error' } as const
    await build({ ...how, entryPoints: [entry], external: ['sharp'] })
    const said = await failureOf(outfile)
    expect(said).toContain("code: 'CORE_MISSING'")
    expect(said).toContain('mark sidik as external')
    expect(said).toContain('createEngine({ assets: { core, network, worker } })')
  })

  it('says what to do where the codec of JPEG 2000, which reads a file of its own, is in it', async () => {
    const sources = sourcesIn('codec')
    const outside = "['sharp', 'piscina', '@cornerstonejs/codec-openjpeg']"
    const script = shown.get('build.mjs')!.replace(outside, "['sharp', 'piscina']")
    expect(script).not.toContain('codec')
    writeFileSync(join(sources, 'build.mjs'), script)
    await run(process.execPath, ['build.mjs'], { cwd: sources })
    const said = await failureOf(join(deploy(join(sources, 'dist'), 'codec-deployed'), 'app.mjs'), [at('print.jp2')])
    expect(said).toContain("code: 'CORE_MISSING'")
    expect(said).toContain('leave it out of bundles')
  })

  it('is the same as ever where sidik is external', async () => {
    const sources = sourcesIn('external')
    const outfile = join(sources, 'dist', 'app.mjs')
    const entry = join(sources, '..', 'plain', 'plain.js')
    await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile, external: ['sidik'] })
    expect((await start(outfile, prints)).stdout).toBe(expected)
  })
})

describe('the page', () => {
  it('names the packages that stay outside, each a dependency', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect([...shown.keys()]).toEqual(['app.js', 'build.mjs', 'build-vite.mjs'])
    for (const name of OUTSIDE) {
      expect(Object.keys(dependencies)).toContain(name)
      for (const script of ['build.mjs', 'build-vite.mjs']) expect(shown.get(script)).toContain(`'${name}`)
    }
  })
})

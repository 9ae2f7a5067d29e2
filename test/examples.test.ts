import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createIdentity, publicIdentity } from 'sidik/station'
import { syntheticNik } from 'sidik/synthesize'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../dist/random.js'

/** The examples as a host application would run them: compiled, each in a process of its own. */

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const COMPILED = join(ROOT, 'out/examples')
const TIMEOUT_MS = 120_000

const folder = mkdtempSync(join(tmpdir(), 'sidik-examples-'))
const at = (...path: string[]) => join(folder, ...path)
const processes: ChildProcess[] = []
afterAll(() => {
  for (const each of processes) each.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

beforeAll(() => {
  // Checked as they are compiled: what the README shows must have the types that the package has.
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'examples'], { cwd: ROOT })
}, TIMEOUT_MS)

async function makeStation(id: string): Promise<void> {
  mkdirSync(at(id, id === 'hub' ? 'kiosks' : 'applications'), { recursive: true })
  const identity = await createIdentity(id)
  writeFileSync(at(id, 'identity.json'), JSON.stringify(identity))
  writeFileSync(at(id, 'key'), randomBytes(32))
  writeFileSync(at(id, 'public.json'), JSON.stringify(await publicIdentity(identity)))
}

/** A resident with two fingers, of whom `print` tells the impression. */
function apply(kiosk: string, name: string, seed: number, print: number): void {
  for (const finger of [101, 102]) {
    const file = `${finger}_${print}.png`
    copyFileSync(join(ROOT, 'fixtures/prints', file), at(kiosk, 'applications', file))
  }
  const person = { name, birthDate: '1990-02-15', sex: 'female', birthPlace: 'Depok', address: { street: 'Jalan 1' } }
  const application = {
    nik: syntheticNik(new Random(seed), { birthDate: '1990-02-15', sex: 'female' }).nik,
    person,
    operator: 'op',
    prints: { 1: `101_${print}.png`, 2: `102_${print}.png` },
    exceptions: Object.fromEntries([3, 4, 5, 6, 7, 8, 9, 10].map(position => [position, 'not-captured'])),
  }
  writeFileSync(at(kiosk, 'applications', `${name}.json`), JSON.stringify(application))
}

function start(...args: string[]) {
  const child = spawn(
    process.execPath,
    args.map((arg, i) => (i === 0 ? join(COMPILED, arg) : arg)),
  )
  processes.push(child)
  const out = { text: '' }
  child.stdout.on('data', chunk => {
    out.text += chunk
  })
  child.stderr.on('data', chunk => {
    out.text += chunk
  })
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  return { child, out, ended }
}

async function once(kiosk: string, port: number, code = 0): Promise<string> {
  const { out, ended } = start('kiosk.js', at(kiosk), `http://127.0.0.1:${port}/sync`, '--once')
  expect(await ended, out.text).toBe(code)
  return out.text
}

async function startHub(port: number) {
  const hub = start('hub.js', at('hub'), String(port))
  await expect.poll(() => hub.out.text, { timeout: TIMEOUT_MS }).toContain('listening')
  return hub
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

describe('the examples', () => {
  it(
    'find who was recorded twice without a line, and hand over three cards for four records',
    async () => {
      mkdirSync(at('end-to-end'))
      const { out, ended } = start('end-to-end.js', join(ROOT, 'fixtures/prints'), at('end-to-end'))
      expect(await ended, out.text).toBe(0)
      expect(out.text.match(/to decide:/g), out.text).toHaveLength(1)
      expect(out.text).toMatch(/kind: 'fingers'/)
      expect(out.text).toContain('beji: 2 handed over; waits: nobody')
      expect(out.text).toContain('cinere: 1 handed over; waits: not-ready')
      expect(readdirSync(at('end-to-end')).filter(name => name.endsWith('.pdf'))).toHaveLength(3)
    },
    TIMEOUT_MS,
  )

  it('have a page that names each of them', () => {
    const page = readFileSync(join(ROOT, 'examples/README.md'), 'utf8')
    for (const name of ['end-to-end', 'hub', 'kiosk']) expect(page).toContain(`out/examples/${name}.js`)
  })

  it('are short', () => {
    const sources = readdirSync(join(ROOT, 'examples')).filter(name => name.endsWith('.ts'))
    expect(sources).toEqual(['end-to-end.ts', 'hub.ts', 'kiosk.ts'])
    for (const name of sources) {
      expect(readFileSync(join(ROOT, 'examples', name), 'utf8').split('\n').length, name).toBeLessThan(80)
    }
  })

  it(
    'record while the line is down, synchronise when it is back, and know whom the other kiosk has recorded',
    async () => {
      for (const id of ['hub', 'k1', 'k2']) await makeStation(id)
      for (const id of ['k1', 'k2']) {
        copyFileSync(at(id, 'public.json'), at('hub', 'kiosks', `${id}.json`))
        copyFileSync(at('hub', 'public.json'), at(id, 'hub.json'))
      }
      const port = await freePort()

      apply('k1', 'Siti', 1, 1)
      // Read before the one that is good, and no reason not to record her.
      writeFileSync(at('k1', 'applications', 'Budi.json'), '{ "nik": "3276')
      const offline = await once('k1', port, 1)
      expect(offline).toMatch(/^Budi\.json: /m)
      rmSync(at('k1', 'applications', 'Budi.json'))
      const [, record] = /Siti\.json: recorded as (\S+)/.exec(offline) ?? []
      expect(record, offline).toBeDefined()
      expect(offline).toContain('1 wait: the line to')

      const hub = await startHub(port)
      expect(await once('k1', port)).toContain('1 receipts')
      expect(await once('k2', port)).toContain('0 receipts')
      apply('k2', 'Aminah', 2, 3)
      expect(await once('k2', port)).toContain(`look at ${record}`)
      expect(await once('k1', port)).toContain('0 receipts')

      hub.child.kill('SIGTERM')
      expect(await hub.ended, hub.out.text).toBe(0)
      expect(hub.out.text).not.toContain('Siti')
    },
    TIMEOUT_MS,
  )
})

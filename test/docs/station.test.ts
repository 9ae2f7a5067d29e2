import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { httpTransport, sync } from 'sidik/station'
import { afterAll, describe, expect, it } from 'vitest'
import { cli } from '../cli/run.js'
import { acquaint, newPlace, opening, recordAt, transportOf } from '../station/sync/support.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const parent = mkdtempSync(join(tmpdir(), 'sidik-docs-'))
afterAll(() => rmSync(parent, { recursive: true }))

const page = readFileSync(join(ROOT, 'docs/station.md'), 'utf8')

describe('docs/station.md', () => {
  it('has a hub that runs as written, but for its port, and ends at SIGTERM', async () => {
    const [, snippet] = /## A hub in one call[\s\S]*?```js\n([\s\S]*?)```/.exec(page)!
    expect(snippet).toContain('port: 8470,')
    // Where the package finds itself by its name.
    mkdirSync(join(ROOT, 'out'), { recursive: true })
    const script = join(ROOT, 'out', 'docs-station-hub.mjs')
    writeFileSync(script, snippet.replace('port: 8470,', 'port: 0,'))

    const folder = join(parent, 'hub')
    await cli('station', 'init', folder, '--id', 'hub')
    const jsonIn = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
    const kiosk = await newPlace('kiosk-1')
    const hub = await opening({
      path: join(folder, 'station.db'),
      key: new Uint8Array(readFileSync(join(folder, 'key'))),
      identity: jsonIn('identity.json'),
      known: jsonIn('public.json'),
    })
    acquaint(kiosk, hub)

    const child = spawn(process.execPath, [script, folder])
    let said = ''
    child.stdout.on('data', chunk => {
      said += chunk
    })
    child.stderr.on('data', chunk => {
      said += chunk
    })
    const ended = new Promise<number | null>(resolve => child.on('close', resolve))
    await expect.poll(() => said, { timeout: 50_000 }).toContain('"url"')
    const { url } = JSON.parse(said.split('\n')[0])
    recordAt(kiosk, 'a')
    const line = httpTransport({ url, identity: kiosk.identity, peer: hub.known })
    expect((await sync(kiosk.station, line)).stopped).toBeUndefined()
    await line.close?.()
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
    child.kill('SIGTERM')
    expect(await ended, said).toBe(0)
    expect(said).toContain('{"kind":"closed","cut":0}')
  })
})

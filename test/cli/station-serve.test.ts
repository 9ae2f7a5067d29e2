import type { ChildProcess } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { httpTransport, openStation, type PublicIdentity, type StationIdentity, sync } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { type Place, recordAt, transportOf } from '../station/sync/support.js'
import { QUICK } from '../support/hub.js'
import { cli, cliJson, printFile, spawnCli, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (...path: string[]) => join(folder, ...path)
const jsonAt = (...path: string[]) => JSON.parse(readFileSync(at(...path), 'utf8'))

/** Folders of a hub and kiosks, as the command line makes them. */
async function network(hub: string, kiosks: readonly string[]): Promise<void> {
  await cli('station', 'init', at(hub), '--id', hub)
  for (const kiosk of kiosks) {
    await cli('station', 'init', at(kiosk), '--id', kiosk)
    await cli('station', 'add-peer', at(kiosk), at(hub, 'public.json'), '--relation', 'upstream')
    await cli('station', 'add-peer', at(hub), at(kiosk, 'public.json'), '--relation', 'downstream')
  }
}

async function placeAt(name: string): Promise<Place> {
  const identity: StationIdentity = jsonAt(name, 'identity.json')
  const [path, key] = [at(name, 'station.db'), new Uint8Array(readFileSync(at(name, 'key')))]
  const known: PublicIdentity = jsonAt(name, 'public.json')
  return { station: await openStation({ path, key, identity, existing: true }), identity, known, path, key }
}

interface Serving {
  readonly child: ChildProcess
  readonly url: string
  readonly ended: ReturnType<typeof spawnCli>
}

/** The process, when it listens. */
async function serve(name: string, ...args: string[]): Promise<Serving> {
  return new Promise((resolve, reject) => {
    let said = ''
    const ended = spawnCli(['station', 'serve', at(name), ...args], child => {
      child.stderr!.on('data', chunk => {
        said += chunk
        const [, url] = /^listening at (\S+)$/m.exec(said) ?? []
        if (url !== undefined) resolve({ child, url, ended })
      })
    })
    ended.then(({ stderr }) => reject(new Error(stderr)))
  })
}

const synchronise = (kiosk: Place, hub: Pick<Place, 'known'>, url: string) => {
  const line = httpTransport({ url, identity: kiosk.identity, peer: hub.known, ...QUICK })
  const retry = { attempts: 2, firstPauseMs: 1, longestPauseMs: 1, firstRestMs: 1, longestRestMs: 1 }
  return sync(kiosk.station, line, { retry }).finally(() => line.close?.())
}

describe('sidik station serve', () => {
  it('is killed in the middle, and loses nothing that two kiosks have brought', async () => {
    await network('hub', ['k1', 'k2'])
    const known: PublicIdentity = jsonAt('hub', 'public.json')
    const kiosks = [await placeAt('k1'), await placeAt('k2')]
    let serving = await serve('hub', '--port', '0')
    const port = new URL(serving.url).port
    for (let round = 0; round < 3; round++) {
      for (const [i, kiosk] of kiosks.entries()) {
        recordAt(kiosk, `${i}-${round}`, { templates: 700, photo: 400_000 })
        recordAt(kiosk, `${i}-${round}-more`, { templates: 700, photo: 1_500_000 })
      }
      const brought = kiosks.map(kiosk => synchronise(kiosk, { known }, serving.url))
      // With the first bytes that it was seen to take.
      serving.child.stderr!.once('data', () => serving.child.kill('SIGKILL'))
      await Promise.all(brought)
      serving.child.kill('SIGKILL')
      expect((await serving.ended).exitCode).toBe(null)
      serving = await serve('hub', '--port', port)
    }
    for (const kiosk of kiosks) {
      expect((await synchronise(kiosk, { known }, serving.url)).stopped).toBeUndefined()
      const states = transportOf(kiosk)
      const own = kiosks.indexOf(kiosk)
      for (const [id, state] of Object.entries(states))
        if (id.startsWith(`${own}-`)) expect([id, state]).toEqual([id, 'synchronised'])
    }
    serving.child.kill('SIGINT')
    const { exitCode, stdout, stderr } = await serving.ended
    expect([exitCode, stdout]).toEqual([130, ''])
    expect(stderr).toMatch(
      / stopped, 0 requests cut\nsidik: INTERRUPTED: stopped listening, \d+ messages? taken, all on the disk\n$/,
    )
    const hub = await placeAt('hub')
    expect(Object.keys(transportOf(hub))).toHaveLength(12)
    for (const { station } of [hub, ...kiosks]) await station.close()
  }, 120_000)

  it('finds who was recorded at two kiosks without a line, and tells both', async () => {
    await network('city', ['v1', 'v2'])
    const missing = Object.fromEntries([3, 4, 5, 6, 7, 8, 9, 10].map(position => [position, 'bandaged']))
    const person = {
      name: 'Siti',
      birthDate: '1990-02-15',
      sex: 'female',
      birthPlace: 'Depok',
      address: { street: '1' },
    }
    const records: string[] = []
    for (const [i, prints] of [
      ['101_1', '102_1'],
      ['101_3', '102_2'],
    ].entries()) {
      for (const print of prints) copyFileSync(printFile(print), at(`${print}.png`))
      const [first, second] = prints.map(print => `${print}.png`)
      const nik = `327601550290000${i + 1}`
      const whole = { nik, person, operator: 'op', prints: { 1: first, 2: second }, exceptions: missing }
      writeFileSync(at(`${i}.json`), JSON.stringify(whole))
      const { json } = await cliJson('station', 'enrol', at(`v${i + 1}`), at(`${i}.json`))
      expect(json.preCheck.decision).toBe('clear')
      records.push(json.recordId)
    }
    const serving = await serve('city', '--port', '0')
    for (const kiosk of ['v1', 'v2']) await cli('station', 'sync', at(kiosk), serving.url)
    const casesAt = async (name: string) => (await cliJson('station', 'adjudications', at(name))).json.adjudications
    await expect.poll(() => casesAt('city'), { timeout: 50_000 }).toMatchObject([{ kind: 'fingers' }])
    for (const kiosk of ['v1', 'v2']) {
      await cli('station', 'sync', at(kiosk), serving.url)
      const [{ kind, record, other }] = await casesAt(kiosk)
      expect([kind, [record, other].sort()]).toEqual(['fingers', [...records].sort()])
    }
    serving.child.kill('SIGTERM')
    expect((await serving.ended).exitCode).toBe(130)
  }, 120_000)

  it('says on stderr where it listens and whom it lets in, and ends with SIGTERM', async () => {
    await network('quiet', ['q1'])
    const { child, url, ended } = await serve('quiet', '--port', '0', '--zone', 'UTC', '--json')
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sync$/)
    const second = await spawnCli(['station', 'serve', at('quiet'), '--port', '0'])
    expect([second.exitCode, second.stdout]).toEqual([3, ''])
    expect(second.stderr).toMatch(
      new RegExp(
        `^sidik: HUB_RUNNING: a hub serves from .*quiet/station.db.hub already, process ${child.pid} on .*\n$`,
      ),
    )
    await network('third', ['t1'])
    const taken = await spawnCli(['station', 'serve', at('third'), '--port', new URL(url).port])
    expect([taken.exitCode, taken.stderr]).toEqual([
      3,
      expect.stringMatching(/^sidik: HUB_ADDRESS: .* listens there: /),
    ])
    child.kill('SIGTERM')
    const { exitCode, stdout, stderr } = await ended
    expect(exitCode).toBe(130)
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'INTERRUPTED', message: 'stopped listening, 0 messages taken, all on the disk' },
    })
    expect(stderr.split('\n').slice(0, 2)).toEqual([`listening at ${url}`, 'stop with Ctrl-C; 1 station is let in'])
    expect(stderr).toMatch(/\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d stopping, 0 requests open\n/)
  })

  it('says what is missing', async () => {
    await cli('station', 'init', at('alone'), '--id', 'alone')
    const alone = await cli('station', 'serve', at('alone'), '--port', '0')
    expect([alone.exitCode, alone.stderr]).toEqual([3, expect.stringContaining('PEER_UNKNOWN')])
    for (const args of [
      ['--port', '70000'],
      ['--port', 'x'],
      ['--host', ''],
      ['--tls-cert', at('alone', 'key')],
    ]) {
      expect((await cli('station', 'serve', at('alone'), ...args)).exitCode, args.join(' ')).toBe(2)
    }
    const key = ['--tls-cert', at('alone', 'key'), '--tls-key', at('alone', 'key')]
    await network('tls', ['l1'])
    expect((await cli('station', 'serve', at('tls'), '--port', '0', ...key)).stderr).toContain('HUB_TLS')
  })
})

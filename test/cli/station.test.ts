import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { peerOf } from '../../dist/station/peers.js'
import { partsOf } from '../../dist/station/station.js'
import { noteAnomaly } from '../../dist/station/sync/noted.js'
import { cli, cliJson, printFile, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (...path: string[]) => join(folder, ...path)
const station = (...args: string[]) => cliJson('station', ...args)

const NAME = 'Siti Aminah'
const NIK = '3276015502900001'

/** Somebody with two fingers, as a file beside the prints. */
function application(name: string, nik: string, prints: readonly [string, string], more: object = {}): string {
  for (const print of prints) copyFileSync(printFile(print), at(`${print}.png`))
  const missing = Object.fromEntries([3, 4, 5, 6, 7, 8, 9, 10].map(position => [position, 'bandaged']))
  const person = {
    name: NAME,
    birthDate: '1990-02-15',
    sex: 'female',
    birthPlace: 'Depok',
    address: { street: 'Jl. Margonda 1' },
  }
  const [first, second] = prints.map(print => `${print}.png`)
  const whole = { nik, person, operator: 'op 1', prints: { 1: first, 2: second }, exceptions: missing, ...more }
  writeFileSync(at(name), JSON.stringify(whole))
  return at(name)
}

/** A hub and a kiosk that know each other. */
async function pair(hub: string, kiosk: string): Promise<void> {
  await station('init', at(hub), '--id', 'hub')
  await station('init', at(kiosk), '--id', 'k1')
  await station('add-peer', at(kiosk), at(hub, 'public.json'), '--relation', 'upstream')
  await station('add-peer', at(hub), at(kiosk, 'public.json'), '--relation', 'downstream')
}

describe('sidik station', () => {
  it('records somebody, finds who is there already, and takes the records up and the receipts back on a stick', async () => {
    await pair('hub', 'k1')
    mkdirSync(at('stick'))
    const first = await station('enrol', at('k1'), application('a.json', NIK, ['101_1', '102_1']))
    expect(first.json).toMatchObject({ recorded: true, preCheck: { decision: 'clear' } })
    const twice = await station('enrol', at('k1'), at('a.json'))
    expect([twice.exitCode, twice.json.feedback[0].code]).toEqual([1, 'nik-recorded'])
    const again = application('b.json', '3276015502900002', ['101_3', '102_2'])
    const second = await station('enrol', at('k1'), again)
    expect(second.json.preCheck).toMatchObject({ decision: 'duplicate', candidates: [{ record: first.json.recordId }] })

    const both = [second.json.recordId, first.json.recordId]
    await station('overlay', at('k1'), ...both, '-o', at('pair.png'))
    expect(readFileSync(at('pair.png')).subarray(1, 4).toString()).toBe('PNG')
    const said = ['--verdict', 'same-person', '--operator', 'op 1', '--reason', 'the same scar']
    expect((await station('adjudicate', at('k1'), ...both, ...said)).exitCode).toBe(0)
    const shown = await station('show', at('k1'), both[0])
    expect(shown.json).toMatchObject({
      contents: { nik: '3276015502900002', person: { name: NAME } },
      adjudications: [{ candidate: both[1], verdict: 'same-person' }],
    })

    // Nothing listens at the discard port.
    const down = await station('sync', at('k1'), 'http://127.0.0.1:9/sync')
    expect([down.exitCode, down.json.stopped.code, down.json.unsent]).toEqual([1, 'LINE_DOWN', 3])
    const zone = ['--zone', 'Asia/Jakarta']
    // One sentence: what went wrong, what waits, when to go on.
    const sentence = (why: string, next: string) =>
      new RegExp(
        `^Not synchronised with hub: ${why}; 3 entries wait, nothing is lost; ` +
          String.raw`try again from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(Asia/Jakarta\) on${next}\.\n$`,
      )
    const why = async (...more: string[]) =>
      (await cli('station', 'sync', at('k1'), 'http://127.0.0.1:9/sync', ...zone, ...more)).stdout
    const refused = sentence('the line to http://127.0.0.1:9 is down .ECONNREFUSED.*', '')
    expect(await why()).toMatch(refused)
    expect(await why()).toMatch(sentence('the line has failed so often that it rests', ', or with --now'))
    expect(await why('--now')).toMatch(refused)
    expect((await cli('station', 'status', at('k1'))).stdout).toMatch(
      /hub: 2 records wait.*: the line failed too often, and rests; next try/,
    )
    await station('export', at('k1'), at('stick'))
    const out = await cli('station', 'status', at('k1'), ...zone)
    expect(out.stdout).toMatch(/hub: 2 records wait.*: on a stick, without an answer/)
    expect(out.stdout).toMatch(/\n {4}on a stick: 3 entries since \d{4}-.*, without an answer \(bundle /)
    const { json } = await station('status', at('k1'), ...zone)
    const { at: now, peers } = json
    expect(peers[0].waiting.oldestAt).toBe(new Date(peers[0].waiting.oldestAt).toISOString())
    const inJakarta = (iso: string) =>
      new Date(Date.parse(iso) + 7 * 3_600_000).toISOString().replace('T', ' ').slice(0, 19)
    expect(out.stdout).toContain(`the oldest since ${inJakarta(peers[0].waiting.oldestAt)}: `)
    expect(out.stdout).toContain(`station k1 at ${inJakarta(now).slice(0, 13)}`)
    expect((await station('import', at('hub'), at('stick'))).json.imported).toMatchObject([{ from: 'k1' }])
    expect((await station('records', at('k1'), '--transport', 'synchronised')).json.records).toEqual([])
    await station('export', at('hub'), at('stick'), '--to', 'k1')
    const back = await station('import', at('k1'), at('stick'))
    expect([back.exitCode, back.json.imported[0].receipts]).toEqual([0, 3])
    const listed = await station('records', at('k1'), '--transport', 'synchronised', '--limit', '1')
    expect(listed.json).toMatchObject({ records: [{ id: both[0], transportState: 'synchronised' }] })
    const table = await cli('station', 'records', at('k1'), '--limit', '1', ...zone)
    expect(table.stdout).toContain('recorded (Asia/Jakarta)\n')
    expect(table.stdout).toContain(`${inJakarta(listed.json.records[0].recordedAt)}\n`)
    const rest = await station('records', at('k1'), '--after', listed.json.next)
    expect(rest.json.records.map(({ id }: { id: string }) => id)).toEqual([both[1]])
    expect((await cli('station', 'refusals', at('k1'))).stdout).toBe('nothing is refused\n')

    for (const file of readdirSync(at('stick'))) {
      expect(readFileSync(at('stick', file)).includes(NAME), file).toBe(false)
    }
  })

  it('records everybody of a folder whose application is whole, whoever else is not', async () => {
    await station('init', at('many'), '--id', 'many')
    mkdirSync(at('applications'))
    const niks = ['3276015502900003', '3276015502900004']
    for (const [i, nik] of niks.entries()) application(`applications/${i}.json`, nik, ['101_1', '102_1'])
    for (const print of ['101_1', '102_1']) copyFileSync(printFile(print), at('applications', `${print}.png`))
    const good = JSON.parse(readFileSync(at('applications', '1.json'), 'utf8'))
    const files: [string, string][] = [
      ['0-cut.json', JSON.stringify(good).slice(0, 90)],
      ['0-typo.json', JSON.stringify({ ...good, person: { ...good.person, namme: 'Siti' } })],
      ['0-gone.json', JSON.stringify({ ...good, prints: { 1: 'gone.png', 2: '102_1.png' } })],
      ['0-nik.json', JSON.stringify({ ...good, nik: '12' })],
      ['readme.txt', 'not an application'],
    ]
    for (const [name, text] of files) writeFileSync(at('applications', name), text)
    const { exitCode, json } = await station('enrol', at('many'), at('applications'))
    const said = json.results.map(({ file, recorded, error, feedback }: Record<string, never>) => [
      String(file).slice(at('applications').length + 1),
      recorded || ((error as { code: string } | undefined)?.code ?? (feedback as { code: string }[])[0].code),
    ])
    expect(said).toEqual([
      ['0-cut.json', 'APPLICATION_FORMAT'],
      ['0-gone.json', 'FILE_UNREADABLE'],
      ['0-nik.json', 'nik-length'],
      ['0-typo.json', 'APPLICATION_FORMAT'],
      ['0.json', true],
      ['1.json', true],
    ])
    expect(exitCode).toBe(3)
    // Tried again in one draft each; nobody is recorded twice.
    rmSync(at('applications', '0-cut.json'))
    const again = await cli(
      'station',
      'enrol',
      at('many'),
      at('applications', '0-nik.json'),
      at('applications', '0.json'),
    )
    expect([again.exitCode, again.stdout]).toEqual([
      1,
      expect.stringMatching(/\n0 recorded, 2 to be corrected, 0 files of no use\n$/),
    ])
    expect((await station('drafts', 'list', at('many'))).json.drafts).toHaveLength(2)
    expect((await station('records', at('many'))).json.records).toHaveLength(2)
    const nothing = await station('enrol', at('many'), at('many'), at('applications', '0.json'))
    expect(nothing.exitCode).toBe(3)
  })

  it('says in a sentence why it does not synchronise, and whether to try again', async () => {
    await pair('far-hub', 'far')
    const down = await cli('station', 'sync', at('far'), 'http://127.0.0.1:9/sync', '--zone', 'UTC')
    expect([down.exitCode, down.stdout]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(
          String.raw`^Not synchronised with hub: the line to http://127.0.0.1:9 is down \(ECONNREFUSED: nothing ` +
            String.raw`listens there\); nothing waits here; try again from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(UTC\) on\.\n$`,
        ),
      ),
    ])
  })

  it('verifies a station, and says where it is damaged', async () => {
    await pair('sound', 'sound-kiosk')
    const sound = await station('verify', at('sound'))
    expect([sound.exitCode, sound.json.ok, sound.json.counts.entries]).toEqual([0, true, 2])
    const path = at('sound', 'station.db')
    const bytes = readFileSync(path)
    // Within the header of an entry, which lies in the clear.
    bytes[bytes.indexOf('"kind":"peer"') + 9] ^= 1
    writeFileSync(path, bytes)
    const damaged = await station('verify', at('sound'))
    expect([damaged.exitCode, damaged.json.ok]).toEqual([3, false])
    expect(damaged.json.findings.map(({ where }: { where: object }) => where)).toContainEqual(
      expect.objectContaining({ station: 'hub', sequence: 2 }),
    )
  })

  it('gives a station another key, also when it is killed in the middle', async () => {
    await station('init', at('rekeyed'), '--id', 'rekeyed')
    const [path, next] = [at('rekeyed', 'key'), at('rekeyed', 'key.new')]
    const first = readFileSync(path)
    expect((await station('rekey', at('rekeyed'), '--reseal')).exitCode).toBe(0)
    const second = readFileSync(path)
    expect(second.equals(first)).toBe(false)
    writeFileSync(at('old-key'), first)
    const old = await station('status', at('rekeyed'), '--key', at('old-key'))
    expect([old.exitCode, old.json.error.code]).toEqual([3, 'STATION_KEY'])

    // Killed after the new key was written, and before the station was sealed with it: the old one still opens it.
    writeFileSync(next, randomBytes(32))
    expect((await station('status', at('rekeyed'))).exitCode).toBe(0)
    expect(readFileSync(path)).toEqual(second)
    // Killed after that: the new one is put in its place.
    writeFileSync(next, second)
    writeFileSync(path, first)
    expect((await station('status', at('rekeyed'))).exitCode).toBe(0)
    expect(readFileSync(path)).toEqual(second)
    expect(readdirSync(at('rekeyed'))).not.toContain('key.new')
  })

  it('leaves nothing of a station that could not be made', async () => {
    const made = await Promise.all([1, 2].map(() => station('init', at('at-once'), '--id', 'at-once')))
    expect(made.map(({ exitCode }) => exitCode).sort()).toEqual([0, 3])
    expect(readdirSync(folder).filter(name => name.startsWith('at-once'))).toEqual(['at-once'])
    expect((await station('status', at('at-once'))).exitCode).toBe(0)
  })

  it('has the key that seals it, when two commands give it another one at once', async () => {
    for (let i = 0; i < 6; i++) {
      const folder = `rekeyed-twice-${i}`
      await station('init', at(folder), '--id', folder)
      const second = async () => {
        await setTimeout(2 * i)
        return station('rekey', at(folder))
      }
      const codes = (await Promise.all([station('rekey', at(folder)), second()])).map(({ exitCode }) => exitCode)
      expect(codes).toContain(0)
      expect((await station('status', at(folder))).exitCode).toBe(0)
      expect(readdirSync(at(folder)).filter(name => name.startsWith('key'))).toEqual(['key'])
    }
  })

  it('takes prints that an application names by an absolute path, and names the one that is not there', async () => {
    await station('init', at('absolute'), '--id', 'absolute')
    const [first, gone] = [at('101_1.png'), at('gone', '102_1.png')]
    const named = (second: string) =>
      application('path.json', NIK, ['101_1', '102_1'], { prints: { 1: first, 2: second } })
    const { json } = await station('enrol', at('absolute'), named(gone))
    expect(json.error).toMatchObject({ code: 'FILE_UNREADABLE' })
    expect(json.error.message.startsWith(`${gone}: `)).toBe(true)
    expect((await station('enrol', at('absolute'), named(at('102_1.png')))).json).toMatchObject({ recorded: true })
  })

  it('stops believing a laptop that was lost', async () => {
    await pair('lost-hub', 'lost')
    const said = ['--operator', 'supervisor-1', '--reason', 'stolen']
    const done = await station('revoke', at('lost-hub'), 'k1', ...said, '--from', '1')
    expect([done.exitCode, done.json]).toEqual([0, { station: 'k1', from: 1, undone: 0, records: [] }])
    const { json } = await station('status', at('lost-hub'))
    expect(json).toMatchObject({ peers: [], revoked: [{ station: 'k1', from: 1, by: 'hub', standing: 0 }] })
    const again = await station('add-peer', at('lost-hub'), at('lost', 'public.json'), '--relation', 'downstream')
    expect([again.exitCode, again.json.error.code]).toEqual([3, 'PEER_REVOKED'])
    expect((await station('revoke', at('lost-hub'), 'nobody', ...said)).json.error.code).toBe('PEER_UNKNOWN')
  })

  it('hears of a person behind which hub a station lies', async () => {
    await pair('trust-hub', 'trust')
    await station('init', at('moved'), '--id', 'k9')
    const said = ['--operator', 'supervisor-1', '--reason', 'it moved']
    const behind = (path: string, hub: string) => station('trust', at('trust-hub'), path, '--behind', hub, ...said)
    const moved = at('moved', 'public.json')
    expect((await behind(moved, 'nobody')).json.error.code).toBe('PEER_UNKNOWN')
    // A kiosk vouches for nobody; a hub does.
    expect((await behind(moved, 'k1')).json.error.code).toBe('PEER_UNKNOWN')
    const kiosk = at('trust', 'public.json')
    await station('add-peer', at('trust-hub'), kiosk, '--relation', 'downstream', '--vouches')
    const { exitCode, json } = await behind(moved, 'k1')
    expect([exitCode, json]).toMatchObject([0, { id: 'k9', voucher: 'k1' }])
    expect((await behind(at('trust', 'public.json'), 'k1')).exitCode).toBe(2)
  })

  it('tells of a quota that is half used, and lets a person raise it', async () => {
    await pair('quota-hub', 'quota')
    const said = ['--operator', 'supervisor-1', '--reason', 'seven months without a line']
    const opened = await openStation({
      path: at('quota-hub', 'station.db'),
      key: readFileSync(at('quota-hub', 'key')),
      identity: JSON.parse(readFileSync(at('quota-hub', 'identity.json'), 'utf8')),
      existing: true,
    })
    for (let i = 0; i < 50; i++)
      noteAnomaly(opened, 'entry-forged', `entry ${i}`, 'as a test', peerOf(partsOf(opened).file, 'k1'))
    await opened.close()
    const lines = async () => (await cli('station', 'status', at('quota-hub'))).stdout
    expect(await lines()).toContain('\n    quota anomalies: 50 of 50 used\n')
    const more = ['--amount', '200', '--days', '2']
    const raised = await station('raise-quota', at('quota-hub'), 'k1', 'anomalies', ...more, ...said)
    expect([raised.exitCode, raised.json]).toMatchObject([0, { peer: 'k1', quota: 'anomalies', amount: 200 }])
    expect(Date.parse(raised.json.until) - Date.now()).toBeGreaterThan(86_400_000)
    expect(await lines()).not.toContain('quota anomalies')
    const again = await cli('station', 'raise-quota', at('quota-hub'), 'k1', 'anomalies', '--amount', '100', ...said)
    expect(again.stdout).toContain('instead of 200 until ')
    const usual = await cli('station', 'raise-quota', at('quota-hub'), 'k1', 'bytes', '--amount', '1', ...said)
    expect([usual.exitCode, usual.stdout]).toEqual([2, ''])
    expect(usual.stderr).toMatch(/amount is 1, must be .* from 17179869185/)
    const nobody = await station('raise-quota', at('quota-hub'), 'nobody', 'anomalies', ...more, ...said)
    expect(nobody.json.error.code).toBe('PEER_UNKNOWN')
    expect((await cli('station', 'raise-quota', at('quota-hub'), 'k1', 'patience', ...more, ...said)).exitCode).toBe(2)
  })

  it('says how it stands, and who answers for going on', async () => {
    await pair('status-hub', 'status')
    const said = ['--operator', 'head of office', '--reason', 'no line since January']
    expect((await station('override', at('status'), 'oldest-waiting', ...said, '--days', '30')).exitCode).toBe(0)
    const { json } = await station('status', at('status'))
    expect(json).toMatchObject({
      station: 'k1',
      peers: [{ peer: 'hub', relation: 'upstream' }],
      drafts: 0,
      warnings: [],
    })
    expect((await cli('station', 'status', at('status'))).stdout).toContain(
      'upstream hub: nothing waits; last heard never',
    )
  })

  it('makes keys for its owner alone, and changes nothing that is there', async () => {
    await station('init', at('new'), '--id', '3276-01')
    for (const secret of ['key', 'identity.json']) expect(statSync(at('new', secret)).mode & 0o077).toBe(0)
    const kept = readFileSync(at('new', 'key'))
    const again = await station('init', at('new'), '--id', '3276-01')
    expect([again.exitCode, again.json.error.code]).toEqual([3, 'FILE_UNWRITABLE'])
    expect(readFileSync(at('new', 'key'))).toEqual(kept)
    expect(readdirSync(folder).filter(name => name.startsWith('new.new-'))).toEqual([])
  })

  it('leaves a folder that is no station as it is', async () => {
    mkdirSync(at('others'))
    chmodSync(at('others'), 0o755)
    expect((await station('status', at('others'))).exitCode).toBe(3)
    expect(statSync(at('others')).mode & 0o777).toBe(0o755)
  })

  it.each<[string, string, () => string[] | Promise<string[]>]>([
    ['a folder that is not there', 'FILE_UNREADABLE', () => ['records', at('nowhere')]],
    ['another key', 'STATION_KEY', () => ['records', at('bad'), '--key', at('other', 'key')]],
    ['a key that is none', 'STATION_KEY', () => ['records', at('bad'), '--key', at('a.json')]],
    [
      'a public identity that is none',
      'STATION_IDENTITY',
      () => ['add-peer', at('bad'), at('a.json'), '--relation', 'upstream'],
    ],
    ['no upstream', 'PEER_UNKNOWN', () => ['sync', at('bad'), 'http://127.0.0.1:9/sync']],
    ['an application that is none', 'APPLICATION_FORMAT', () => ['enrol', at('bad'), at('other', 'public.json')]],
    [
      'a person with a field that does not exist',
      'APPLICATION_FORMAT',
      () => ['enrol', at('bad'), application('c.json', NIK, ['101_1', '102_1'], { person: { nama: NAME } })],
    ],
    [
      'a print that is not there',
      'FILE_UNREADABLE',
      () => ['enrol', at('bad'), application('d.json', NIK, ['101_1', '102_1'], { prints: { 1: 'gone.png' } })],
    ],
    ['a record that is not there', 'RECORD_UNKNOWN', () => ['show', at('bad'), 'nobody']],
    ['a stick that is not there', 'FILE_UNREADABLE', () => ['import', at('bad'), at('nowhere')]],
    ["another station's identity", 'STATION_IDENTITY', () => swapped()],
  ])('says what is wrong with %s, without a word of what is secret', async (_, code, args) => {
    if (!readdirSync(folder).includes('bad')) {
      await station('init', at('bad'), '--id', 'bad')
      await station('init', at('other'), '--id', 'other')
      application('a.json', NIK, ['101_1', '102_1'])
    }
    const { exitCode, stdout, stderr } = await cli('station', ...(await args()), '--json')
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([3, code])
    const { signingKey, openingKey } = JSON.parse(readFileSync(at('other', 'identity.json'), 'utf8'))
    for (const secret of [NAME, NIK, signingKey.split('\n')[1], openingKey])
      expect(stdout + stderr).not.toContain(secret)
  })

  function swapped(): string[] {
    cpSync(at('bad'), at('swapped'), { recursive: true })
    copyFileSync(at('other', 'identity.json'), at('swapped', 'identity.json'))
    chmodSync(at('swapped', 'identity.json'), 0o600)
    return ['records', at('swapped')]
  }

  it.each([
    ['init', 'x', '--id', 'a b'],
    ['sync', 'x', 'ftp://hub/sync'],
    ['refusals', 'x', '--retry', 'hub/k1'],
    ['refusals', 'x', '--retry', 'hub/k1/3'],
    ['refusals', 'x', '--dismiss', 'hub/k1/3', '--operator', 'op'],
    ['adjudicate', 'x', 'a', 'b', '--verdict', 'same-person', '--operator', ' ', '--reason', 'x'],
    ['records', 'x', '--transport', 'lost'],
    ['status', 'x', '--zone', 'WIB'],
    ['records', 'x', '--zone', ''],
    ['drafts', 'list', 'x', '--zone', 'Asia/Bandung'],
    ['revoke', 'x', 'k1', '--from', '2026-02-30', '--operator', 'a', '--reason', 'b'],
    ['revoke', 'x', 'k1', '--from', 'yesterday', '--operator', 'a', '--reason', 'b'],
    ['override', 'x', 'age', '--operator', 'a', '--reason', 'b'],
  ])('takes %s %s %s %s for bad usage', async (...args) => {
    expect((await cli('station', ...args)).exitCode).toBe(2)
  })
})

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { record } from '../station/files.ts'
import { cli, cliJson, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (...path: string[]) => join(folder, ...path)
const station = (...args: string[]) => cliJson('station', ...args)

/** A person's record, without the fingers that a kiosk takes. */
async function recorded(name: string, id: string): Promise<void> {
  const [key, identity] = [readFileSync(at(name, 'key')), readFileSync(at(name, 'identity.json'), 'utf8')]
  const opened = await openStation({
    path: at(name, 'station.db'),
    key,
    identity: JSON.parse(identity),
    existing: true,
  })
  record(opened, id)
  await opened.close()
}

async function carried(from: string, to: string, peer: string): Promise<void> {
  const stick = at(`stick-${from}-${to}`)
  mkdirSync(stick, { recursive: true })
  await station('export', at(from), stick, '--to', peer)
  await station('import', at(to), stick)
}

describe('a NIK under two records, by commands', () => {
  it('is listed at the hub, settled by a decision, and gone', async () => {
    await station('init', at('hub'), '--id', 'hub')
    for (const id of ['k1', 'k2']) {
      await station('init', at(id), '--id', id)
      await station('add-peer', at(id), at('hub', 'public.json'), '--relation', 'upstream')
      await station('add-peer', at('hub'), at(id, 'public.json'), '--relation', 'downstream')
      await recorded(id, `record-of-${id}`)
      await carried(id, 'hub', 'hub')
    }
    const { json } = await station('adjudications', at('hub'))
    expect(json.adjudications).toMatchObject([
      { kind: 'nik', record: 'record-of-k1', station: 'k1', other: 'record-of-k2', otherStation: 'k2' },
    ])
    expect((await cli('station', 'adjudications', at('hub'), '--zone', 'Asia/Jakarta')).stdout).toMatch(
      /since \(Asia\/Jakarta\).*\n.*one NIK +record-of-k1 +k1 +record-of-k2 +k2/,
    )
    const seen = await station('changes', at('hub'))
    expect(seen.json.changes.map(({ kind }: { kind: string }) => kind)).toContain('case-opened')
    const decision = ['--state', 'DUP', '--duplicate-of', 'record-of-k1', '--operator', 'expert 1']
    expect((await station('decide', at('hub'), 'record-of-k2', ...decision)).exitCode).toBe(0)
    expect((await cli('station', 'adjudications', at('hub'))).stdout).toBe('nothing to decide\n')
    const since = await station('changes', at('hub'), '--after', seen.json.cursor)
    expect(since.json.changes.map(({ kind }: { kind: string }) => kind)).toEqual([
      ...['decision', 'case-closed', 'case-closed'],
    ])
    const bogus = await cli('station', 'changes', at('hub'), '--after', 'yesterday')
    expect([bogus.exitCode, bogus.stderr]).toEqual([2, expect.stringContaining('after must be the cursor of a change')])
  })

  it('an office that works alone decides about its own records', async () => {
    await station('init', at('office'), '--id', 'office', '--own-centre')
    await recorded('office', 'record-1')
    expect((await station('decide', at('office'), 'record-1', '--state', 'PRR', '--operator', 'head')).exitCode).toBe(0)
    expect((await station('records', at('office'))).json.records).toMatchObject([{ centreState: 'PRINT_READY_RECORD' }])
  })
})

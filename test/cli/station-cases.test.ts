import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeTemplates, openStation } from 'sidik/station'
import { syntheticProbe, syntheticTemplate } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { record } from '../station/files.ts'
import { cli, cliJson, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (...path: string[]) => join(folder, ...path)
const station = (...args: string[]) => cliJson('station', ...args)

/** A person's record, without images. */
async function recorded(name: string, id: string, given: Parameters<typeof record>[2] = {}): Promise<void> {
  const [key, identity] = [readFileSync(at(name, 'key')), readFileSync(at(name, 'identity.json'), 'utf8')]
  const opened = await openStation({
    path: at(name, 'station.db'),
    key,
    identity: JSON.parse(identity),
    existing: true,
  })
  record(opened, id, given)
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
    const cleared = ['--state', 'PRR', '--operator', 'expert 1']
    expect((await cli('station', 'decide', at('hub'), 'record-of-k2', ...cleared)).stdout).toMatch(
      /the card waits until somebody has decided about the case that is open\n$/,
    )
    const seen = await station('changes', at('hub'))
    expect(seen.json.changes.map(({ kind }: { kind: string }) => kind)).toContain('case-opened')
    const decision = ['--state', 'DUP', '--duplicate-of', 'record-of-k1', '--operator', 'expert 1']
    expect((await station('decide', at('hub'), 'record-of-k2', ...decision)).exitCode).toBe(0)
    expect((await cli('station', 'adjudications', at('hub'))).stdout).toBe('nothing to decide\n')
    const since = await station('changes', at('hub'), '--after', seen.json.cursor)
    expect(since.json.changes.map(({ kind }: { kind: string }) => kind)).toEqual([
      // Stations below do not hear of the decision: they are told to compare with that record no more.
      ...['decision', 'case-closed', 'case-closed', 'removal'],
    ])
    const bogus = await cli('station', 'changes', at('hub'), '--after', 'yesterday')
    expect([bogus.exitCode, bogus.stderr]).toEqual([2, expect.stringContaining('after must be the cursor of a change')])
  })

  it('fingers at two kiosks are compared at the hub, and settled by somebody who looks', async () => {
    await station('init', at('city'), '--id', 'city')
    for (const [id, make] of [
      ['k3', syntheticTemplate],
      ['k4', (seed: number, finger: number) => syntheticProbe(seed, finger, 'clean')],
    ] as const) {
      await station('init', at(id), '--id', id)
      await station('add-peer', at(id), at('city', 'public.json'), '--relation', 'upstream')
      await station('add-peer', at('city'), at(id, 'public.json'), '--relation', 'downstream')
      const fingers = [1, 2, 3].map(position => ({ position, template: make(4, position) }))
      await recorded(id, `record-of-${id}`, { payload: encodeTemplates(fingers), nik: `327601410790000${id[1]}` })
      await carried(id, 'city', 'city')
    }
    expect((await cli('station', 'status', at('city'))).stdout).toContain('2 records to be compared with all others')
    const { stdout, exitCode } = await cli('station', 'check', at('city'), '--threads', '1')
    expect([exitCode, stdout]).toEqual([
      0,
      '2 records compared with all others: 2 of them match, 0 are to be looked at\n' +
        '1 case for somebody to decide: adjudications\n',
    ])
    expect((await cli('station', 'adjudications', at('city'))).stdout).toMatch(
      /same fingers +record-of-k3 +k3 +record-of-k4 +k4/,
    )
    const listed = async () => (await cli('station', 'records', at('city'))).stdout.match(/to decide/g)?.length ?? 0
    expect(await listed()).toBe(2)
    const why = ['--operator', 'expert 1', '--reason', 'twins']
    await station('adjudicate', at('city'), 'record-of-k3', 'record-of-k4', '--verdict', 'different-persons', ...why)
    expect((await cli('station', 'adjudications', at('city'))).stdout).toBe('nothing to decide\n')
    expect(await listed()).toBe(0)
    const again = await station('recheck', at('city'), '--threads', '1', '--target-fpir', '0.0001', ...why)
    expect(again.json).toEqual({ checked: 2, duplicates: 2, reviews: 0, left: 0, toAdjudicate: 0 })
    const bad = await cli('station', 'check', at('city'), '--target-fpir', '2')
    expect([bad.exitCode, bad.stderr]).toEqual([2, expect.stringContaining('--target-fpir')])
  })

  it('an office that works alone decides about its own records', async () => {
    await station('init', at('office'), '--id', 'office', '--own-centre')
    await recorded('office', 'record-1')
    expect((await station('decide', at('office'), 'record-1', '--state', 'PRR', '--operator', 'head')).exitCode).toBe(0)
    expect((await station('records', at('office'))).json.records).toMatchObject([{ centreState: 'PRINT_READY_RECORD' }])
  })
})

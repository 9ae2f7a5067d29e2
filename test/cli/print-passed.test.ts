/** Cards that the city prints for a sub-district, on the command line, by a stick that travels with them. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decide, hostTransport, openStation, printCards, receive, receiveStock, requestCard, sync } from 'sidik/station'
import { expect, it } from 'vitest'
import { record } from '../station/files.ts'
import { BY, printerThat, render } from '../station/print/support.ts'
import { cli, cliJson, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (...path: string[]) => join(folder, ...path)
const WHO = ['--operator', 'op 1']

const openAt = (id: string) =>
  openStation({
    path: at(id, 'station.db'),
    key: readFileSync(at(id, 'key')),
    identity: JSON.parse(readFileSync(at(id, 'identity.json'), 'utf8')),
    existing: true,
  })

/** Both ways on a stick. */
async function carry(): Promise<void> {
  for (const [from, to] of [
    ['hub', 'k1'],
    ['k1', 'hub'],
  ]) {
    await cliJson('station', 'export', at(from), at('stick'), '--to', to)
    await cliJson('station', 'import', at(to), at('stick'))
  }
}

it('are sent, received and handed over, and lists say where they are', async () => {
  for (const id of ['hub', 'k1']) await cliJson('station', 'init', at(id), '--id', id)
  await cliJson('station', 'add-peer', at('k1'), at('hub', 'public.json'), '--relation', 'upstream')
  await cliJson('station', 'add-peer', at('hub'), at('k1', 'public.json'), '--relation', 'downstream')
  mkdirSync(at('stick'))
  const [hub, kiosk] = [await openAt('hub'), await openAt('k1')]
  const line = hostTransport('here', message => receive(hub, message))
  for (const number of [1, 2]) record(kiosk, `record-${number}`, { nik: `327601410790000${number}` })
  await sync(kiosk, line)
  const lines = [{ lot: 'B1', item: 'blank', serials: 'AB000001-AB000009' }]
  receiveStock(hub, { shipment: 'S1', from: 'ministry', lines, ...BY })
  for (const number of [1, 2]) {
    decide(hub, `record-${number}`, {
      state: 'PRINT_READY_RECORD',
      by: 'centre',
      unchecked: 'the ministry compares them',
    })
    requestCard(hub, { record: `record-${number}`, ...BY })
  }
  const { printed } = await printCards(hub, { printer: printerThat(), render })
  await Promise.all([hub.close(), kiosk.close()])

  const nowhere = await cliJson('print', 'send', at('hub'), '--to', 'elsewhere', '--shipment', 'K1', ...WHO)
  expect(nowhere.exitCode).toBe(2)
  const sent = await cliJson('print', 'send', at('hub'), '--to', 'k1', '--shipment', 'K1', ...WHO)
  expect([sent.exitCode, sent.json.jobs]).toMatchObject([0, [{ state: 'on-its-way' }, { state: 'on-its-way' }]])
  const early = await cliJson('print', 'receive', at('k1'), 'AB000001', '--shipment', 'K1', ...WHO)
  expect([early.exitCode, early.json.error.code]).toEqual([3, 'STOCK_UNKNOWN'])
  await carry()
  for (const id of ['hub', 'k1']) {
    expect((await cli('station', 'status', at(id))).stdout).toContain('2 cards on the way between two stations')
    expect((await cli('print', 'queue', at(id), '--state', 'printed')).stdout).toContain('on-its-way to k1')
    expect((await cli('stock', 'list', at(id))).stdout).toContain('on its way: K1, printed cards, to k1')
  }
  expect((await cli('print', 'report', at('hub'))).stdout).toContain('on the way: 2 cards of K1, hub to k1')
  const [one, two] = printed.map(({ serial }) => serial!)
  const came = await cliJson('print', 'receive', at('k1'), one, 'ZZ000001', '--shipment', 'K1', ...WHO)
  expect([came.exitCode, came.json]).toMatchObject([
    1,
    { cards: [{ serial: one }], unknown: ['ZZ000001'], discrepancies: [{ code: 'shipment-differs' }] },
  ])
  expect((await cliJson('print', 'receive', at('k1'), two, '--shipment', 'K1', ...WHO)).exitCode).toBe(0)
  const back = ['print', 'send', at('k1'), two, '--to', 'hub', '--shipment', 'R1', ...WHO]
  expect((await cliJson(...back)).json.jobs).toMatchObject([{ state: 'on-its-way', holder: 'hub' }])
  const [{ job }] = printed
  expect((await cli('print', 'queue', at('k1'), '--state', 'printed')).stdout).toContain('printed at k1')
  expect((await cliJson('print', 'hand-over', at('k1'), job, '--to', 'Siti', ...WHO)).json.state).toBe('handed-over')
  await carry()
  expect((await cliJson('print', 'receive', at('hub'), two, '--shipment', 'R1', ...WHO)).exitCode).toBe(0)
  expect((await cliJson('print', 'queue', at('hub'), '--state', 'all')).json.requests).toMatchObject([
    { state: 'handed-over' },
    { state: 'printed' },
  ])
}, 120_000)

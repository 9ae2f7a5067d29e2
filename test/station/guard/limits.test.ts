/** Attacks that still work without the key, and who notices them. SECURITY.md lists them. */
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import {
  hostTransport,
  openStation,
  printCards,
  receive,
  records,
  requestCard,
  sync,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { newestNoted } from '../../../dist/station/health/noted.js'
import { partsOf } from '../../../dist/station/station.js'
import { copyStation, KEY, record } from '../files.ts'
import { cleared, network } from '../print/network.ts'
import { BY, blanks, printerThat, render } from '../print/support.ts'
import { edit, openedOf } from './support.ts'

const codesNoted = (station: Parameters<typeof partsOf>[0]) =>
  newestNoted(partsOf(station), 'anomaly', 20).map(({ body }) => body.code)

it('a whole old copy with its mark prints again what was printed since; its hub notes it when they meet', async () => {
  const { hub, below } = await network('kiosk')
  const [{ station, meet }] = below
  blanks(station, 5)
  const id = await cleared(hub, below[0], 1)
  requestCard(station, { record: id, ...BY })
  const { path, identity } = openedOf(station)
  await meet()
  const old = copyStation(path)
  expect((await printCards(station, { printer: printerThat(), render })).printed).toHaveLength(1)
  await meet()
  await station.close()
  for (const end of ['', '-wal', '-shm', '.mark']) {
    rmSync(path + end, { force: true })
    if (existsSync(old + end)) copyFileSync(old + end, path + end)
  }
  const again = await openStation({ path, key: KEY, identity })
  expect(codesNoted(again)).toEqual([])
  expect((await printCards(again, { printer: printerThat(), render })).printed).toHaveLength(1)
  await sync(
    again,
    hostTransport('here', message => receive(hub, message)),
  )
  expect([...codesNoted(hub), ...codesNoted(again)]).toEqual(expect.arrayContaining(['journal-fork']))
  await again.close()
})

it('what a peer has said to hold can be forgotten: all goes once more, to that peer and sealed for it', async () => {
  const { hub, below } = await network('kiosk')
  const [{ station }] = below
  record(station, 'one')
  const said: Uint8Array[] = []
  const transport = hostTransport('here', message => {
    said.push(message)
    return receive(hub, message)
  })
  await sync(station, transport)
  const before = said.length
  edit(station.path, 'DELETE FROM acknowledged')
  const { stopped } = await sync(station, transport)
  expect(stopped).toBeUndefined()
  expect(said.length).toBeGreaterThan(before)
  expect(await verifyStation(station)).toMatchObject({ ok: true })
})

it('an unsent record can be shown as synchronised: it is sent all the same, and verifyStation names it', async () => {
  const { hub, below } = await network('kiosk')
  const [{ station, meet }] = below
  record(station, 'one')
  edit(station.path, `UPDATE record SET transport_state = 'synchronised'`)
  expect(records(station).records).toMatchObject([{ transportState: 'synchronised' }])
  const { findings } = await verifyStation(station)
  expect(findings).toMatchObject([{ code: 'table-differs', where: { table: 'record', record: 'one' } }])
  await meet()
  expect(partsOf(hub).file.all('SELECT id FROM record')).toEqual([{ id: 'one' }])
})

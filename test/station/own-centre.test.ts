/** A single office: nobody above it, and nobody below. */
import {
  addPeer,
  createIdentity,
  decide,
  openStation,
  printCards,
  publicIdentity,
  recordOf,
  requestCard,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { KEY, newPath, record } from './files.ts'
import { codeOf, edit } from './guard/support.ts'
import { BY, blanks, printerThat, READY, render } from './print/support.ts'

const CLEARED = { state: READY, by: 'expert-1' }

it('a station opened as its own centre records, decides and prints alone, until one above decides', async () => {
  const [path, identity] = [newPath(), await createIdentity('office')]
  const first = await openStation({ path, key: KEY, identity, ownCentre: true })
  record(first, 'record-1')
  decide(first, 'record-1', CLEARED)
  await first.close()
  // Told once, and kept.
  const station = await openStation({ path, key: KEY, identity })
  record(station, 'record-2', { nik: '3276014107900002' })
  decide(station, 'record-2', CLEARED)
  blanks(station, 2)
  for (const id of ['record-1', 'record-2']) requestCard(station, { record: id, ...BY })
  expect((await printCards(station, { printer: printerThat(), render })).printed).toHaveLength(2)
  const hub = await publicIdentity(await createIdentity('hub'))
  addPeer(station, { ...hub, relation: 'upstream' })
  record(station, 'record-3', { nik: '3276014107900003' })
  expect(await codeOf(() => decide(station, 'record-3', CLEARED))).toBe('RECORD_FOREIGN')
  expect(recordOf(station, 'record-1')?.centreState).toBe(READY)
  expect((await verifyStation(station)).findings).toEqual([])
  await station.close()
})

it('a station that has one above is not opened as its own centre, and none is by an edited row', async () => {
  const [path, identity] = [newPath(), await createIdentity('office')]
  const station = await openStation({ path, key: KEY, identity })
  record(station, 'record-1')
  expect(await codeOf(() => decide(station, 'record-1', CLEARED))).toBe('RECORD_FOREIGN')
  edit(path, `INSERT INTO own_centre VALUES (1, '2026-01-01T00:00:00.000Z')`)
  expect(await codeOf(() => decide(station, 'record-1', CLEARED))).toBe('STATION_ALTERED')
  edit(path, 'DELETE FROM own_centre')
  addPeer(station, { ...(await publicIdentity(await createIdentity('hub'))), relation: 'upstream' })
  await station.close()
  expect(await codeOf(() => openStation({ path, key: KEY, identity, ownCentre: true }))).toBe('PEER_EXISTS')
})

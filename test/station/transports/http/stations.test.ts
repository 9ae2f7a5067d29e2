import { peers, QUOTAS, receive, sync } from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../../dist/station/station.js'
import { Hub } from '../../../support/hub.js'
import { TcpProxy } from '../../../support/tcp-proxy.js'
import { acquaint, anomaliesOf, newPlace, recordAt, transportOf, twoPlaces } from '../../sync/support.js'

it('two stations synchronise over HTTP, on a line that breaks every 300 KB', async () => {
  const { kiosk, hub } = await twoPlaces()
  const server = await Hub.open({
    identity: hub.identity,
    peerOf: id => peers(hub.station).find(peer => peer.id === id)?.verifyKey,
    receive: (message, from) => receive(hub.station, message, { from }),
  })
  const line = await TcpProxy.to(() => server.port)
  line.mishap = () => ({ cutAfter: { up: 300_000 } })
  const transport = server.transport({ port: line.port, identity: kiosk.identity, peer: hub.known })
  const ids = ['a', 'b', 'c', 'd']
  for (const id of ids) recordAt(kiosk, id, { templates: 900, 'finger-1': 5_000, photo: 400_000 })
  const { stopped, refused, unsent } = await sync(kiosk.station, transport)
  expect({ stopped, refused, unsent }).toEqual({ stopped: undefined, refused: [], unsent: 0 })
  expect(transportOf(kiosk)).toEqual(Object.fromEntries(ids.map(id => [id, 'synchronised'])))
  expect(line.connections).toBeGreaterThan(4)
  // Sealing, signing and breaks included.
  expect(line.bytes.up).toBeLessThan(1.2 * 4 * 406_000)
  for (const place of [kiosk, hub]) expect(anomaliesOf(place)).toEqual([])
  await transport.close?.()
  await line.close()
  await server.close()
})

it('a hub that takes no more of a station today says until when, and takes it then', async () => {
  const clock = { now: Date.now() }
  const [kiosk, hub] = [await newPlace('kiosk-1'), await newPlace('hub', () => clock.now)]
  acquaint(kiosk, hub)
  const server = await Hub.open({
    identity: hub.identity,
    peerOf: id => peers(hub.station).find(peer => peer.id === id)?.verifyKey,
    receive: (message, from) => receive(hub.station, message, { from }),
  })
  const transport = server.transport({ identity: kiosk.identity, peer: hub.known })
  const day = new Date(clock.now).toISOString().slice(0, 10)
  const midnight = Date.parse(day) + 86_400_000
  const used = 'INSERT INTO peer_use (peer, day, bytes, entries, anomalies, processor_ms) VALUES (?, ?, 0, ?, 0, 0)'
  partsOf(hub.station).file.run(used, 'kiosk-1', day, QUOTAS.entries)
  recordAt(kiosk, 'a')
  const { stopped, nextTryAt } = await sync(kiosk.station, transport)
  expect(stopped?.code).toBe('PEER_QUOTA')
  expect(Math.abs(Date.parse(nextTryAt!) - midnight)).toBeLessThan(120_000)
  clock.now = midnight
  expect((await sync(kiosk.station, transport)).stopped).toBeUndefined()
  expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
  await transport.close?.()
  await server.close()
})

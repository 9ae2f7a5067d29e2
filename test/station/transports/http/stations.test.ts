import { peers, receive, sync } from 'sidik/station'
import { expect, it } from 'vitest'
import { Hub } from '../../../support/hub.js'
import { TcpProxy } from '../../../support/tcp-proxy.js'
import { anomaliesOf, recordAt, transportOf, twoPlaces } from '../../sync/support.js'

it('two stations synchronise over HTTP, on a line that breaks every 300 KB', async () => {
  const { kiosk, hub } = await twoPlaces()
  const server = await Hub.open({
    identity: hub.identity,
    peerOf: id => peers(hub.station).find(peer => peer.id === id)?.verifyKey,
    receive: message => receive(hub.station, message),
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

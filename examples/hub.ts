/**
 * A city's hub: takes the records of its kiosks over HTTP, gives receipts, and lets each kiosk know whom the others have recorded.
 *
 *     node hub.js FOLDER [PORT]
 *
 * FOLDER holds identity.json and key (as `sidik station init` makes them) and, in kiosks/, the public identity of each kiosk.
 * `npm install sidik @tus/server @tus/file-store`. In production, TLS goes before it: docs/station-http.md.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import { addPeer, httpReceiver, openStation, type PublicIdentity, peers, receive, status } from 'sidik/station'

const [folder, port = '8470'] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node hub.js FOLDER [PORT]')
const jsonIn = async (...path: string[]) => JSON.parse(await readFile(join(folder, ...path), 'utf8'))

const identity = await jsonIn('identity.json')
const hub = await openStation({
  path: join(folder, 'station.db'),
  key: await readFile(join(folder, 'key')),
  identity,
})
for (const name of await readdir(join(folder, 'kiosks'))) {
  const kiosk: PublicIdentity = await jsonIn('kiosks', name)
  if (peers(hub).every(({ verifyKey }) => verifyKey !== kiosk.verifyKey))
    addPeer(hub, { ...kiosk, relation: 'downstream' })
}

const uploads = join(folder, 'uploads')
await mkdir(uploads, { recursive: true })
const store = new FileStore({ directory: uploads, expirationPeriodInMilliseconds: 7 * 86_400_000 })
const receiver = httpReceiver({
  identity,
  store,
  peerOf: id => peers(hub).find(peer => peer.id === id)?.verifyKey,
  receive: message => receive(hub, message),
  onError: (error, station) =>
    console.error(`${station ?? 'somebody'}: ${error instanceof Error ? error.message : error}`),
})
const tus = new Server({ ...receiver.serverOptions, datastore: store })
const server = createServer(receiver.listener(tus))
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}/sync`)
})

const hourly = setInterval(() => console.log(JSON.stringify(status(hub))), 3_600_000)
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    clearInterval(hourly)
    server.close(() => hub.close())
    server.closeAllConnections()
  })
}

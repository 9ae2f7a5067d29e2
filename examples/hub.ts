/**
 * A city's hub: takes the records of its kiosks over HTTP, gives receipts, compares each record
 * with all others, and lets each kiosk know whom the others have recorded.
 *
 *     node hub.js FOLDER [PORT]
 *
 * FOLDER holds identity.json and key (as `sidik station init` makes them) and, in kiosks/, the public identity of each kiosk.
 * `npm install sidik`. In production, give `tls`, or put a proxy with TLS before it: docs/station-http.md.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEngine } from 'sidik'
import { addPeer, openStation, type PublicIdentity, peers, serveHub, status } from 'sidik/station'

const [folder, port = '8470'] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: node hub.js FOLDER [PORT]')
const jsonIn = async (...path: string[]) => JSON.parse(await readFile(join(folder, ...path), 'utf8'))

const engine = await createEngine() // compares the records that come with all others
const hub = await openStation({
  path: join(folder, 'station.db'),
  key: await readFile(join(folder, 'key')),
  identity: await jsonIn('identity.json'),
  engine,
})
for (const name of await readdir(join(folder, 'kiosks'))) {
  const kiosk: PublicIdentity = await jsonIn('kiosks', name)
  if (peers(hub).every(({ verifyKey }) => verifyKey !== kiosk.verifyKey))
    addPeer(hub, { ...kiosk, relation: 'downstream' })
}

const stopping = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort())
const server = await serveHub(hub, {
  port: Number(port),
  signal: stopping.signal,
  onEvent: event => console.log(event.kind === 'trouble' ? event : JSON.stringify(event)),
})
console.log(`listening on ${server.url}`)
const hourly = setInterval(() => console.log(JSON.stringify(status(hub))), 3_600_000)

await server.closed
clearInterval(hourly)
await hub.close()
await engine.close()

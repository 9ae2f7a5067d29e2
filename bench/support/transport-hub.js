/** A hub in a process of its own, for bench/transport.js: tells its port and key, and what it has used of the processor when it is asked. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import { createIdentity, httpReceiver, publicIdentity } from '../../dist/station/index.js'

const identity = await createIdentity('hub')
const directory = await mkdtemp(join(tmpdir(), 'sidik-hub-'))
const store = new FileStore({ directory, expirationPeriodInMilliseconds: 86_400_000 })
const keys = new Map()
// Long ago: what is signed in the second in which a hub begins has to be signed again.
let asked = 0
const receiver = httpReceiver({
  identity,
  peerOf: station => keys.get(station),
  receive: async message => message.subarray(0, 200),
  store,
  now: () => Date.now() - (asked++ === 0 ? 10_000 : 0),
})
const server = createServer(receiver.listener(new Server({ ...receiver.serverOptions, datastore: store })))
server.listen(0, '127.0.0.1', async () =>
  process.send({ port: server.address().port, peer: await publicIdentity(identity) }),
)
process.on('message', async ({ kiosk, end }) => {
  if (kiosk !== undefined) keys.set(kiosk.id, kiosk.verifyKey)
  const { user, system } = process.cpuUsage()
  process.send({ processorMs: (user + system) / 1000 })
  if (end !== true) return
  await rm(directory, { recursive: true, force: true })
  process.exit()
})

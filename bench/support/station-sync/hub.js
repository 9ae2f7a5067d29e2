/** The hub of bench/station-sync.js, in a process of its own: it is told what to do, and answers each time. */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { addPeer, httpReceiver, openStation, receive } from '../../../dist/station/index.js'

let station
let server
let before

const TASKS = {
  async open({ folder, identity, peer, http }) {
    station = await openStation({ path: join(folder, 'hub.sidik'), key: new Uint8Array(randomBytes(32)), identity })
    addPeer(station, { ...peer, relation: 'downstream' })
    const url = http ? await serve(join(folder, 'uploads'), identity, peer) : undefined
    before = process.cpuUsage()
    return { url }
  },
  async message(message) {
    return { answer: await receive(station, message) }
  },
  async usage() {
    return { cpu: process.cpuUsage(before) }
  },
}

async function serve(directory, identity, peer) {
  const { FileStore } = await import('@tus/file-store')
  const { Server } = await import('@tus/server')
  mkdirSync(directory)
  const store = new FileStore({ directory })
  const peerOf = id => (id === peer.id ? peer.verifyKey : undefined)
  const receiver = httpReceiver({
    identity,
    peerOf,
    receive: (message, from) => receive(station, message, { from }),
    store,
  })
  server = createServer(receiver.listener(new Server({ ...receiver.serverOptions, datastore: store })))
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${server.address().port}/sync`
}

process.on('message', async question => {
  const [[task, given]] = Object.entries(question)
  process.send(await TASKS[task](given))
})
process.on('disconnect', async () => {
  server?.closeAllConnections()
  server?.close()
  await station?.close()
})

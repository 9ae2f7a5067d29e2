/**
 * An index of persons in a process of its own: node index-server.js FOLDER PORT. It keeps the persons
 * in a durable gallery in the folder, answers over HTTP, and says its port when it can be asked.
 */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { createEngine } from 'sidik'
import { EmbeddedIndex } from '../../../dist/station/check/embedded-index.js'

const [folder, port] = process.argv.slice(2)
const engine = await createEngine({ threads: 1 })
const index = await EmbeddedIndex.open(engine, {
  folder,
  key: new Uint8Array(32).fill(3),
  mostBytes: 2 ** 30,
  onDamage: detail => {
    throw new Error(detail)
  },
})

/** By id, the number of the newest call about it: an earlier one that comes later has no effect. */
const newest = new Map()
const isLate = (id, call) => call < (newest.get(id) ?? 0) || !newest.set(id, call)

const CALLS = {
  upsert: ([person], call) => (isLate(person.id, call) ? undefined : index.upsert(person)),
  remove: ([id, place], call) => (isLate(id, call) ? undefined : index.remove(id, place)),
  knowsUpTo: ([place]) => index.knowsUpTo(place),
  identify: ([fingers, options]) => index.identify(fingers, options),
  versions: async () => {
    const pages = []
    for await (const page of index.versions()) pages.push(page)
    return pages
  },
}

const fromBase64 = (_, value) =>
  value?.base64 === undefined ? value : new Uint8Array(Buffer.from(value.base64, 'base64'))

createServer(async (request, response) => {
  try {
    const { name, given, call } = JSON.parse(await text(request), fromBase64)
    response.end(JSON.stringify({ answer: await CALLS[name](given, call) }))
  } catch ({ code, message }) {
    response.writeHead(500).end(JSON.stringify({ code, message }))
  }
}).listen(Number(port), '127.0.0.1', function () {
  process.stdout.write(`${this.address().port}\n`)
})

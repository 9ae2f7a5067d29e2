/** Inserts until there is no more room, then makes room by a compaction, and says what was made and what was refused. */
import { writeGalleryFile } from '../../../dist/node/gallery-file.js'
import { openStorage } from '../../../dist/node/open-storage.js'

const [folder] = process.argv.slice(2)
const held = new Map()
const has = id => held.has(id)
const storage = await openStorage(folder, { receive: () => undefined, has }, { create: true })
const refused = []

async function insert(id, bytes) {
  const change = { kind: 'insert', id, template: new Uint8Array(bytes).fill(held.size) }
  try {
    await storage.change({ change, apply: () => held.set(id, change.template) })
  } catch (error) {
    refused.push({ id, code: error.code, message: error.message })
  }
}

for (let i = 0; refused.length === 0 && i < 10_000; i++) {
  await Promise.all([insert(`${i}-a`, 900), insert(`${i}-b`, 5_000)])
}
const full = [...held.keys()]
const failures = refused.splice(0)
for (const id of full.slice(0, full.length / 2)) {
  await storage
    .change({ change: { kind: 'remove', id }, apply: () => held.delete(id) })
    .catch(error => failures.push({ id, code: error.code, message: error.message }))
}
const entries = () => [...held].slice(-3).map(([id, template]) => ({ id, template }))
for (const id of [...held.keys()].slice(0, -3)) held.delete(id)
const compacted = await storage
  .compact(path => writeGalleryFile(path, entries(), held.size))
  .then(
    () => true,
    error => `${error.code}: ${error.message}`,
  )
await insert('after', 100)
console.log(JSON.stringify({ full: full.length, failures, compacted, ids: [...held.keys()], refused }))
await storage.close()

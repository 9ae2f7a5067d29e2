/**
 * What it costs to say after each write how far the tail goes: records of 1 KB, one by one, in turns to a tail that has
 * such a file beside it and to one that has not.
 *
 *   node bench/tail-length.js [--writes N] [--folder DIR]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeRecord } from '../dist/gallery/tail-write.js'
import { DISK } from '../dist/node/file-layer.js'
import { TailFile } from '../dist/node/tail-file.js'
import { TailLengthFile } from '../dist/node/tail-length-file.js'
import { median } from './support/median.js'

const { values } = parseArgs({
  options: { writes: { type: 'string', default: '2000' }, folder: { type: 'string' } },
})
const folder = mkdtempSync(join(values.folder ?? tmpdir(), 'sidik-tail-length-'))
const head = new Uint8Array(32)
const template = new Uint8Array(1_000)

async function begin(generation) {
  return TailFile.create(join(folder, `tail-${generation}`), head, { generation, form: { salt: generation } })
}

const tails = { without: await begin(1), with: await begin(2) }
await tails.with.beginLength(end => {
  return TailLengthFile.create({ folder, tail: { generation: 2, galleryId: 1n }, files: DISK }, end)
})

const times = { without: [], with: [] }
for (let i = 0; i < Number(values.writes); i++) {
  for (const way of i % 2 === 0 ? ['without', 'with'] : ['with', 'without']) {
    const record = encodeRecord({ kind: 'insert', id: `person-${i}`, template })
    const started = performance.now()
    await tails[way].append([record])
    times[way].push(performance.now() - started)
  }
}
for (const tail of Object.values(tails)) await tail.close()
rmSync(folder, { recursive: true })

for (const [way, all] of Object.entries(times)) {
  const mean = all.reduce((sum, ms) => sum + ms, 0) / all.length
  console.log(`${way}: ${median(all).toFixed(3)} ms a write in the middle, ${mean.toFixed(3)} ms on average`)
}

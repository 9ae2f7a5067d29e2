/** node smoke.mjs PRINT, in a folder where the package is installed as a user installs it: one print all the way. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createEngine, SidikError } from 'sidik'
import { decodeTemplate, decodeWsq, encodeWsq } from 'sidik/formats'

const engine = await createEngine({ threads: 1 })
const { template, minutiae, quality } = await engine.extract(await readFile(process.argv[2]))
assert.equal(decodeTemplate(template).minutiae.length, minutiae.length)
const gallery = engine.createGallery()
gallery.insert('finger', template)
const { candidates } = await gallery.search(template)
assert.equal(candidates[0].id, 'finger')
assert.equal(candidates[0].score, engine.match(template, template).score)
await assert.rejects(engine.extract(new Uint8Array(0)), SidikError)
await engine.close()
const gray = { data: new Uint8Array(64 * 64).fill(9), widthPx: 64, heightPx: 64, ppi: 500 }
assert.deepEqual(await decodeWsq(await encodeWsq(gray)), gray)
console.log(
  `installed package: ${minutiae.length} minutiae, quality ${quality.score}, score ${candidates[0].score.toFixed(1)}`,
)

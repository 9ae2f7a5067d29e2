/** node smoke.mjs PRINT, in a folder where the package is installed as a user installs it: one print all the way. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createEngine, SidikError } from 'sidik'
import { checkSequence, segmentSlap } from 'sidik/capture'
import { fileSource } from 'sidik/capture/file'
import { decodeTemplate, decodeWsq, encodeWsq } from 'sidik/formats'
import { createIdentity, openStation, status, verifyStation } from 'sidik/station'

const engine = await createEngine({ threads: 1 })
const { template, minutiae, quality } = await engine.extract(await readFile(process.argv[2]))
assert.equal(decodeTemplate(template).minutiae.length, minutiae.length)
const gallery = engine.createGallery()
gallery.insert('finger', template)
const { candidates } = await gallery.search(template)
assert.equal(candidates[0].id, 'finger')
assert.equal(candidates[0].score, engine.match(template, template).score)
await assert.rejects(engine.extract(new Uint8Array(0)), SidikError)
const frames = []
for await (const frame of fileSource(process.argv[2]).capture()) frames.push(frame)
assert.equal(frames.length, 1)
assert.equal(segmentSlap(frames[0], { hand: 'right' }).problems[0].code, 'wrong-count')
assert.equal(
  checkSequence(engine, [{ position: 7, impression: 'plain', template }]).unchecked[0].reason,
  'no-second-print',
)
await engine.close()
for (const adapter of ['folder', 'pushed', 'libfprint', 'mosip-sbi', 'secugen-webapi', 'digitalpersona']) {
  const factories = Object.values(await import(`sidik/capture/${adapter}`)).filter(value => typeof value === 'function')
  assert.notEqual(factories.length, 0, adapter)
}
const station = await openStation({ path: 'station.db', key: randomBytes(32), identity: await createIdentity('smoke') })
assert.deepEqual(status(station).peers, [])
assert.equal((await verifyStation(station)).ok, true)
await station.close()
const gray = { data: new Uint8Array(64 * 64).fill(9), widthPx: 64, heightPx: 64, ppi: 500 }
assert.deepEqual(await decodeWsq(await encodeWsq(gray)), gray)
console.log(
  `installed package: ${minutiae.length} minutiae, quality ${quality.score}, score ${candidates[0].score.toFixed(1)}`,
)

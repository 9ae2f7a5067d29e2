/**
 * Writes fixtures/calibration-strangers.bin: templates of synthetic prints of different fingers, each after its length
 * (u16, little-endian), for test/match/calibration.test.ts. Made anew when the network's version changes:
 *
 *   node dist/cli/main.js synthesize --fingers 80 --impressions 1 --seed 4711 -o DIR && node bench/calibration-fixture.js DIR
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from '../dist/index.js'

const [folder] = process.argv.slice(2)
const engine = await createEngine({ threads: 2 })
const parts = []
for (const file of readdirSync(folder)
  .filter(name => name.endsWith('.png'))
  .sort()) {
  const { template } = await engine.extract(readFileSync(join(folder, file)))
  const length = Buffer.alloc(2)
  length.writeUInt16LE(template.length)
  parts.push(length, template)
}
await engine.close()
writeFileSync('fixtures/calibration-strangers.bin', Buffer.concat(parts))
console.log(`${parts.length / 2} templates`)

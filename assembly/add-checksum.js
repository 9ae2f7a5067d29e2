/** Last step of building the core: adds its checksum to both targets. The TypeScript is built before. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withChecksum } from '../dist/core/core-checksum.js'

for (const target of ['release', 'debug']) {
  const file = new URL(`../dist/core/${target}.wasm`, import.meta.url)
  writeFileSync(file, withChecksum(readFileSync(file)))
}

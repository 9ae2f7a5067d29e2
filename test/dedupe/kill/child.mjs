/** Deduplicates a gallery file with a state, and writes the report; says on stdout when it has begun to search. */
import { writeFileSync } from 'node:fs'
import { createEngine } from '../../../dist/index.js'

const [gallery, state, report] = process.argv.slice(2)
const engine = await createEngine({ threads: 1 })
const opened = await engine.openGallery(gallery)
process.stdout.write('opened\n')
const { resumed, elapsedMs, ...found } = await opened.dedupe({ state })
writeFileSync(report, JSON.stringify({ resumed, found }))
await engine.close()

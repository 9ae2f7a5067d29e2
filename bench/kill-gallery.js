/**
 * What a kill leaves of a durable gallery: children insert, replace, remove and compact, and are killed (SIGKILL) at
 * random moments, all on the same folder; after each kill the gallery is opened and compared with what was acknowledged.
 *
 *   node bench/kill-gallery.js [--kills N] [--seed N] [--engine-every N] [--folder DIR] [--sealed]
 *
 * Sealed galleries have one of two keys, and each compaction takes the other.
 *
 * Ends with exit code 1 and leaves the folder at the first thing that is lost or wrong.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killRounds } from './support/kill-rounds.js'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    'engine-every': { type: 'string', default: '50' },
    folder: { type: 'string' },
    sealed: { type: 'boolean', default: false },
  },
})

const PROGRESS_EVERY = 500
const parent = mkdtempSync(join(values.folder ?? tmpdir(), 'sidik-kill-'))
const started = performance.now()

function say(tally) {
  const seconds = Math.round((performance.now() - started) / 1_000)
  const { kills, acknowledged, keptInFlight, lostInFlight, opening, compacting, compacted } = tally
  console.log(
    `${kills} kills in ${seconds} s: ${acknowledged} changes acknowledged, none lost; ` +
      `in flight ${keptInFlight} kept, ${lostInFlight} not; ` +
      `killed while opening ${opening}, while compacting ${compacting}; ${compacted} compactions finished`,
  )
}

let ended = false
process.on('exit', code => {
  // A promise that nothing can settle any more ends a process without a word.
  if (!ended) console.error(`ended early, with exit code ${code}; ${parent} is left`)
})

const tally = await killRounds({
  parent,
  kills: Number(values.kills),
  seed: Number(values.seed),
  engineEvery: Number(values['engine-every']),
  isSealed: values.sealed,
  onRound: so => so.kills % PROGRESS_EVERY === 0 && say(so),
})
if (tally.kills % PROGRESS_EVERY > 0) say(tally)
rmSync(parent, { recursive: true })
ended = true

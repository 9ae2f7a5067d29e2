/**
 * What a kill leaves of a station: children work on one, and are killed (SIGKILL) at random moments, all on the same file; after each
 * kill it is opened and compared with what was acknowledged. bench/support/kill-station/rounds.js says how to add a scenario.
 *
 *   node bench/kill-station.js [--scenario enrol] [--kills N] [--seed N] [--folder DIR]
 *
 * Ends with exit code 1 and leaves the folder at the first thing that is lost or wrong.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killRounds } from './support/kill-station/rounds.js'

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'enrol' },
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
  },
})

const PROGRESS_EVERY = 50
const { summary } = await import(new URL(`support/kill-station/${values.scenario}.js`, import.meta.url))
const parent = mkdtempSync(join(values.folder ?? tmpdir(), 'sidik-kill-station-'))
const started = performance.now()
const say = ({ kills, states }) => {
  console.log(`${kills} kills in ${Math.round((performance.now() - started) / 1000)} s: ${summary(states)}`)
}

const tally = await killRounds({
  parent,
  kills: Number(values.kills),
  seed: Number(values.seed),
  scenario: values.scenario,
  onRound: so => so.kills % PROGRESS_EVERY === 0 && say(so),
})
if (tally.kills % PROGRESS_EVERY > 0) say(tally)
rmSync(parent, { recursive: true })

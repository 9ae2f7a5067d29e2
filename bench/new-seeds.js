/**
 * Runs the simulated shortage and outage with seeds that nobody has run.
 *
 *   npm run test:long -- [--count=N | --seeds=N,N] [--only=shortage|outage]
 *       [--shortage=OPTIONS] [--outage=OPTIONS] [--folder=DIR]
 *
 * Draws `count` seeds (5), or takes those given, and runs each in both simulations. `--shortage` and
 * `--outage` are their sizes, as `sidik simulate` takes them: `--shortage="--days 120 --offices 5"`.
 * Prints the command of each run before it. After a run in which something does not hold it goes on,
 * and leaves that run's files in the folder (the system's temporary folder unless given). It ends
 * with exit code 1 then, and with the commands that repeat such runs; with 130 when interrupted.
 */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
/** One more than the greatest. */
const SEED_END = 2 ** 32
const INTERRUPTED = 130

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '5' },
    seeds: { type: 'string' },
    only: { type: 'string' },
    shortage: { type: 'string', default: '--days 40 --offices 3' },
    outage: { type: 'string', default: '--kiosks 5 --days 8 --records 150' },
    folder: { type: 'string', default: tmpdir() },
  },
})
const count = Number(values.count)
if (!Number.isInteger(count) || count < 1) {
  throw new RangeError(`--count must be a whole number from 1, is ${values.count}`)
}
const seeds = values.seeds?.split(',') ?? Array.from({ length: count }, () => String(randomInt(SEED_END)))
const kinds = ['shortage', 'outage'].filter(kind => values.only === undefined || values.only === kind)
if (kinds.length === 0) throw new RangeError(`--only must be shortage or outage, is ${values.only}`)

/** @returns whether everything held */
async function run(args) {
  const folder = mkdtempSync(join(values.folder, 'sidik-new-seeds-'))
  const started = performance.now()
  const child = spawn(process.execPath, [MAIN, ...args, '--json', '--keep', '--folder', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'close')])
  const seconds = `${Math.round((performance.now() - started) / 1000)} s`
  if (code === 0 || code === INTERRUPTED) rmSync(folder, { recursive: true })
  if (code === INTERRUPTED) process.exit(INTERRUPTED)
  const { invariants = [], error } = said === '' ? {} : JSON.parse(said)
  if (code === 0) {
    console.log(`  ${invariants.length} invariants hold, ${seconds}`)
    return true
  }
  for (const { name, looked, violations, first } of invariants.filter(({ holds }) => !holds)) {
    console.log(`  BROKEN ${name}: ${looked === 0 ? 'there was nothing to look at' : `${violations}, of ${looked}`}`)
    for (const what of first) console.log(`    ${what}`)
  }
  if (error !== undefined) console.log(`  ${error.code}: ${error.message}`)
  console.log(`  ended with ${signal ?? code}, ${seconds}; files: ${folder}`)
  return false
}

// The run that is interrupted ends by itself, and its files can be removed.
process.on('SIGINT', () => {})

const broken = []
for (const seed of seeds) {
  for (const kind of kinds) {
    const args = ['simulate', kind, ...values[kind].split(/\s+/).filter(Boolean), '--seed', seed]
    const command = `npx sidik ${args.join(' ')}`
    console.log(command)
    if (!(await run(args))) broken.push(command)
  }
}
if (broken.length > 0) {
  console.log(
    `\n${broken.length} of ${seeds.length * kinds.length} runs did not hold. To repeat them:\n${broken.join('\n')}`,
  )
  process.exitCode = 1
}

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
 * Arguments that cannot be used are named in one line, with exit code 2, before anything runs.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { BadArgument, readArguments } from './support/new-seeds-arguments.js'

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const USAGE = 2
const INTERRUPTED = 130

const { seeds, kinds, sizes, folder: parent } = argumentsOrExit()

function argumentsOrExit() {
  try {
    return readArguments(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof BadArgument)) throw error
    console.error(error.message)
    process.exit(USAGE)
  }
}

/** @returns whether everything held */
async function run(args) {
  const folder = mkdtempSync(join(parent, 'sidik-new-seeds-'))
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
    if (violations === 0) console.log(`  UNSEEN ${name}: there was nothing to look at`)
    else console.log(`  BROKEN ${name}: ${violations}, of ${looked}`)
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
    const args = ['simulate', kind, ...sizes[kind], '--seed', seed]
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

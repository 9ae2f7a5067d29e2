/** Arguments of bench/new-seeds.js: checked whole before anything runs. */
import { randomInt } from 'node:crypto'
import { accessSync, constants, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { Command, CommanderError } from 'commander'
import { addSimulate } from '../../dist/cli/simulate.js'

/** One more than the greatest. */
const SEED_END = 2 ** 32
const KINDS = ['shortage', 'outage']
/** Options of a simulation that are not its size. */
const TAKEN = ['seed', 'folder', 'keep', 'json']

/** An argument that cannot be used; the message names it. */
export class BadArgument extends Error {}

/**
 * Reads the arguments.
 *
 * @returns the seeds, the kinds of simulation, the size of each kind as arguments, the folder
 * @throws BadArgument
 */
export function readArguments(args) {
  const values = valuesOf(args)
  if (values.only !== undefined && !KINDS.includes(values.only)) {
    throw new BadArgument(`--only must be shortage or outage, is '${values.only}'`)
  }
  const kinds = KINDS.filter(kind => values.only === undefined || values.only === kind)
  const sizes = Object.fromEntries(KINDS.map(kind => [kind, sizeOf(kind, values[kind])]))
  checkFolder(values.folder)
  return { seeds: seedsOf(values), kinds, sizes, folder: values.folder }
}

function valuesOf(args) {
  const options = {
    count: { type: 'string', default: '5' },
    seeds: { type: 'string' },
    only: { type: 'string' },
    shortage: { type: 'string', default: '--days 40 --offices 3' },
    outage: { type: 'string', default: '--kiosks 5 --days 8 --records 150' },
    folder: { type: 'string', default: tmpdir() },
  }
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    // Some of its messages go on with advice in a second line.
    throw new BadArgument(error.message.replaceAll('\n', ' '))
  }
}

function seedsOf({ count, seeds }) {
  if (!isWhole(count, 1, SEED_END)) throw new BadArgument(`--count must be a whole number from 1, is '${count}'`)
  if (seeds === undefined) return Array.from({ length: Number(count) }, () => String(randomInt(SEED_END)))
  const given = seeds.split(',')
  const bad = given.find(seed => !isWhole(seed, 0, SEED_END - 1))
  if (bad === undefined) return given
  throw new BadArgument(`--seeds must be whole numbers from 0 to ${SEED_END - 1} with commas between, has '${bad}'`)
}

const isWhole = (text, least, most) => /^\d{1,10}$/.test(text) && Number(text) >= least && Number(text) <= most

/** Has the simulation's own options say whether they can be used. */
function sizeOf(kind, text) {
  const size = text.split(/\s+/).filter(Boolean)
  const simulate = simulateCommand()
  const command = simulate.commands.find(each => each.name() === kind)
  try {
    simulate.parse([kind, ...size], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === 'commander.helpDisplayed') throw new BadArgument(`--${kind} takes sizes alone, not '${text}'`)
    throw new BadArgument(`--${kind}: ${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}`)
  }
  const taken = TAKEN.find(name => command.getOptionValueSource(name) === 'cli')
  if (taken !== undefined) throw new BadArgument(`--${kind} takes sizes alone, not --${taken}`)
  return size
}

/** The command line's definition of `simulate`, which runs nothing. */
function simulateCommand() {
  const program = new Command()
  addSimulate(program, () => async () => {})
  const [simulate] = program.commands
  for (const command of [simulate, ...simulate.commands]) {
    command.exitOverride().configureOutput({ writeOut() {}, writeErr() {} })
  }
  return simulate
}

function checkFolder(folder) {
  try {
    accessSync(folder, constants.W_OK)
    if (statSync(folder).isDirectory()) return
  } catch {
    // Said below.
  }
  throw new BadArgument(`--folder must be a folder that can be written to, is '${folder}'`)
}

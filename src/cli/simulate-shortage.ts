import type { Command } from 'commander'
import type { ShortageReport } from '../simulate/shortage/shortage.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { invariantLines, SIMULATE_EXIT_HELP } from './invariant-lines.js'
import { countOption, jsonOption, seedOption } from './options.js'
import { phaseBars } from './phase-bars.js'
import { formatCount, formatMs, formatTable } from './text.js'

const MAX_DAYS = 1_000
const MAX_OFFICES = 25

interface ShortageCommandOptions {
  readonly days: number
  readonly offices: number
  readonly seed: number
  readonly folder?: string
  readonly keep?: boolean
}

async function shortage({ signal, startProgress }: Context, options: ShortageCommandOptions): Promise<Outcome> {
  // Only now: stations need a package that is not on every machine (better-sqlite3).
  const { simulateShortage } = await import('../simulate/shortage/shortage.js')
  const { days, offices, seed, folder, keep = false } = options
  const bars = phaseBars(startProgress)
  try {
    const where = { ...(folder !== undefined && { folder }), keep }
    const report = await simulateShortage({ days, offices, seed, ...where, signal, onProgress: bars.show })
    return { exitCode: report.holds ? EXIT.DONE : EXIT.NO_MATCH, json: report, text: asText(report) }
  } finally {
    bars.stop()
  }
}

/** Columns of the timeline; one line for so many days, so that a table has some twenty. */
const LINES = 20

function asText(report: ShortageReport): string {
  const { timeline, counts, invariants } = report
  const every = Math.max(1, Math.round(timeline.length / LINES))
  const shown = [...timeline.filter(({ day }) => day === 1 || day % every === 0), counts]
  const names = Object.keys(counts) as (keyof typeof counts)[]
  const rows = shown.map((each, i) =>
    names.map(name => (name === 'day' && i === shown.length - 1 ? 'end' : formatCount(each[name]))),
  )
  return [
    formatTable(
      [names, ...rows],
      names.map((_, i) => i),
    ),
    '',
    ...invariantLines(invariants),
    '',
    ...facts(report),
  ].join('\n')
}

function facts({ waitingDays, refused, discrepancies, elapsedMs, folder }: ShortageReport): string[] {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${formatCount(count)}`)
      .join(', ')
  const { median, longest, without } = waitingDays
  return [
    `days to the first card: ${median} (median), ${longest} (longest); without a card: ${formatCount(without)}`,
    `refused as they must be: ${list(refused)}`,
    `on record: ${list(discrepancies)}`,
    `done in ${formatMs(elapsedMs)}`,
    ...(folder === undefined ? [] : [`files: ${folder}`]),
  ]
}

export function addSimulateShortage(simulate: Command, run: Run): void {
  simulate
    .command('shortage')
    .summary('a hub and offices that run out of blanks, ribbons and power')
    .description(
      'Plays a shortage of cards with a real station for the hub and for each office: boxes that come in ' +
        'months or not at all, twice or not whole; ribbons that run out; printers that fail, lie and say ' +
        'nothing; power that goes at any step; people who lose their cards. Every evening the books of all ' +
        'stations are compared with what the simulation has counted for itself. ' +
        SIMULATE_EXIT_HELP,
    )
    .addOption(countOption('--days <n>', 'simulated days', MAX_DAYS, 120))
    .addOption(countOption('--offices <n>', 'offices beside the hub', MAX_OFFICES, 5))
    .addOption(seedOption('the same seed gives the same course'))
    .option('--folder <dir>', "where the stations' files lie meanwhile (default: the system's temporary folder)")
    .option('--keep', 'leave the files there')
    .addOption(jsonOption())
    .action(run(shortage))
}

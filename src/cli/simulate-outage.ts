import type { Command } from 'commander'
import type { OutageReport } from '../simulate/outage.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { invariantLines, SIMULATE_EXIT_HELP } from './invariant-lines.js'
import { countOption, jsonOption, seedOption } from './options.js'
import { phaseBars } from './phase-bars.js'
import { formatCount, formatMs, formatTable } from './text.js'

/** Each is a process. */
const MAX_KIOSKS = 64
const MAX_DAYS = 1_000
const MAX_RECORDS = 1_000_000

interface OutageCommandOptions {
  readonly kiosks: number
  readonly days: number
  readonly records: number
  readonly seed: number
  readonly folder?: string
  readonly keep?: boolean
}

async function outage({ signal, startProgress }: Context, options: OutageCommandOptions): Promise<Outcome> {
  // Only now: stations need a package that is not on every machine (better-sqlite3).
  const { simulateOutage } = await import('../simulate/outage.js')
  const { kiosks, days, records, seed, folder, keep = false } = options
  const bars = phaseBars(startProgress)
  try {
    const where = { ...(folder !== undefined && { folder }), keep }
    const report = await simulateOutage({ kiosks, days, records, seed, ...where, signal, onProgress: bars.show })
    return { exitCode: report.holds ? EXIT.DONE : EXIT.NO_MATCH, json: report, text: asText(report) }
  } finally {
    bars.stop()
  }
}

function asText(report: OutageReport): string {
  const days = report.timeline.map(each => [
    each.day,
    each.lines.join(' '),
    ...[each.recorded, each.waiting, each.synchronised].map(formatCount),
    ...[each.kills, each.faults, each.sticks],
  ])
  return [
    formatTable(
      [['day', 'lines', 'recorded', 'waiting', 'synchronised', 'kills', 'faults', 'sticks'], ...days],
      [0, 2, 3, 4, 5, 6, 7],
    ),
    'lines: a letter for each third of a day; u up, - down, s silent, c cut, x altered, t slow',
    '',
    ...invariantLines(report.invariants),
    '',
    ...facts(report),
  ].join('\n')
}

function facts({ kills, refused, sticks, lines, messages, elapsedMs, folder }: OutageReport): string[] {
  const list = (counts: object) =>
    Object.entries(counts as Record<string, number>)
      .map(([name, count]) => `${name} ${formatCount(count)}`)
      .join(', ')
  return [
    `killed in: ${list(kills)}`,
    `lines: ${list(lines)}`,
    `messages: ${list(messages)}`,
    `sticks: ${list(sticks)}`,
    `refused: ${list(refused)}`,
    `done in ${formatMs(elapsedMs)}`,
    ...(folder === undefined ? [] : [`files: ${folder}`]),
  ]
}

export function addSimulateOutage(simulate: Command, run: Run): void {
  simulate
    .command('outage')
    .summary('kiosks and a hub whose line is gone for hours to months')
    .description(
      'Plays an outage with a process for each kiosk and for the hub: lines that fail, processes that are ' +
        'killed, clocks that are wrong, disks that are full, sticks that come late, twice or never. Then it ' +
        'checks that nothing was lost, doubled or called synchronised too early. The same seed gives the same ' +
        'plan; when exactly a process dies is not repeatable. ' +
        SIMULATE_EXIT_HELP,
    )
    .addOption(countOption('--kiosks <n>', 'kiosks', MAX_KIOSKS, 8))
    .addOption(countOption('--days <n>', 'simulated days', MAX_DAYS, 90))
    .addOption(countOption('--records <n>', 'persons who are enrolled', MAX_RECORDS, 20_000))
    .addOption(seedOption('the same seed gives the same plan'))
    .option('--folder <dir>', "where the stations' files lie meanwhile (default: the system's temporary folder)")
    .option('--keep', 'leave the files there')
    .addOption(jsonOption())
    .action(run(outage))
}

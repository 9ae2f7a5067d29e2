import type { Command } from 'commander'
import { changesSoFar } from '../../station/changes.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { countOption, jsonOption } from '../options.js'
import { saying } from '../stock/options.js'
import { formatTable } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'
import { timesIn, type ZoneOptions, zoneOption } from './zone.js'

interface ChangesOptions extends StationOptions, ZoneOptions {
  readonly after?: string
  readonly limit: number
}

async function list(_: Context, folder: string, options: ChangesOptions): Promise<Outcome> {
  const { after, limit } = options
  const changes = await withStation(folder, options, async station => saying(() => changesSoFar(station, after, limit)))
  const cursor = changes.at(-1)?.cursor ?? after
  const times = timesIn(options)
  const rows = changes.map(({ at, station, sequence, kind, record, isWhole }) => [
    ...[times.of(at), station, sequence, kind, record ?? '-', isWhole ? '' : 'without its contents'],
  ])
  const headings = [`written (${times.zone})`, 'station', 'entry', 'what', 'record', '']
  const text = rows.length === 0 ? 'nothing since' : formatTable([headings, ...rows], [2])
  const more = cursor === undefined ? '' : `\nlater: --after ${cursor}`
  return { exitCode: EXIT.DONE, json: { changes, ...(cursor !== undefined && { cursor }) }, text: text + more }
}

export function addChanges(station: Command, run: Run): void {
  station
    .command('changes')
    .summary('list what happened, in the order in which it took effect')
    .description('Lists entries, its own and those of others, in the order in which they took effect. Names no person.')
    .argument('<folder>', "the station's folder")
    .option('--after <cursor>', 'go on behind an earlier list')
    .addOption(countOption('--limit <n>', 'most changes to list', 10_000, 1_000))
    .addOption(zoneOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(list))
}

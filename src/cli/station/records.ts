import type { Command } from 'commander'
import { Option } from 'commander'
import { type RecordSummary, records } from '../../station/enrol/read.js'
import type { TransportState } from '../../station/types.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { countOption, jsonOption } from '../options.js'
import { formatTable } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'
import { timesIn, type ZoneOptions, zoneOption } from './zone.js'

interface RecordsOptions extends StationOptions, ZoneOptions {
  readonly transport?: TransportState
  readonly centre?: string
  readonly limit: number
  readonly after?: string
}

const HEADINGS = ['record', 'station', 'version', 'client', 'transport', 'centre', 'pre-check', 'check']

async function list(_context: Context, folder: string, options: RecordsOptions): Promise<Outcome> {
  const { transport, centre, limit, after } = options
  const page = await withStation(folder, options, async station =>
    records(station, {
      limit,
      ...(transport && { transportState: transport }),
      ...(centre !== undefined && { centreState: centre }),
      ...(after !== undefined && { after }),
    }),
  )
  const times = timesIn(options)
  const rows = page.records.map(each => [
    ...[each.id, each.station, each.version, each.clientState, each.transportState],
    ...[each.centreState ?? '-', each.preCheck ?? '-', checkText(each), times.of(each.recordedAt)],
  ])
  const more = page.next === undefined ? '' : `\nmore: --after ${page.next}`
  return {
    exitCode: EXIT.DONE,
    json: page,
    text: formatTable([[...HEADINGS, `recorded (${times.zone})`], ...rows]) + more,
  }
}

const checkText = ({ check, checkWaived, toDecide }: RecordSummary) =>
  [check, checkWaived && 'waived', toDecide && 'to decide'].filter(Boolean).join(', ')

export function addRecords(station: Command, run: Run): void {
  station
    .command('records')
    .summary('list records and their three states')
    .description(
      'Lists records, the newest first, without opening any: what the station did, how far they came, what the centre says.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(
      new Option('--transport <state>', 'those in this state alone').choices(['waiting', 'synchronised', 'refused']),
    )
    .option('--centre <state>', 'those of which the centre says this alone')
    .addOption(countOption('--limit <n>', 'most records to list', 1_000, 100))
    .option('--after <mark>', 'go on behind an earlier list')
    .addOption(zoneOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(list))
}

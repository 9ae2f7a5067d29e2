import type { Command } from 'commander'
import { adjudications } from '../../station/enrol/adjudications.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { formatTable } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'
import { timesIn, type ZoneOptions, zoneOption } from './zone.js'

const WHY = {
  nik: 'one NIK',
  fingers: 'same fingers',
  'own-fingers': 'one finger twice',
  'pre-check': 'alike in the pre-check',
  check: 'alike in the check',
} as const

async function list(_: Context, folder: string, options: StationOptions & ZoneOptions): Promise<Outcome> {
  const cases = await withStation(folder, options, async station => adjudications(station))
  const times = timesIn(options)
  const rows = cases.map(each => [
    ...[times.of(each.since), WHY[each.kind], each.record, each.station],
    ...('other' in each ? [each.other, each.otherStation] : ['-', '-']),
  ])
  const headings = [`since (${times.zone})`, 'why', 'record', 'of', 'other', 'of']
  const text = rows.length === 0 ? 'nothing to decide' : formatTable([headings, ...rows])
  return { exitCode: EXIT.DONE, json: { adjudications: cases }, text }
}

export function addAdjudications(station: Command, run: Run): void {
  station
    .command('adjudications')
    .summary('list what waits for somebody to decide')
    .description(
      'Lists pairs of records with one NIK or the same fingers, of which no card follows before it is decided ' +
        '(see decide, correct, withdraw; adjudicate for fingers), and records that are somewhat like others ' +
        '(see overlay, adjudicate).',
    )
    .argument('<folder>', "the station's folder")
    .addOption(zoneOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(list))
}

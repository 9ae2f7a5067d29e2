import type { Command } from 'commander'
import { discardDraft, drafts, readDraft } from '../../station/enrol/draft.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { formatTable } from '../text.js'
import { withoutBytes } from '../tree.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'
import { wholeId } from './whole-id.js'
import { timesIn, type ZoneOptions, zoneOption } from './zone.js'

async function list(_: Context, folder: string, options: StationOptions & ZoneOptions): Promise<Outcome> {
  const found = await withStation(folder, options, async station => drafts(station))
  const times = timesIn(options)
  const rows = found.map(({ id, startedAt, changedAt }) => [id, times.of(startedAt), times.of(changedAt)])
  const text = rows.length === 0 ? 'no draft' : formatTable([['draft', 'started', `changed (${times.zone})`], ...rows])
  return { exitCode: EXIT.DONE, json: { drafts: found }, text }
}

async function show(_: Context, folder: string, given: string, options: StationOptions): Promise<Outcome> {
  return withStation(folder, options, async station => {
    const draft = wholeId(station, 'draft', given)
    const json = { draft, ...(withoutBytes(readDraft(station, draft)) as object) }
    return { exitCode: EXIT.DONE, json, text: JSON.stringify(json, undefined, 2) }
  })
}

async function discard(_: Context, folder: string, given: string, options: StationOptions): Promise<Outcome> {
  const draft = await withStation(folder, options, async station => {
    const whole = wholeId(station, 'draft', given)
    discardDraft(station, whole)
    return whole
  })
  return { exitCode: EXIT.DONE, json: { draft }, text: `${draft}: given up` }
}

export function addDrafts(station: Command, run: Run): void {
  const group = station
    .command('drafts')
    .summary('enrolments that are not finished')
    .description('Drafts: what was given to enrol and could not be recorded yet, sealed in the station.')
  group
    .command('list')
    .summary('list them, the oldest first')
    .description('Lists drafts, the oldest first, without opening any.')
    .argument('<folder>', "the station's folder")
    .addOption(zoneOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(list))
  group
    .command('show')
    .summary('show what a draft holds')
    .description('Opens a draft and prints it without its images: personal data.')
    .argument('<folder>', "the station's folder")
    .argument('<draft>', 'its id, or the beginning of it')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(show))
  group
    .command('discard')
    .summary('give a draft up')
    .description('Gives a draft up for good: what it held is overwritten in the file.')
    .argument('<folder>', "the station's folder")
    .argument('<draft>', 'its id, or the beginning of it')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(discard))
}

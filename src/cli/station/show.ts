import type { Command } from 'commander'
import { SidikError } from '../../errors.js'
import { adjudications } from '../../station/enrol/adjudications.js'
import { recordOf } from '../../station/enrol/read.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'
import { wholeId } from './whole-id.js'

async function show(_context: Context, folder: string, given: string, options: StationOptions): Promise<Outcome> {
  return withStation(folder, options, async station => {
    const id = wholeId(station, 'record', given)
    const record = recordOf(station, id)
    if (record === undefined) throw new SidikError('RECORD_UNKNOWN', `${folder} holds no record of this id`)
    const json = { ...record, adjudications: adjudications(station, id) }
    return { exitCode: EXIT.DONE, json, text: JSON.stringify(json, undefined, 2) }
  })
}

export function addShow(station: Command, run: Run): void {
  station
    .command('show')
    .summary('show all that a record holds')
    .description(
      'Opens a record and prints it: personal data, as drafts show does; no other command of a station prints any.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<record>', 'its id, or the beginning of it')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(show))
}

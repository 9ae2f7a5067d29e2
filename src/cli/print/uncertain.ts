import type { Command } from 'commander'
import { uncertainJobs } from '../../station/print/read.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { jobTable } from './lines.js'

async function list(_: Context, folder: string, options: StationOptions): Promise<Outcome> {
  const jobs = await withStation(folder, options, async station => uncertainJobs(station))
  const text = jobs.length === 0 ? 'of every card it is known what became of it' : jobTable(jobs)
  return { exitCode: EXIT.DONE, json: { jobs }, text }
}

export function addUncertain(print: Command, run: Run): void {
  print
    .command('uncertain')
    .summary('list cards that may be printed or not')
    .description(
      'Lists cards that were sent to a printer and of which nobody has said what became of them. Look at the tray: print resolve.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(list))
}

import type { Command } from 'commander'
import { handOver } from '../../station/print/resolve.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, noteOption, operatorOption } from '../station/options.js'
import { wholeId } from '../station/whole-id.js'
import { saying } from '../stock/options.js'

interface HandOverOptions extends StationOptions {
  readonly to: string
  readonly operator: string
  readonly note?: string
}

async function give(_: Context, folder: string, job: string, options: HandOverOptions): Promise<Outcome> {
  const { to, operator, note } = options
  const json = await withStation(folder, options, async station =>
    saying(() =>
      handOver(station, wholeId(station, 'job', job), { to, operator, ...(note !== undefined && { note }) }),
    ),
  )
  return { exitCode: EXIT.DONE, json, text: `${json.job}: handed over` }
}

export function addHandOver(print: Command, run: Run): void {
  print
    .command('hand-over')
    .summary('hand a card to the person')
    .description('Records who took a printed card.')
    .argument('<folder>', "the station's folder")
    .argument('<job>', 'its id, or the beginning of it')
    .requiredOption('--to <name>', 'who took it')
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(noteOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(give))
}

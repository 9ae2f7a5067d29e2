import type { Command } from 'commander'
import { spoilCard } from '../../station/print/resolve.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption, reasonOption } from '../station/options.js'
import { wholeId } from '../station/whole-id.js'
import { saying } from '../stock/options.js'

interface SpoilOptions extends StationOptions {
  readonly reason: string
  readonly operator: string
}

async function spoil(_: Context, folder: string, job: string, options: SpoilOptions): Promise<Outcome> {
  const { reason, operator } = options
  const json = await withStation(folder, options, async station =>
    saying(() => spoilCard(station, wholeId(station, 'job', job), { reason, operator })),
  )
  return { exitCode: EXIT.DONE, json, text: `${json.job}: spoiled; the person waits again` }
}

export function addSpoil(print: Command, run: Run): void {
  print
    .command('spoil')
    .summary('take out a card that is of no use')
    .description('Takes out a printed card that is of no use. The person is back in the queue, for another blank.')
    .argument('<folder>', "the station's folder")
    .argument('<job>', 'its id, or the beginning of it')
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(spoil))
}

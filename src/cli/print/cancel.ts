import type { Command } from 'commander'
import { cancelCard } from '../../station/print/request.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption, reasonOption } from '../station/options.js'
import { wholeId } from '../station/whole-id.js'
import { saying } from '../stock/options.js'

interface CancelOptions extends StationOptions {
  readonly reason: string
  readonly operator: string
}

async function cancel(_: Context, folder: string, given: string, options: CancelOptions): Promise<Outcome> {
  const { reason, operator } = options
  const request = await withStation(folder, options, async station => {
    const whole = wholeId(station, 'request', given)
    saying(() => cancelCard(station, whole, { reason, operator }))
    return whole
  })
  return { exitCode: EXIT.DONE, json: { request }, text: `${request}: taken back` }
}

export function addCancel(print: Command, run: Run): void {
  print
    .command('cancel')
    .summary('take a request back')
    .description('Takes a request back that waits, at the station that prints.')
    .argument('<folder>', "the station's folder")
    .argument('<request>', 'its id, or the beginning of it')
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(cancel))
}

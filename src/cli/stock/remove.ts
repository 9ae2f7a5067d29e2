import { type Command, InvalidArgumentError, Option } from 'commander'
import { type RemoveInput, removeConsumable } from '../../station/stock/consumables.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption, reasonOption } from '../station/options.js'
import { parseName, saying } from './options.js'

interface RemoveOptions extends StationOptions {
  readonly outcome: RemoveInput['outcome']
  readonly reason?: string
  readonly operator: string
}

async function remove(
  _: Context,
  folder: string,
  printer: string,
  lot: string,
  options: RemoveOptions,
): Promise<Outcome> {
  const { outcome, reason, operator } = options
  if (outcome === 'spoiled' && reason === undefined) throw new InvalidArgumentError('--reason is missing')
  await withStation(folder, options, async station =>
    saying(() =>
      removeConsumable(station, { printer, lot, outcome, operator, ...(reason !== undefined && { reason }) }),
    ),
  )
  return { exitCode: EXIT.DONE, json: { printer, lot, outcome }, text: `${printer}: ${lot} is out of it, ${outcome}` }
}

export function addRemove(stock: Command, run: Run): void {
  stock
    .command('remove')
    .summary('take a ribbon or a film out of a printer')
    .description(
      'Takes a piece out of a printer. One that printed far fewer cards than it should, or more, is put on record.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<printer>', 'its name in the books', parseName)
    .argument('<lot>', 'of the ribbon or film', parseName)
    .addOption(
      new Option('--outcome <what>', 'what it is now')
        .choices(['used-up', 'spoiled', 'put-back'])
        .makeOptionMandatory(),
    )
    .addOption(reasonOption())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(remove))
}

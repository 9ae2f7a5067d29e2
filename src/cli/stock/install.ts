import type { Command } from 'commander'
import { installConsumable } from '../../station/stock/consumables.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption } from '../station/options.js'
import { parseName, saying } from './options.js'

interface InstallOptions extends StationOptions {
  readonly operator: string
}

async function install(
  _: Context,
  folder: string,
  printer: string,
  lot: string,
  options: InstallOptions,
): Promise<Outcome> {
  const { operator } = options
  await withStation(folder, options, async station =>
    saying(() => installConsumable(station, { printer, lot, operator })),
  )
  return { exitCode: EXIT.DONE, json: { printer, lot }, text: `${printer}: one of ${lot} is in it` }
}

export function addInstall(stock: Command, run: Run): void {
  stock
    .command('install')
    .summary('put a ribbon or a film into a printer')
    .description('Puts one piece of a lot into a printer: one that was begun and put back first.')
    .argument('<folder>', "the station's folder")
    .argument('<printer>', 'its name in the books', parseName)
    .argument('<lot>', 'of the ribbon or film', parseName)
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(install))
}

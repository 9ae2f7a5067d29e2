import type { Command } from 'commander'
import type { LineInput } from '../../station/stock/input.js'
import { dispatchStock } from '../../station/stock/take.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption } from '../station/options.js'
import { LINES_HELP, parseLine } from './lines.js'
import { saying, shipmentOption } from './options.js'

interface SendOptions extends StationOptions {
  readonly to: string
  readonly shipment: string
  readonly operator: string
}

async function send(_: Context, folder: string, lines: LineInput[], options: SendOptions): Promise<Outcome> {
  const { to, shipment, operator } = options
  await withStation(folder, options, async station =>
    saying(() => dispatchStock(station, { to, shipment, lines, operator })),
  )
  return { exitCode: EXIT.DONE, json: { shipment, to }, text: `${shipment}: on its way to ${to}` }
}

export function addSend(stock: Command, run: Run): void {
  stock
    .command('send')
    .summary('send stock to another office')
    .description(
      'Takes pieces out of the stock and sends them to another office, which receives them by the same number.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<lines...>', LINES_HELP, parseLine)
    .requiredOption('--to <id>', 'station that it goes to')
    .addOption(shipmentOption())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(send))
}

import type { Command } from 'commander'
import type { LineInput } from '../../station/stock/input.js'
import { returnStock } from '../../station/stock/take.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption, reasonOption } from '../station/options.js'
import { LINES_HELP, parseLine } from './lines.js'
import { saying, shipmentOption } from './options.js'

interface ReturnOptions extends StationOptions {
  readonly to: string
  readonly shipment: string
  readonly reason: string
  readonly operator: string
}

async function giveBack(_: Context, folder: string, lines: LineInput[], options: ReturnOptions): Promise<Outcome> {
  const { to, shipment, reason, operator } = options
  await withStation(folder, options, async station =>
    saying(() => returnStock(station, { to, shipment, lines, reason, operator })),
  )
  return { exitCode: EXIT.DONE, json: { shipment, to }, text: `${shipment}: returned to ${to}` }
}

export function addReturn(stock: Command, run: Run): void {
  stock
    .command('return')
    .summary('send stock back to who supplied it')
    .description('Takes pieces out of the stock and sends them back to who supplied them.')
    .argument('<folder>', "the station's folder")
    .argument('<lines...>', LINES_HELP, parseLine)
    .requiredOption('--to <words>', 'who it goes back to')
    .addOption(shipmentOption())
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(giveBack))
}

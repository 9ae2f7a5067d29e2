import type { Command } from 'commander'
import type { NewLineInput } from '../../station/stock/input.js'
import { receiveStock } from '../../station/stock/receive.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption } from '../station/options.js'
import { formatLines } from '../text.js'
import { discrepancyLines } from './discrepancies.js'
import { NEW_LINES_HELP, parseNewLine, withRules } from './lines.js'
import { saying, shipmentOption } from './options.js'

interface ReceiveOptions extends StationOptions {
  readonly shipment: string
  readonly from: string
  readonly operator: string
  readonly note?: string
  readonly rules?: string
}

async function receive(_: Context, folder: string, given: NewLineInput[], options: ReceiveOptions): Promise<Outcome> {
  const { shipment, from, operator, note, rules } = options
  const lines = await withRules(given, rules)
  const { discrepancies } = await withStation(folder, options, async station =>
    saying(() => receiveStock(station, { shipment, from, lines, operator, ...(note !== undefined && { note }) })),
  )
  const text = formatLines([`${shipment}: received, as it came`, ...discrepancyLines(discrepancies)])
  return { exitCode: discrepancies.length === 0 ? EXIT.DONE : EXIT.NO_MATCH, json: { shipment, discrepancies }, text }
}

export function addReceive(stock: Command, run: Run): void {
  stock
    .command('receive')
    .summary('take a shipment into stock')
    .description(
      'Takes a shipment into stock as it came, not as its note says. What differs from a note that is known is put on record: exit code 1.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<lines...>', NEW_LINES_HELP, parseNewLine)
    .addOption(shipmentOption())
    .requiredOption('--from <words>', 'who sent it')
    .option('--rules <json>', 'file of what the lots are for: {"B1": {"quota": {"new": 400}}}')
    .option('--note <words>', 'anything to be kept with it')
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(receive))
}

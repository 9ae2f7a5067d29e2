import type { Command } from 'commander'
import { announceShipment } from '../../station/stock/announce.js'
import type { NewLineInput } from '../../station/stock/input.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { NEW_LINES_HELP, parseNewLine, withRules } from './lines.js'
import { saying, shipmentOption } from './options.js'

interface AnnounceOptions extends StationOptions {
  readonly to: string
  readonly shipment: string
  readonly from?: string
  readonly rules?: string
}

async function announce(_: Context, folder: string, given: NewLineInput[], options: AnnounceOptions): Promise<Outcome> {
  const { to, shipment, from, rules } = options
  const lines = await withRules(given, rules)
  await withStation(folder, options, async station =>
    saying(() => announceShipment(station, { to, shipment, lines, ...(from !== undefined && { from }) })),
  )
  return { exitCode: EXIT.DONE, json: { shipment, to }, text: `${shipment}: ${to} will learn that it is on its way` }
}

export function addAnnounce(stock: Command, run: Run): void {
  stock
    .command('announce')
    .summary('tell a station below what is on its way to it')
    .description(
      'Tells a station below, when it next synchronises, what is on its way to it and what its lots are for. Nothing leaves the own stock: see send.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<lines...>', NEW_LINES_HELP, parseNewLine)
    .requiredOption('--to <id>', 'the station below')
    .addOption(shipmentOption())
    .option('--from <words>', 'who sends it (default: this station)')
    .option('--rules <json>', 'file of what the lots are for: {"B1": {"quota": {"new": 400}}}')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(announce))
}

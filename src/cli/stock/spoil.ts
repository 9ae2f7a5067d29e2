import type { Command } from 'commander'
import type { LineInput } from '../../station/stock/input.js'
import { spoilStock } from '../../station/stock/take.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption, reasonOption } from '../station/options.js'
import { LINES_HELP, parseLine } from './lines.js'
import { saying } from './options.js'

interface SpoilOptions extends StationOptions {
  readonly reason: string
  readonly operator: string
}

async function spoil(_: Context, folder: string, lines: LineInput[], options: SpoilOptions): Promise<Outcome> {
  const { reason, operator } = options
  await withStation(folder, options, async station => saying(() => spoilStock(station, { lines, reason, operator })))
  const lots = [...new Set(lines.map(({ lot }) => lot))]
  return { exitCode: EXIT.DONE, json: { lots }, text: `${lots.join(', ')}: written off as spoiled` }
}

export function addSpoil(stock: Command, run: Run): void {
  stock
    .command('spoil')
    .summary('write off pieces that are of no use')
    .description('Writes off pieces that were spoiled before they were used. A card that was spoiled: print spoil.')
    .argument('<folder>', "the station's folder")
    .argument('<lines...>', LINES_HELP, parseLine)
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(spoil))
}

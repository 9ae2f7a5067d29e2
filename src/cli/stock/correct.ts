import { type Command, InvalidArgumentError, Option } from 'commander'
import { correctStock } from '../../station/stock/count.js'
import type { LineInput } from '../../station/stock/input.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption, reasonOption } from '../station/options.js'
import { LINES_HELP, parseLine } from './lines.js'
import { saying, witnessOption } from './options.js'

interface CorrectOptions extends StationOptions {
  readonly found?: boolean
  readonly missing?: boolean
  readonly reason: string
  readonly operator: string
  readonly witness: string
}

async function correct(_: Context, folder: string, given: LineInput[], options: CorrectOptions): Promise<Outcome> {
  const { found = false, missing = false, reason, operator, witness } = options
  if (found === missing) throw new InvalidArgumentError('say --found or --missing')
  const lines = given.map(line => ({ ...line, found }))
  await withStation(folder, options, async station =>
    saying(() => correctStock(station, { lines, reason, operators: [operator, witness] })),
  )
  const lots = [...new Set(lines.map(({ lot }) => lot))]
  const text = `${lots.join(', ')}: ${found ? 'taken into' : 'taken out of'} the books, say ${operator} and ${witness}`
  return { exitCode: EXIT.DONE, json: { lots, found }, text }
}

export function addCorrect(stock: Command, run: Run): void {
  stock
    .command('correct')
    .summary('put the books right after a count')
    .description(
      'Takes into the books what a count showed: pieces that were found, or that are missing. By two persons.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<lines...>', LINES_HELP, parseLine)
    .addOption(new Option('--found', 'there are these more'))
    .addOption(new Option('--missing', 'these are not there').conflicts('found'))
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(witnessOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(correct))
}

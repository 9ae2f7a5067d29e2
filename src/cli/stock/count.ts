import type { Command } from 'commander'
import { countStock } from '../../station/stock/count.js'
import type { LineInput } from '../../station/stock/input.js'
import { formatSerials } from '../../station/stock/serials.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption } from '../station/options.js'
import { formatCount, formatLines } from '../text.js'
import { LINES_HELP, parseLine } from './lines.js'
import { saying, witnessOption } from './options.js'

interface CountOptions extends StationOptions {
  readonly operator: string
  readonly witness: string
}

async function count(_: Context, folder: string, lines: LineInput[], options: CountOptions): Promise<Outcome> {
  const { operator, witness } = options
  const differences = await withStation(folder, options, async station =>
    saying(() => countStock(station, { lines, operators: [operator, witness] })),
  )
  const text = differences.flatMap(({ lot, booked, counted, missing, more }) => [
    `${lot}: ${formatCount(counted)} counted, ${formatCount(booked)} in the books`,
    ...(missing.length > 0 ? [`  missing: ${formatSerials(missing)}`] : []),
    ...(more.length > 0 ? [`  more: ${formatSerials(more)}`] : []),
  ])
  if (differences.length === 0) return { exitCode: EXIT.DONE, json: { differences }, text: 'as the books say' }
  const next = 'noted; the books stay as they are until correct changes them'
  return { exitCode: EXIT.NO_MATCH, json: { differences }, text: formatLines([...text, next]) }
}

export function addCount(stock: Command, run: Run): void {
  stock
    .command('count')
    .summary('compare what lies there with the books')
    .description(
      'Writes down what two persons counted of some lots: what is available, not what is in a printer. Exit code 1 when the books say otherwise, which ' +
        'is put on record.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<lines...>', LINES_HELP, parseLine)
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(witnessOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(count))
}

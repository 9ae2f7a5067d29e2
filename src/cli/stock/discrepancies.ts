import type { Command } from 'commander'
import { discrepancies } from '../../station/stock/discrepancies.js'
import type { Discrepancy } from '../../station/stock/types.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { formatLines } from '../text.js'
import { fromOption, toOption } from './options.js'

interface DiscrepancyOptions extends StationOptions {
  readonly station?: string
  readonly from?: string
  readonly to?: string
}

async function list(_: Context, folder: string, options: DiscrepancyOptions): Promise<Outcome> {
  const { station: of, from, to } = options
  const found = await withStation(folder, options, async station =>
    discrepancies(station, {
      ...(of !== undefined && { station: of }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    }),
  )
  const lines = discrepancyLines(found)
  const text = lines.length === 0 ? 'nothing was noted' : formatLines(lines)
  return { exitCode: EXIT.DONE, json: { discrepancies: found }, text }
}

export function discrepancyLines(found: readonly Discrepancy[]): string[] {
  return found.map(({ at, station, code, detail }) => {
    const words = Object.entries(detail).map(([name, value]) => `${name} ${value}`)
    return `  ${at} ${station} ${code}: ${words.join(', ')}`
  })
}

export function addDiscrepancies(stock: Command, run: Run): void {
  stock
    .command('discrepancies')
    .summary('list what does not agree')
    .description(
      'Lists what does not agree with the books, with a note, or with another station. Nothing leaves the list.',
    )
    .argument('<folder>', "the station's folder")
    .option('--station <id>', 'of this station alone')
    .addOption(fromOption())
    .addOption(toOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(list))
}

import { type Command, Option } from 'commander'
import { type BookedMove, stockMoves } from '../../station/stock/list-moves.js'
import { formatSerials } from '../../station/stock/serials.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { countOption, jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { formatTable } from '../text.js'
import { fromOption, ofStationOption, parseName, saying, toOption } from './options.js'

interface MovesOptions extends StationOptions {
  readonly station?: string
  readonly from?: string
  readonly to?: string
  readonly lot?: string
  readonly limit: number
}

const HEADINGS = ['at', 'lot', 'from', 'to', 'quantity', 'serials', 'for']

async function list(_: Context, folder: string, options: MovesOptions): Promise<Outcome> {
  const { limit, key: _key, ...filter } = options
  const moves = await withStation(folder, options, async station =>
    saying(() => {
      const found: BookedMove[] = []
      for (const move of stockMoves(station, pick(filter))) {
        found.push(move)
        if (found.length > limit) break
      }
      return found
    }),
  )
  const json = { moves: moves.slice(0, limit), more: moves.length > limit }
  const rows = json.moves.map(({ at, lot, from, to, quantity, serials, shipment, job }) => [
    ...[at, lot, from, to, quantity, serials === undefined ? '-' : formatSerials(serials), shipment ?? job ?? '-'],
  ])
  const more = json.more ? '\nthere are more: --limit, --from' : ''
  return { exitCode: EXIT.DONE, json, text: formatTable([HEADINGS, ...rows], [4]) + more }
}

function pick({ station, from, to, lot }: Omit<MovesOptions, 'limit' | 'key'>) {
  return {
    ...(station !== undefined && { station }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(lot !== undefined && { lot }),
  }
}

export function addMoves(stock: Command, run: Run): void {
  stock
    .command('moves')
    .summary('list the books line by line')
    .description('Lists what left which account for which other one, the oldest first.')
    .argument('<folder>', "the station's folder")
    .addOption(ofStationOption())
    .addOption(fromOption())
    .addOption(toOption())
    .addOption(new Option('--lot <name>', 'of this lot alone').argParser(parseName))
    .addOption(countOption('--limit <n>', 'most lines to list', 100_000, 1_000))
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(list))
}

import type { Command } from 'commander'
import { consumables } from '../../station/stock/consumables.js'
import { shipments } from '../../station/stock/shipments.js'
import { stock as stockOf } from '../../station/stock/stock.js'
import { ACCOUNTS, SOURCES } from '../../station/stock/types.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { formatCount, formatLines, formatTable } from '../text.js'
import { ofStationOption, saying } from './options.js'

interface ListOptions extends StationOptions {
  readonly station?: string
}

/** Where pieces can be: those that they come from would add up all that ever came. */
const PLACES = ACCOUNTS.filter(account => !SOURCES.includes(account))

async function list(_: Context, folder: string, options: ListOptions): Promise<Outcome> {
  const { station: of } = options
  const json = await withStation(folder, options, async station => ({
    lots: saying(() => stockOf(station, of === undefined ? {} : { station: of })),
    ...(of === undefined && {
      consumables: consumables(station),
      onTheWay: shipments(station, { state: 'on-its-way' }),
    }),
  }))
  const lots = json.lots.map(({ lot, item, accounts }) => [
    ...[lot, item],
    ...PLACES.map(account => formatCount(accounts[account] ?? 0)),
  ])
  const columns = PLACES.map((_, i) => i + 2)
  const table =
    lots.length === 0 ? 'nothing was ever in stock' : formatTable([['lot', 'item', ...PLACES], ...lots], columns)
  const lines = [
    ...(json.consumables ?? []).map(({ printer, lot, item, cards, left }) => {
      const rest = left === undefined ? '' : `, ${formatCount(left)} left`
      return `in ${printer}: ${item} of ${lot}, ${formatCount(cards)} cards printed${rest}`
    }),
    ...(json.onTheWay ?? []).map(({ shipment, to, sentAt, isOfCards }) => {
      const what = isOfCards ? `${shipment}, printed cards,` : shipment
      return `on its way: ${what} to ${to}, since ${sentAt}`
    }),
  ]
  return { exitCode: EXIT.DONE, json, text: [table, formatLines(lines)].join('\n') }
}

export function addList(stock: Command, run: Run): void {
  stock
    .command('list')
    .summary('what of each lot is where')
    .description('Lists lots and what became of their pieces, what is in the printers, and what is on its way.')
    .argument('<folder>', "the station's folder")
    .addOption(ofStationOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(list))
}

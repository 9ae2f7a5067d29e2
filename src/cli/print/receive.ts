import type { Command } from 'commander'
import { receiveCards } from '../../station/print/receive-cards.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, noteOption, operatorOption } from '../station/options.js'
import { discrepancyLines } from '../stock/discrepancies.js'
import { saying, shipmentOption } from '../stock/options.js'
import { counted, formatLines } from '../text.js'

interface ReceiveOptions extends StationOptions {
  readonly shipment: string
  readonly operator: string
  readonly note?: string
}

async function receive(_: Context, folder: string, given: string[], options: ReceiveOptions): Promise<Outcome> {
  const { shipment, operator, note } = options
  // Not by the beginnings of ids: digits of a serial may begin one.
  const { cards, unknown, discrepancies } = await withStation(folder, options, async station =>
    saying(() => receiveCards(station, { shipment, cards: given, operator, ...(note !== undefined && { note }) })),
  )
  const text = formatLines([
    `${shipment}: ${counted(cards.length, 'card')} received`,
    ...unknown.map(card => `  ${card} was not sent here: send it back, and tell who sent it`),
    ...discrepancyLines(discrepancies),
  ])
  const exitCode = discrepancies.length === 0 ? EXIT.DONE : EXIT.NO_MATCH
  return { exitCode, json: { shipment, cards, unknown, discrepancies }, text }
}

export function addReceiveCards(print: Command, run: Run): void {
  print
    .command('receive')
    .summary('take in printed cards that were sent here')
    .description(
      'Takes in printed cards as they came, not as their note says. What differs is put on record: exit code 1. ' +
        'One that was missing is received under the same number when it comes.',
    )
    .argument('<folder>', "the station's folder")
    .argument('[cards...]', 'the serial on each card that lies there, or the whole id of its job')
    .addOption(shipmentOption())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(noteOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(receive))
}

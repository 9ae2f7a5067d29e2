import { type Command, InvalidArgumentError } from 'commander'
import { findRecord } from '../../station/enrol/held.js'
import { printJobs } from '../../station/print/read.js'
import { sendCards } from '../../station/print/send-cards.js'
import { partsOf, type Station } from '../../station/station.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption } from '../station/options.js'
import { saying, shipmentOption } from '../stock/options.js'
import { counted } from '../text.js'

interface SendOptions extends StationOptions {
  readonly to: string
  readonly shipment: string
  readonly operator: string
}

/** Most cards of one shipment. */
const MOST_CARDS = 500

async function send(_: Context, folder: string, given: string[], options: SendOptions): Promise<Outcome> {
  const { to, shipment, operator } = options
  const jobs = await withStation(folder, options, async station => {
    // Not by the beginning of an id: digits of a serial may begin one.
    const cards = given.length > 0 ? given : cardsFor(station, to)
    if (cards.length === 0) throw new InvalidArgumentError(`No printed card for station ${to} lies here.`)
    return saying(() => sendCards(station, { to, shipment, cards, operator }))
  })
  const text = `${shipment}: ${counted(jobs.length, 'card')} on the way to ${to}`
  return { exitCode: EXIT.DONE, json: { shipment, to, jobs }, text }
}

/** Cards that lie here and are for records of that station, the oldest first. */
function cardsFor(station: Station, to: string): string[] {
  return printJobs(station, { station: station.id, state: 'printed' })
    .filter(({ holder, record }) => holder === undefined && findRecord(partsOf(station), record)?.station === to)
    .slice(0, MOST_CARDS)
    .map(({ job }) => job)
}

export function addSendCards(print: Command, run: Run): void {
  print
    .command('send')
    .summary('send printed cards to the station that hands them over')
    .description(
      'Sends printed cards to the station of their records, or back to the one that printed them. ' +
        'Nobody hands them over before they are received there.',
    )
    .argument('<folder>', "the station's folder")
    .argument('[cards...]', 'serials, or whole ids of jobs (default: all that lie here for that station, at most 500)')
    .requiredOption('--to <id>', 'station that they go to')
    .addOption(shipmentOption())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(send))
}

import type { Command } from 'commander'
import { forecast as forecastOf } from '../../station/stock/forecast.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { countOption, jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { formatCount, formatTable } from '../text.js'

interface ForecastCommandOptions extends StationOptions {
  readonly days: number
}

const rate = (perDay: number) => perDay.toFixed(1)
const rest = (days: number | undefined) => (days === undefined ? '-' : formatCount(Math.floor(days)))

async function forecast(_: Context, folder: string, options: ForecastCommandOptions): Promise<Outcome> {
  const json = await withStation(folder, options, async station => forecastOf(station, { days: options.days }))
  const { blanks, consumables, cardsPerDay, days } = json
  const rows = [{ item: 'blank', ...blanks }, ...consumables].map(({ item, left, perDay, daysLeft }) => [
    ...[item, formatCount(left), rate(perDay), rest(daysLeft)],
  ])
  const table = formatTable([['', 'cards left', 'a day', 'days left'], ...rows], [1, 2, 3])
  const text = `${rate(cardsPerDay)} cards a day in the last ${days} days\n${table}`
  return { exitCode: EXIT.DONE, json, text }
}

export function addForecast(stock: Command, run: Run): void {
  stock
    .command('forecast')
    .summary('how long the stock lasts')
    .description(
      'Says how many cards blanks, ribbons and films are still good for, and for how many days at the rate of late.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(countOption('--days <n>', 'how far back the rate is taken from', 365, 14))
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(forecast))
}

import type { Command } from 'commander'
import { Argument } from 'commander'
import { DEFAULT_LIMITS, type LimitName, override } from '../../station/health/limits.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { countOption, jsonOption } from '../options.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption, operatorOption, reasonOption } from './options.js'

interface OverrideOptions extends StationOptions {
  readonly days: number
  readonly operator: string
  readonly reason: string
}

const DAY_MS = 86_400_000

async function answer(_context: Context, folder: string, limit: LimitName, options: OverrideOptions): Promise<Outcome> {
  const { days, operator, reason } = options
  const until = new Date(Date.now() + days * DAY_MS).toISOString()
  await withStation(folder, options, async station => override(station, { limit, operator, reason, until }))
  const json = { limit, until, operator, reason }
  return { exitCode: EXIT.DONE, json, text: `${limit}: ${operator} answers for going on until ${until}` }
}

export function addOverride(station: Command, run: Run): void {
  station
    .command('override')
    .summary('answer for going on past a limit')
    .description('Records who answers for going on past a limit that status warns of. No limit ever stops recording.')
    .argument('<folder>', "the station's folder")
    .addArgument(new Argument('<limit>', 'as status names it').choices(Object.keys(DEFAULT_LIMITS)))
    .addOption(countOption('--days <n>', 'for how long', 366, 7))
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(answer))
}

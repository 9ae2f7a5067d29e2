import type { Command } from 'commander'
import { Argument } from 'commander'
import { QUOTA_NAMES, type QuotaName } from '../../station/quotas/names.js'
import { raiseQuota } from '../../station/quotas/raise.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { countOption, jsonOption, optionalCount } from '../options.js'
import { saying } from '../stock/options.js'
import { formatCount } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption, operatorOption, reasonOption } from './options.js'

interface RaiseOptions extends StationOptions {
  readonly amount: number
  readonly days: number
  readonly operator: string
  readonly reason: string
}

const DAY_MS = 86_400_000

async function raise(
  _context: Context,
  folder: string,
  peer: string,
  quota: QuotaName,
  options: RaiseOptions,
): Promise<Outcome> {
  const { amount, days, operator, reason } = options
  const until = new Date(Date.now() + days * DAY_MS).toISOString()
  const json = { peer, quota, amount, until, operator, reason }
  const before = await withStation(folder, options, async station => saying(() => raiseQuota(station, json)))
  const instead = before && `, instead of ${formatCount(before.amount)} until ${before.until}`
  const text = `${peer} may have ${formatCount(amount)} of ${quota} until ${until}${instead ?? ''}`
  return { exitCode: EXIT.DONE, json: { ...json, ...(before && { before }) }, text }
}

export function addRaiseQuota(station: Command, run: Run): void {
  station
    .command('raise-quota')
    .summary('let a station below take more of this one than is usual')
    .description(
      'Lets a station below take more of this one than is usual, for some days: status says what is used. ' +
        'Who decided it is recorded. What was refused comes when that station next synchronises.',
    )
    .argument('<folder>', "this station's folder")
    .argument('<peer>', 'the station below')
    .addArgument(new Argument('<quota>', 'as status names it').choices(QUOTA_NAMES))
    .addOption(
      optionalCount(
        '--amount <n>',
        'in the unit of the quota: bytes, entries, ms',
        Number.MAX_SAFE_INTEGER,
      ).makeOptionMandatory(),
    )
    .addOption(countOption('--days <n>', 'for how long', 366, 7))
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(raise))
}

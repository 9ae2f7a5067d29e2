import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { momentMs } from '../../station/clock.js'
import { revokePeer } from '../../station/revoke.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { saying } from '../stock/options.js'
import { counted } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption, operatorOption, reasonOption } from './options.js'

interface RevokeOptions extends StationOptions {
  readonly from?: number | string
  readonly operator: string
  readonly reason: string
}

async function revoke(_context: Context, folder: string, id: string, options: RevokeOptions): Promise<Outcome> {
  const { from, operator, reason } = options
  const asked = { operator, reason, ...(from !== undefined && { from }) }
  const done = await withStation(folder, options, async station => saying(() => revokePeer(station, id, asked)))
  const undone =
    done.undone === 0
      ? 'nothing that is here is undone'
      : `${counted(done.undone, 'entry', 'entries')} undone, ${counted(done.records.length, 'record')} gone`
  const text = `${folder}: ${id} is not believed from its entry ${done.from} on; ${undone}`
  return { exitCode: EXIT.DONE, json: done, text }
}

function parseFrom(text: string): number | string {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  if (momentMs(text) !== undefined) return text
  throw new InvalidArgumentError('It is neither the number of an entry nor a time as in 2026-11-28T16:00:00Z.')
}

export function addRevoke(station: Command, run: Run): void {
  station
    .command('revoke')
    .summary('stop believing a station: a laptop that was lost')
    .description(
      'Takes nothing more of a station, and sends it nothing. What it signed before stays. ' +
        'Other stations learn of it when they synchronise. ' +
        'It cannot be undone: the machine comes back under another id.',
    )
    .argument('<folder>', "the folder of this station: a hub's, for one of its kiosks")
    .argument('<id>', 'the station that is not to be believed')
    .addOption(
      new Option(
        '--from <entry or time>',
        'undo what it signed from there on; after all that is here unless given',
      ).argParser(parseFrom),
    )
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(revoke))
}

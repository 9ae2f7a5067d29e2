import type { Command } from 'commander'
import { revokeLetter } from '../../station/print/letters/read.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption, reasonOption } from '../station/options.js'
import { wholeId } from '../station/whole-id.js'
import { saying } from '../stock/options.js'

interface RevokeOptions extends StationOptions {
  readonly reason: string
  readonly operator: string
}

async function revoke(_: Context, folder: string, given: string, options: RevokeOptions): Promise<Outcome> {
  const { reason, operator } = options
  const letter = await withStation(folder, options, async station => {
    const whole = wholeId(station, 'letter', given)
    saying(() => revokeLetter(station, whole, { reason, operator }))
    return whole
  })
  return { exitCode: EXIT.DONE, json: { letter }, text: `${letter}: revoked` }
}

export function addRevoke(print: Command, run: Run): void {
  print
    .command('revoke')
    .summary('revoke a letter')
    .description(
      'Revokes a letter of this station for good. One of a person whose card is printed is revoked by itself, ' +
        'and valid again if that card is spoiled.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<letter>', 'its id, or the beginning of it')
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(revoke))
}

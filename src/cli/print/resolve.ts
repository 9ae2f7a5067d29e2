import { type Command, Option } from 'commander'
import { type Resolution, resolveJob } from '../../station/print/resolve.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, noteOption, operatorOption } from '../station/options.js'
import { wholeId } from '../station/whole-id.js'
import { saying } from '../stock/options.js'

interface ResolveOptions extends StationOptions {
  readonly found: Resolution['found']
  readonly operator: string
  readonly note?: string
  readonly chipWritten?: boolean
}

async function resolve(_: Context, folder: string, job: string, options: ResolveOptions): Promise<Outcome> {
  const { found, operator, note, chipWritten = false } = options
  const chip = chipWritten ? { chip: 'written' as const } : {}
  const json = await withStation(folder, options, async station =>
    saying(() =>
      resolveJob(station, wholeId(station, 'job', job), {
        found,
        operator,
        ...chip,
        ...(note !== undefined && { note }),
      }),
    ),
  )
  return { exitCode: EXIT.DONE, json, text: `${json.job}: ${json.state}, says ${operator}` }
}

export function addResolve(print: Command, run: Run): void {
  print
    .command('resolve')
    .summary('say what lies in the tray')
    .description('Says of a card that was sent what somebody found who looked. It is the only way out of uncertainty.')
    .argument('<folder>', "the station's folder")
    .argument('<job>', 'its id, or the beginning of it')
    .addOption(
      new Option('--found <what>', 'a card, a card that is of no use, or the blank as it was')
        .choices(['printed', 'spoiled', 'untouched'])
        .makeOptionMandatory(),
    )
    .option('--chip-written', 'of a card with a chip: a reader has read it')
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(noteOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(resolve))
}

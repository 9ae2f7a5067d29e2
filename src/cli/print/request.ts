import { type Command, InvalidArgumentError, Option } from 'commander'
import { requestCard } from '../../station/print/request.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption, reasonOption } from '../station/options.js'
import { wholeId } from '../station/whole-id.js'
import { saying } from '../stock/options.js'

interface RequestOptions extends StationOptions {
  readonly replacement?: boolean
  readonly reason?: string
  readonly urgent?: string
  readonly by?: string
  readonly at?: string
  readonly operator: string
}

async function request(_: Context, folder: string, given: string, options: RequestOptions): Promise<Outcome> {
  const { replacement = false, reason, urgent, by, at, operator } = options
  if (replacement && reason === undefined) throw new InvalidArgumentError('--reason is missing: why it is replaced')
  if ((urgent === undefined) !== (by === undefined)) throw new InvalidArgumentError('--urgent and --by go together')
  const json = await withStation(folder, options, async station =>
    saying(() =>
      requestCard(station, {
        ...{ record: wholeId(station, 'record', given), operator, purpose: replacement ? 'replacement' : 'new' },
        ...(reason !== undefined && { reason }),
        ...(urgent !== undefined && by !== undefined && { urgent: { reason: urgent, by } }),
        ...(at !== undefined && { at }),
      }),
    ),
  )
  return { exitCode: EXIT.DONE, json, text: `${json.request}: waits for a card, printed at ${json.at}` }
}

export function addRequest(print: Command, run: Run): void {
  print
    .command('request')
    .summary('ask for a card')
    .description(
      'Asks for a card for the person of a record. It is printed once the centre has cleared the record and there are blanks for it.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<record>', 'its id, or the beginning of it')
    .option('--replacement', 'for somebody who has had a card; needs a reason')
    .addOption(reasonOption())
    .addOption(new Option('--urgent <words>', 'before others, and why'))
    .addOption(new Option('--by <name>', 'who says that it is urgent'))
    .option('--at <id>', 'station that prints it: the own one (default), or one above')
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(request))
}

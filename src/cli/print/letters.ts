import { type Command, Option } from 'commander'
import { type Letter, letters } from '../../station/print/letters/read.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { wholeId } from '../station/whole-id.js'
import { formatTable } from '../text.js'

interface LettersOptions extends StationOptions {
  readonly state?: Letter['state']
  readonly record?: string
}

const HEADINGS = ['letter', 'number', 'record', 'station', 'state', 'issued', 'until']

async function list(_: Context, folder: string, options: LettersOptions): Promise<Outcome> {
  const { state, record } = options
  const found = await withStation(folder, options, async station =>
    letters(station, {
      ...(state && { state }),
      ...(record !== undefined && { record: wholeId(station, 'record', record) }),
    }),
  )
  const rows = found.map(each => [
    ...[each.letter, each.number, each.record, each.station, each.state, each.issuedAt, each.until],
  ])
  const text = rows.length === 0 ? 'no letter' : formatTable([HEADINGS, ...rows])
  return { exitCode: EXIT.DONE, json: { letters: found }, text }
}

export function addLetters(print: Command, run: Run): void {
  print
    .command('letters')
    .summary('list letters')
    .description('Lists letters that stand in for cards, the oldest first.')
    .argument('<folder>', "the station's folder")
    .addOption(new Option('--state <state>', 'those in this state').choices(['valid', 'expired', 'revoked']))
    .option('--record <id>', 'of this record alone; the beginning of its id will do')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(list))
}

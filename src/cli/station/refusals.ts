import { type Command, InvalidArgumentError, Option } from 'commander'
import { dismissRefusal, type RefusalName, refusals, retryRefusal } from '../../station/sync/dead-letters.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { formatTable } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption, operatorOption, reasonOption } from './options.js'

interface RefusalsOptions extends StationOptions {
  readonly retry?: RefusalName
  readonly dismiss?: RefusalName
  readonly operator?: string
  readonly reason?: string
}

const HEADINGS = ['peer', 'station', 'entry', 'kind', 'record', 'code', 'refused']

async function look(_context: Context, folder: string, options: RefusalsOptions): Promise<Outcome> {
  const { retry, dismiss, operator = '', reason = '' } = options
  if ((retry ?? dismiss) !== undefined && operator === '') throw new InvalidArgumentError('--operator is missing')
  if (dismiss !== undefined && reason === '') throw new InvalidArgumentError('--reason is missing')
  const open = await withStation(folder, options, async station => {
    if (retry !== undefined) retryRefusal(station, retry, { operator, ...(reason !== '' && { reason }) })
    if (dismiss !== undefined) dismissRefusal(station, dismiss, { operator, reason })
    return refusals(station)
  })
  const rows = open.map(each => [
    ...[each.peer, each.station, each.sequence, each.kind, each.record ?? '-', each.code, each.refusedAt],
  ])
  const text = rows.length === 0 ? 'nothing is refused' : formatTable([HEADINGS, ...rows], [2])
  return { exitCode: EXIT.DONE, json: open, text }
}

function parseName(text: string): RefusalName {
  const [, peer, station, sequence] = /^([^/]+)\/([^/]+)\/([1-9]\d{0,14})$/.exec(text) ?? []
  if (peer === undefined) throw new InvalidArgumentError('It is not peer/station/entry, as in hub/3276-01/17.')
  return { peer, station, sequence: Number(sequence) }
}

export function addRefusals(station: Command, run: Run): void {
  station
    .command('refusals')
    .summary('list and settle what a peer would not take')
    .description('Lists the entries that a peer refused, and has one sent once more or lets it lie; that is recorded.')
    .argument('<folder>', "the station's folder")
    .addOption(new Option('--retry <peer/station/entry>', 'send it once more').argParser(parseName))
    .addOption(new Option('--dismiss <peer/station/entry>', 'let it lie').argParser(parseName).conflicts('retry'))
    .addOption(operatorOption())
    .addOption(reasonOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(look))
}

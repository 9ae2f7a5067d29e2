import { type Command, Option } from 'commander'
import { cardRequests, printJobs } from '../../station/print/read.js'
import type { RequestState } from '../../station/print/types.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { countOption, jsonOption } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { wholeId } from '../station/whole-id.js'
import { formatCount } from '../text.js'
import { jobTable, requestTable } from './lines.js'

interface QueueOptions extends StationOptions {
  readonly state: RequestState | 'all'
  readonly record?: string
  readonly limit: number
}

async function list(_: Context, folder: string, options: QueueOptions): Promise<Outcome> {
  const { state, limit } = options
  const { requests, jobs } = await withStation(folder, options, async station => {
    const record = options.record === undefined ? undefined : wholeId(station, 'record', options.record)
    return {
      requests: cardRequests(station, { ...(state !== 'all' && { state }), ...(record !== undefined && { record }) }),
      // What was printed is asked for by somebody's record, or by its state: then the cards are what matters.
      jobs:
        record !== undefined
          ? printJobs(station, { record })
          : state === 'printed'
            ? [...printJobs(station, { state }), ...printJobs(station, { state: 'on-its-way' })]
            : state === 'handed-over'
              ? printJobs(station, { state })
              : [],
    }
  })
  const json = { count: requests.length, requests: requests.slice(0, limit), jobs: jobs.slice(0, limit) }
  const more = requests.length > limit ? [`and ${formatCount(requests.length - limit)} more`] : []
  const cards = json.jobs.length > 0 ? ['', jobTable(json.jobs)] : []
  return { exitCode: EXIT.DONE, json, text: [requestTable(json.requests), ...more, ...cards].join('\n') }
}

export function addQueue(print: Command, run: Run): void {
  print
    .command('queue')
    .summary('list who waits for a card')
    .description('Lists requests for cards, the oldest first; with --record or of printed cards also the cards.')
    .argument('<folder>', "the station's folder")
    .addOption(
      new Option('--state <state>', 'those in this state')
        .choices(['waiting', 'printing', 'printed', 'handed-over', 'cancelled', 'all'])
        .default('waiting'),
    )
    .option('--record <id>', 'of this record alone; the beginning of its id will do')
    .addOption(countOption('--limit <n>', 'most to list', 100_000, 100))
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(list))
}

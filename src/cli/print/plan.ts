import { type Command, Option } from 'commander'
import { planPrinting } from '../../station/print/plan.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption, optionalCount } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { parseName, saying } from '../stock/options.js'
import { counted, formatTable } from '../text.js'
import { policyOption } from './options.js'
import { readPolicyFile } from './settings.js'

interface PlanCommandOptions extends StationOptions {
  readonly policy?: string
  readonly limit?: number
  readonly printer?: string
}

/** Lines of each kind that are printed for people; JSON has all. */
const MOST_LINES = 50

async function plan(_: Context, folder: string, options: PlanCommandOptions): Promise<Outcome> {
  const { limit, printer } = options
  const policy = await readPolicyFile(options.policy)
  const json = await withStation(folder, options, async station =>
    saying(() =>
      planPrinting(station, {
        ...(policy && { policy }),
        ...(limit !== undefined && { limit }),
        ...(printer !== undefined && { printer }),
      }),
    ),
  )
  const { prints, waits, counts } = json
  const listed = prints.slice(0, MOST_LINES).map(({ request, record, purpose, lot }) => [request, record, purpose, lot])
  const waiting = waits.slice(0, MOST_LINES).map(({ request, code, message }) => [request, code, message])
  const byCode = Object.entries(counts).map(([code, count]) => `${code} ${count}`)
  const text = [
    `${counted(prints.length, 'card')} would be printed`,
    ...(listed.length > 0 ? [formatTable([['request', 'record', 'purpose', 'lot'], ...listed])] : []),
    `${counted(waits.length, 'request')} would wait${byCode.length > 0 ? `: ${byCode.join(', ')}` : ''}`,
    ...(waiting.length > 0 ? [formatTable(waiting)] : []),
  ].join('\n')
  return { exitCode: EXIT.DONE, json, text }
}

export function addPlan(print: Command, run: Run): void {
  print
    .command('plan')
    .summary('say what would be printed now, what would not, and why')
    .description(
      'Says what run would print now, in its order, and of each of the others why it waits. Changes nothing.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(policyOption())
    .addOption(optionalCount('--limit <n>', 'most cards', 1_000_000))
    .addOption(
      new Option('--printer <name>', 'in the books: what is installed in it bounds the plan').argParser(parseName),
    )
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(plan))
}

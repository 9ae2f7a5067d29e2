import { type Command, Option } from 'commander'
import { type CheckReport, checkRecords } from '../../station/check/checker.js'
import { recheck } from '../../station/check/recheck.js'
import { status } from '../../station/health/status.js'
import type { Station } from '../../station/station.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption, optionalCount, parseRate, threadsOption } from '../options.js'
import { counted, formatLines } from '../text.js'
import { withEngine } from '../with-engine.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption, operatorOption, reasonOption } from './options.js'

interface CheckOptions extends StationOptions {
  readonly threads?: number
  readonly targetFpir?: number
  readonly population?: number
}

interface RecheckOptions extends CheckOptions {
  readonly operator: string
  readonly reason: string
}

type Work = (station: Station, context: Parameters<typeof checkRecords>[1] & object) => Promise<CheckReport>

async function checking(
  { signal, startProgress }: Context,
  folder: string,
  options: CheckOptions,
  work: Work,
): Promise<Outcome> {
  const { threads, targetFpir, population } = options
  const check = {
    background: false,
    ...(targetFpir !== undefined && { targetFpir }),
    ...(population !== undefined && { population }),
  }
  const bar = startProgress('checking')
  try {
    const json = await withEngine(threads, engine =>
      withStation(folder, { ...options, engine, check }, async station => {
        const onProgress = ({ done, left }: { done: number; left: number }) => bar.update(done, done + left)
        const report = await work(station, { signal, onProgress })
        return { ...report, toAdjudicate: status(station).toAdjudicate }
      }),
    )
    return { exitCode: EXIT.DONE, json, text: formatLines(linesOf(json)) }
  } finally {
    bar.stop()
  }
}

function linesOf({
  checked,
  duplicates,
  reviews,
  left,
  toAdjudicate,
}: CheckReport & { readonly toAdjudicate: number }): string[] {
  return [
    `${counted(checked, 'record')} compared with all others: ` +
      `${duplicates} of them match, ${reviews} are to be looked at`,
    ...(left === 0 ? [] : [`${counted(left, 'record')} cannot be compared yet: their templates have not come`]),
    ...(toAdjudicate === 0 ? [] : [`${counted(toAdjudicate, 'case')} for somebody to decide: adjudications`]),
  ]
}

const checkNow = (context: Context, folder: string, options: CheckOptions) =>
  checking(context, folder, options, checkRecords)

const checkAgain = (context: Context, folder: string, options: RecheckOptions) =>
  checking(context, folder, options, (station, asked) =>
    recheck(station, { operator: options.operator, reason: options.reason, ...asked }),
  )

const rateOption = () =>
  new Option('--target-fpir <rate>', 'share of checks of strangers that may end in a case (default: 0.001)').argParser(
    parseRate,
  )

const populationOption = () =>
  optionalCount('--population <n>', 'persons among whom it is decided, where they are more than are here', 1e10)

export function addCheck(station: Command, run: Run): void {
  station
    .command('check')
    .summary('compare records that have come with all others')
    .description(
      'Compares every record that has come and was not compared yet with all persons that the station knows of. A ' +
        'program that keeps the station open does so by itself. What is done stays when it is stopped.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(rateOption())
    .addOption(populationOption())
    .addOption(keyOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(checkNow))
  station
    .command('recheck')
    .summary('compare all records once more')
    .description(
      'Compares all records with all persons once more: at another rate, or by another version of the program. ' +
        'Stopped, it is gone on with by check.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(rateOption())
    .addOption(populationOption())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(checkAgain))
}

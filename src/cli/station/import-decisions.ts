import { type Command, Option } from 'commander'
import { type ImportedDecisions, importDecisions } from '../../station/decide/import-decisions.js'
import { DECISION_FORMATS, type DecisionFormat } from '../../station/decide/rows.js'
import { type Context, Interrupted, type Outcome, type Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { counted, formatCount, formatLines } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption, operatorOption, uncheckedOption } from './options.js'

interface ImportDecisionsOptions extends StationOptions {
  readonly operator: string
  readonly format?: DecisionFormat
  readonly unchecked?: string
}

/** Most refused rows in a text; `--json` has them all. */
const MOST_LINES = 20

async function take(
  context: Context,
  folder: string,
  source: string,
  options: ImportDecisionsOptions,
): Promise<Outcome> {
  const { signal, startProgress } = context
  const { operator, format, unchecked } = options
  const bar = startProgress('decisions')
  try {
    const report = await withStation(folder, options, station =>
      importDecisions(station, source, {
        ...{ operator, signal },
        ...(format && { format }),
        ...(unchecked !== undefined && { unchecked }),
        onProgress: ({ done, total }) => bar.update(done, total),
      }),
    )
    const isDone = report.refused.length === 0
    return { exitCode: isDone ? EXIT.DONE : EXIT.NO_MATCH, json: report, text: formatLines(linesOf(report)) }
  } catch (error) {
    if (!signal.aborted) throw error
    throw new Interrupted('stopped; what was taken stays: import the file again to go on')
  } finally {
    bar.stop()
  }
}

function linesOf({ taken, left, refused, ignored }: ImportedDecisions): string[] {
  const more = refused.length - MOST_LINES
  return [
    `${counted(taken, 'decision')} taken, ${formatCount(left)} stood already, ${formatCount(refused.length)} refused`,
    ...refused.slice(0, MOST_LINES).map(({ line, code, message }) => `  ${line}: ${code}: ${message}`),
    ...(more > 0 ? [`  ... and ${formatCount(more)} more (--json lists all)`] : []),
    ...(ignored.length === 0 ? [] : [`columns that were not read: ${ignored.join(', ')}`]),
  ]
}

export function addImportDecisions(station: Command, run: Run): void {
  station
    .command('import-decisions')
    .summary("take the ministry's decisions from a file")
    .description(
      'Takes decisions from a CSV or JSON file: record or nik, state, duplicate_of, note ' +
        '(docs/station-decisions.md). ' +
        'Safe to repeat. Exit code 1 when a row was refused; the others were taken.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<file>', 'CSV with a head, or a JSON list')
    .addOption(
      new Option('--format <format>', 'what it is (default: by its first character)').choices(DECISION_FORMATS),
    )
    .addOption(uncheckedOption())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(take))
}

import { type Command, InvalidArgumentError, Option } from 'commander'
import { SHARED_FILE_MODE } from '../../node/modes.js'
import { REPORT_TABLES, type ReportTable, reportCsv } from '../../station/print/reports/csv.js'
import { REPORT_LANGUAGES, type ReportLanguage } from '../../station/print/reports/page/texts.js'
import { printReport } from '../../station/print/reports/report.js'
import type { PrintReport } from '../../station/print/reports/types.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { countOption, jsonOption } from '../options.js'
import { checkWritable, writeOutput } from '../output-file.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { saying } from '../stock/options.js'
import { counted, formatCount, formatTable } from '../text.js'
import { parseDocumentFile, writeDocumentTo } from './output.js'

interface ReportCommandOptions extends StationOptions {
  readonly from?: string
  readonly to?: string
  readonly station?: string[]
  readonly utcOffset?: number
  readonly format: 'json' | 'csv' | 'page'
  readonly table: ReportTable
  readonly language: ReportLanguage
  readonly dpi: number
  readonly output?: string
}

async function report(_: Context, folder: string, options: ReportCommandOptions): Promise<Outcome> {
  const { from, to, station: stations, utcOffset, format, output } = options
  if (format === 'page' && output === undefined)
    throw new InvalidArgumentError('--output is missing: report.pdf or report.png')
  if (format === 'page') parseDocumentFile(output!)
  await checkWritable(output)
  const made = await withStation(folder, options, async station =>
    saying(() =>
      printReport(station, {
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(stations && { stations }),
        ...(utcOffset !== undefined && { utcOffsetMinutes: utcOffset }),
      }),
    ),
  )
  const written = await write(made, options)
  if (written === undefined)
    return { exitCode: EXIT.DONE, json: made, text: format === 'csv' ? reportCsv(made, options.table) : summary(made) }
  return { exitCode: EXIT.DONE, json: { files: written }, text: `${written.join(', ')}: ${made.from} to ${made.to}` }
}

/** The names of the files; undefined where it is printed. */
async function write(
  made: PrintReport,
  { format, table, output, language, dpi }: ReportCommandOptions,
): Promise<string[] | undefined> {
  if (output === undefined) return undefined
  if (format === 'page') {
    // Only now: what draws takes a while to load.
    const { reportDocument } = await import('../../station/print/reports/page/document.js')
    return writeDocumentTo(output, reportDocument(made, { language }), dpi, SHARED_FILE_MODE)
  }
  const text = format === 'csv' ? reportCsv(made, table) : `${JSON.stringify(made, undefined, 2)}\n`
  await writeOutput(output, text, SHARED_FILE_MODE)
  return [output]
}

function summary({
  from,
  to,
  queue,
  stock,
  waiting,
  uncertain,
  onTheirWay,
  discrepancies,
  balances,
  stations,
}: PrintReport): string {
  const rows = stations.map(station => {
    const days = queue.filter(day => day.station === station)
    const sum = (name: 'requested' | 'printed' | 'spoiled' | 'handedOver' | 'lettersIssued') =>
      formatCount(days.reduce((total, day) => total + day[name], 0))
    const blanks = stock.filter(row => row.station === station && row.item === 'blank').at(-1)?.available ?? 0
    const oldest = waiting.find(each => each.station === station)?.oldestHours
    return [
      ...[
        station,
        formatCount(blanks),
        formatCount(days.at(-1)!.waiting),
        sum('requested'),
        sum('printed'),
        sum('spoiled'),
      ],
      ...[sum('handedOver'), sum('lettersIssued'), oldest === undefined ? '-' : (oldest / 24).toFixed(1)],
    ]
  })
  const headings = [
    'station',
    'blanks',
    'waiting',
    'requested',
    'printed',
    'spoiled',
    'handed over',
    'letters',
    'oldest, days',
  ]
  return [
    `${from} to ${to}`,
    formatTable([headings, ...rows], [1, 2, 3, 4, 5, 6, 7, 8]),
    balances ? 'the books add up' : 'THE BOOKS DO NOT ADD UP: see reconciliation',
    ...onTheirWay.map(
      ({ from, to, shipment, cards, since }) =>
        `on the way: ${counted(cards, 'card')} of ${shipment}, ${from} to ${to}, since ${since}`,
    ),
    `${counted(uncertain.length, 'uncertain card')}, ${counted(discrepancies.length, 'discrepancy', 'discrepancies')}`,
  ].join('\n')
}

function parseOffset(text: string): number {
  const minutes = Number(text)
  if (/^[+-]?\d+$/.test(text) && minutes >= -720 && minutes <= 840) return minutes
  throw new InvalidArgumentError('It is not minutes from -720 to 840: 420 is UTC+7.')
}

export function addReport(print: Command, run: Run): void {
  print
    .command('report')
    .summary('stock and queue day by day, as a table or a page to publish')
    .description(
      'Reports on stock and queue day by day, whether the books add up, and how long people waited, of this station and those below. No personal data. ' +
        'csv is one of four tables; page is a sheet of A4 in black and white.',
    )
    .argument('<folder>', "the station's folder")
    .option('--from <day>', 'first day (default: 29 days before the last)')
    .option('--to <day>', 'last day (default: today)')
    .option('--station <id...>', 'of these stations (default: all)')
    .addOption(new Option('--utc-offset <minutes>', "what days go by (default: the machine's)").argParser(parseOffset))
    .addOption(new Option('--format <format>', 'what to make').choices(['json', 'csv', 'page']).default('json'))
    .addOption(new Option('--table <name>', 'of csv').choices(REPORT_TABLES).default('queue'))
    .addOption(new Option('--language <code>', 'of the page').choices(REPORT_LANGUAGES).default('en'))
    .addOption(countOption('--dpi <n>', 'of a page as PNG', 1_200, 150))
    .option('-o, --output <file>', 'file to write; a page needs one: report.pdf or report.png')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(report))
}

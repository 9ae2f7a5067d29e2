import { randomBytes } from 'node:crypto'
import { type Command, Option } from 'commander'
import { printCards } from '../../station/print/print-cards.js'
import { recoverPrinting } from '../../station/print/recover.js'
import type { PrintResult, RenderCard } from '../../station/print/run-types.js'
import { type Context, Interrupted, type Outcome, type Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption, optionalCount } from '../options.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { parseName } from '../stock/options.js'
import { counted, formatLines } from '../text.js'
import { policyOption, templateOption } from './options.js'
import { type PrinterPlace, parsePrinter, printerAt } from './printer.js'
import { readPolicyFile, readTemplateFile } from './settings.js'

interface RunOptions extends StationOptions {
  readonly printer: PrinterPlace
  readonly name?: string
  readonly limit?: number
  readonly policy?: string
  readonly template?: string
}

async function print(context: Context, folder: string, options: RunOptions): Promise<Outcome> {
  const { signal, startProgress } = context
  const { limit, name } = options
  const policy = await readPolicyFile(options.policy)
  const render = await renderer(options.template)
  const printer = await printerAt(options.printer, name)
  const bar = startProgress('printing')
  try {
    return await withStation(folder, options, async station => {
      const { released } = recoverPrinting(station)
      const result = await printCards(station, {
        ...{ printer, render, signal },
        ...(policy && { policy }),
        ...(limit !== undefined && { limit }),
        onProgress: ({ done, total }) => bar.update(done, total),
      })
      if (signal.aborted) throw new Interrupted([`stopped; ${said(result)}`, ...uncertainLines(result)].join('; '))
      const json = { released: released.map(({ job }) => job), ...result }
      const isDone = result.uncertain.length === 0 && result.notPrinted.length === 0
      return { exitCode: isDone ? EXIT.DONE : EXIT.NO_MATCH, json, text: formatLines(linesOf(result, released.length)) }
    })
  } finally {
    bar.stop()
    await printer.close?.()
  }
}

/** Each document has a title of its own, which is its name in queues and folders: no personal data, and never the same twice. */
async function renderer(templateFile: string | undefined): Promise<RenderCard> {
  const template = await readTemplateFile(templateFile)
  const { cardContent } = await import('../../station/print/render/read-content.js')
  const { cardDocument } = await import('../../station/print/render/documents.js')
  return async (station, record, blank) => {
    const document = await cardDocument(cardContent(station, record, blank), template && { template })
    return { ...document, title: `${record}-${randomBytes(4).toString('hex')}` }
  }
}

const said = ({ printed, waits }: PrintResult) => `${counted(printed.length, 'card')} printed, ${waits.length} wait`

function linesOf(result: PrintResult, released: number): string[] {
  return [
    ...(released > 0 ? [`${counted(released, 'blank')} of a run that ended early, never sent: available again`] : []),
    said(result),
    ...result.notPrinted.map(({ record, code, message }) => `  not printed: ${record}: ${code}: ${message}`),
    ...uncertainLines(result).map(line => `  ${line}`),
    ...(result.stopped ? [`stopped: ${result.stopped.code}: ${result.stopped.message}`] : []),
  ]
}

function uncertainLines({ uncertain }: PrintResult): string[] {
  return uncertain.map(
    ({ job, code }) => `card ${job} is uncertain (${code}): look at the tray, and say what is there (print resolve)`,
  )
}

export function addRun(print_: Command, run: Run): void {
  print_
    .command('run')
    .summary('print what plan says')
    .description(
      'Prints cards one by one: a blank set aside, sent, confirmed, each on the disk before the next. A card of which the printer does not say what ' +
        'became of it is uncertain: nothing prints it again before somebody has looked (print resolve). The same is true of a card that is being ' +
        'printed when this is stopped by Ctrl-C. Exit code 1 when a card is uncertain, or was not printed.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(
      new Option('--printer <place>', 'file:DIR, cups:QUEUE or cups:QUEUE@HOST:PORT')
        .argParser(parsePrinter)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--name <printer>', "in the books (default: file, or the queue's)").argParser(parseName))
    .addOption(optionalCount('--limit <n>', 'most cards', 1_000_000))
    .addOption(policyOption())
    .addOption(templateOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(print))
}

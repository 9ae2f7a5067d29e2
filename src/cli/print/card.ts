import type { Command } from 'commander'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { countOption, jsonOption } from '../options.js'
import { checkWritable } from '../output-file.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption } from '../station/options.js'
import { wholeId } from '../station/whole-id.js'
import { formatLines } from '../text.js'
import { templateOption } from './options.js'
import { parseDocumentFile, writeDocumentTo } from './output.js'
import { readTemplateFile } from './settings.js'

interface CardOptions extends StationOptions {
  readonly output: string
  readonly dpi: number
  readonly template?: string
}

async function draw(_: Context, folder: string, record: string, options: CardOptions): Promise<Outcome> {
  const { output, dpi } = options
  await checkWritable(output)
  const template = await readTemplateFile(options.template)
  // Only now: what draws takes a while to load.
  const { cardContent } = await import('../../station/print/render/read-content.js')
  const { cardDocument } = await import('../../station/print/render/documents.js')
  const content = await withStation(folder, options, async station =>
    cardContent(station, wholeId(station, 'record', record)),
  )
  const document = await cardDocument(content, template && { template })
  const files = await writeDocumentTo(output, document, dpi)
  const problems = document.problems.map(({ code, message }) => `  ${code}: ${message}`)
  return {
    exitCode: EXIT.DONE,
    json: { files, problems: document.problems },
    text: formatLines([`${files.join(', ')}: to look at; no blank was used`, ...problems]),
  }
}

export function addCard(print: Command, run: Run): void {
  print
    .command('card')
    .summary('draw a card into a file, to look at')
    .description('Draws the card of a record into a file: personal data. No blank is used, and nothing is recorded.')
    .argument('<folder>', "the station's folder")
    .argument('<record>', 'its id, or the beginning of it')
    .requiredOption('-o, --output <file>', 'card.pdf, or card.png and card-2.png for the back', parseDocumentFile)
    .addOption(countOption('--dpi <n>', 'of PNG', 1_200, 300))
    .addOption(templateOption())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(draw))
}

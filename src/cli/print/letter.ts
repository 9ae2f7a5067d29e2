import { type Command, InvalidArgumentError, Option } from 'commander'
import { issueLetter } from '../../station/print/letters/issue.js'
import { letters } from '../../station/print/letters/read.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { countOption, jsonOption } from '../options.js'
import { checkWritable } from '../output-file.js'
import { type StationOptions, withStation } from '../station/folder.js'
import { keyOption, operatorOption } from '../station/options.js'
import { wholeId } from '../station/whole-id.js'
import { saying } from '../stock/options.js'
import { formatLines } from '../text.js'
import { templateOption } from './options.js'
import { parseDocumentFile, writeDocumentTo } from './output.js'
import { readOfficeFile, readTemplateFile } from './settings.js'

interface LetterOptions extends StationOptions {
  readonly operator: string
  readonly number?: string
  readonly until?: string
  readonly office: string
  readonly output: string
  readonly dpi: number
  readonly template?: string
}

async function issue(_: Context, folder: string, given: string, options: LetterOptions): Promise<Outcome> {
  const { operator, number, until, output, dpi } = options
  await checkWritable(output)
  const office = await readOfficeFile(options.office)
  const template = await readTemplateFile(options.template)
  const { letterContent } = await import('../../station/print/render/read-content.js')
  const { letterDocument } = await import('../../station/print/render/documents.js')
  const { issued, content } = await withStation(folder, options, async station => {
    const record = wholeId(station, 'record', given)
    const issued = saying(() =>
      issueLetter(station, {
        ...{ record, operator },
        ...(number !== undefined && { number }),
        ...(until !== undefined && { until }),
      }),
    )
    const { issuedAt } = letters(station, { record }).find(({ letter }) => letter === issued.letter)!
    return { issued, content: letterContent(station, { ...issued, record, issuedAt }, { office }) }
  })
  const document = await letterDocument(content, template && { template })
  const files = await writeDocumentTo(output, document, dpi)
  const { verification: _v, ...shown } = issued
  return {
    exitCode: EXIT.DONE,
    json: { ...shown, files, problems: document.problems },
    text: formatLines([
      `${files.join(', ')}: letter ${issued.number} (${issued.letter}), valid until ${issued.until}`,
      ...document.problems.map(({ code, message }) => `  ${code}: ${message}`),
    ]),
  }
}

function parseDay(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new InvalidArgumentError("It is no day, as '2017-04-10' is one.")
}

export function addLetter(print: Command, run: Run): void {
  print
    .command('letter')
    .summary('issue a letter that stands in for a card')
    .description(
      'Issues a temporary letter and draws it: for a person who is recorded and has no card, while there are no blanks. Refused otherwise. It is ' +
        'revoked by itself when the card is printed.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<record>', 'its id, or the beginning of it')
    .requiredOption('-o, --output <file>', 'letter.pdf or letter.png', parseDocumentFile)
    .requiredOption('--office <json>', 'file: name, regency, place, signer, signerTitle, address?, signerNumber?')
    .option('--number <text>', "of the letter (default: the office's next)")
    .addOption(new Option('--until <day>', 'last day that it is valid, six months at most').argParser(parseDay))
    .addOption(countOption('--dpi <n>', 'of PNG', 1_200, 300))
    .addOption(templateOption())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(issue))
}

import type { Command } from 'commander'
import { contentsOf } from '../convert/contents.js'
import { type PrintDocument, readCardDocument, readDocument } from '../convert/document.js'
import { chosenPrint, type Print, printsOf } from '../convert/prints.js'
import { SidikError } from '../errors.js'
import type { Deviation } from '../formats/deviation.js'
import type { CardSize } from '../formats/minutiae/iso19794-2-2005-card.js'
import { encodeImage } from '../image/encode-image.js'
import { namingFile } from '../node/naming-file.js'
import { readPrintFile } from '../node/read-file.js'
import { renderMinutiae } from '../render/overlay.js'
import { decodeTemplate } from '../template/native.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { cardOption, jsonOption, ppiOption, printOption } from './options.js'
import { checkWritable, writeOutput } from './output-file.js'
import { counted } from './text.js'
import { treeLines, withoutBytes } from './tree.js'

interface InspectOptions {
  readonly png?: string
  readonly print?: number
  readonly card?: CardSize
  readonly ppi?: number
}

/** The image of a print, or its minutiae on a blank sheet. */
async function picture({ image, template }: Print, ppi: number | undefined): Promise<Uint8Array> {
  if (image !== undefined) return encodeImage(await image(ppi), 'png')
  const { widthPx, heightPx, minutiae } = decodeTemplate(template!())
  return renderMinutiae({ widthPx, heightPx }, minutiae)
}

/** The prints, or what keeps them from being read: the fields can be shown all the same. */
function readable(document: PrintDocument): { prints: Print[]; problem?: Deviation } {
  try {
    return { prints: printsOf(document, { onDeviation: () => {} }) }
  } catch (error) {
    if (!(error instanceof SidikError)) throw error
    return { prints: [], problem: { field: 'prints', offset: 0, message: `cannot be read: ${error.message}` } }
  }
}

async function inspect(_: Context, file: string, options: InspectOptions): Promise<Outcome> {
  const { png, print, ppi, card } = options
  await checkWritable(png)
  const bytes = await readPrintFile(file)
  return namingFile(file, async () => {
    const deviations: Deviation[] = []
    const onDeviation = (deviation: Deviation) => deviations.push(deviation)
    const read = { onDeviation }
    const document = card === undefined ? readDocument(bytes, read) : readCardDocument(bytes, card, read)
    const { title, fields, words } = await contentsOf(document, { onDeviation })
    const { prints, problem } = readable(document)
    if (problem !== undefined) deviations.push(problem)
    if (png !== undefined) await writeOutput(png, await picture(chosenPrint(prints, print), ppi))
    const names = prints.map(({ name }) => name)
    const text = [
      `${file}: ${title}, ${counted(bytes.length, 'byte')}`,
      ...deviations.map(({ field, offset, message }) => `  deviates: ${field} (offset ${offset}) ${message}`),
      ...treeLines(fields, words),
      ...(names.length > 1
        ? [`  ${counted(names.length, 'print')}:`, ...names.map((name, i) => `    ${i + 1} ${name}`)]
        : []),
      ...(png === undefined ? [] : [`  picture: ${png}`]),
    ].join('\n')
    const json = {
      file,
      kind: document.kind,
      title,
      deviations,
      prints: names,
      fields: withoutBytes(fields),
      written: { png },
    }
    return { exitCode: EXIT.DONE, json, text }
  })
}

export function addInspect(program: Command, run: Run): void {
  program
    .command('inspect')
    .summary('show what a file of prints or minutiae holds')
    .description(
      'Says what a file is, lists its fields, and what in it deviates from its standard: an image, a template, its JSON, a minutiae ' +
        'record (ISO/IEC 19794-2, ANSI 378), a finger image record (ISO/IEC 19794-4, ANSI 381), an ANSI/NIST-ITL transaction, CBEFF XML.',
    )
    .argument('<file>')
    .option('--png <file>', 'write a picture of its print, or of its minutiae')
    .addOption(printOption())
    .addOption(cardOption())
    .addOption(ppiOption())
    .addOption(jsonOption())
    .action(run(inspect))
}

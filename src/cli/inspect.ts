import type { Command } from 'commander'
import { contentsOf } from '../convert/contents.js'
import { readCardDocument, readDocument } from '../convert/document.js'
import { chosenPrint, type Print, printsOf } from '../convert/prints.js'
import { SidikError } from '../errors.js'
import type { Deviation, ReadOptions } from '../formats/deviation.js'
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

/** Most deviations, and most damages, that a text lists; `--json` has them all. */
const MOST_LISTED = 50

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

/** What is wrong with a file: what deviates from its standard, and what is damaged. */
interface Found {
  readonly deviations: Deviation[]
  readonly damages: Deviation[]
}

/** What `read` gives; undefined, and among the damages, where that cannot be read: all else can be shown. */
async function ifReadable<T>(field: string, { damages }: Found, read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof SidikError)) throw error
    damages.push({ field, offset: 0, message: `cannot be read: ${error.message}` })
    return undefined
  }
}

/**
 * Writes the picture of one print. Damage is not drawn: the file is read anew, as strictly as by `sidik convert`.
 *
 * @returns whether there is a picture; where damage is listed it may be missing
 */
async function draw(png: string, bytes: Uint8Array, found: Found, prints: readonly Print[], options: InspectOptions) {
  const { print, ppi, card } = options
  const write = async (from: readonly Print[]) => writeOutput(png, await picture(chosenPrint(from, print), ppi))
  if (found.damages.length === 0) {
    await write(prints)
    return true
  }
  const drawn = await ifReadable('picture', found, async () => {
    const read = { onDeviation: () => {} }
    await write(printsOf(card === undefined ? readDocument(bytes, read) : readCardDocument(bytes, card, read), read))
    return true
  })
  return drawn === true
}

async function inspect(_: Context, file: string, options: InspectOptions): Promise<Outcome> {
  const { png, card } = options
  await checkWritable(png)
  const bytes = await readPrintFile(file)
  return namingFile(file, async () => {
    const found: Found = { deviations: [], damages: [] }
    const { deviations, damages } = found
    const read: ReadOptions = {
      onDeviation: deviation => deviations.push(deviation),
      onDamage: damage => damages.push(damage),
    }
    const document = card === undefined ? readDocument(bytes, read) : readCardDocument(bytes, card, read)
    const { title, fields, words } = await contentsOf(document, read)
    const prints = (await ifReadable('prints', found, () => printsOf(document, read))) ?? []
    const isDrawn = png !== undefined && (await draw(png, bytes, found, prints, options))
    const names = prints.map(({ name }) => name)
    const lines = (what: string, list: readonly Deviation[]) =>
      list
        .slice(0, MOST_LISTED)
        .map(({ field, offset, message }) => `  ${what}: ${field} (offset ${offset}) ${message}`)
    const left = Math.max(0, damages.length - MOST_LISTED) + Math.max(0, deviations.length - MOST_LISTED)
    const text = [
      `${file}: ${title}, ${counted(bytes.length, 'byte')}`,
      ...lines('damaged', damages),
      ...lines('deviates', deviations),
      ...(left > 0 ? [`  ... and ${left} more (--json lists all)`] : []),
      ...treeLines(fields, words),
      ...(names.length > 1
        ? [`  ${counted(names.length, 'print')}:`, ...names.map((name, i) => `    ${i + 1} ${name}`)]
        : []),
      ...(isDrawn ? [`  picture: ${png}`] : []),
    ].join('\n')
    const json = {
      file,
      kind: document.kind,
      title,
      deviations,
      damages,
      prints: names,
      fields: withoutBytes(fields),
      written: { png: isDrawn ? png : undefined },
    }
    const isSound = deviations.length === 0 && damages.length === 0
    return { exitCode: isSound ? EXIT.DONE : EXIT.BAD_INPUT, json, text }
  })
}

export function addInspect(program: Command, run: Run): void {
  program
    .command('inspect')
    .summary('show what a file of prints or minutiae holds')
    .description(
      'Says what a file is, lists its fields, and what in it deviates from its standard: an image, a template, its JSON, a minutiae ' +
        'record (ISO/IEC 19794-2, ANSI 378), a finger image record (ISO/IEC 19794-4, ANSI 381), ' +
        'an ANSI/NIST-ITL transaction, CBEFF XML. ' +
        'Shows what can be read of a damaged record. ' +
        'Exit code 3: something deviates or is damaged, or nothing can be read.',
    )
    .argument('<file>')
    .option('--png <file>', 'write a picture of its print, or of its minutiae')
    .addOption(printOption())
    .addOption(cardOption())
    .addOption(ppiOption())
    .addOption(jsonOption())
    .action(run(inspect))
}

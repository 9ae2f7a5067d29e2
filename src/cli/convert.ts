import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { convertPrint } from '../convert/convert.js'
import { readCardDocument, readDocument } from '../convert/document.js'
import { chosenPrint, printsOf } from '../convert/prints.js'
import { isImageRecordTarget, isImageTarget, TARGETS, type Target, targetOfName } from '../convert/targets.js'
import { SidikError } from '../errors.js'
import type { Deviation } from '../formats/deviation.js'
import type { ImageCompression } from '../formats/images/compressions.js'
import type { CardSize } from '../formats/minutiae/iso19794-2-2005-card.js'
import { namingFile } from '../node/naming-file.js'
import { readPrintFile } from '../node/read-file.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import {
  bitRateOption,
  cardOption,
  classicalOption,
  jsonOption,
  optionalCount,
  ppiOption,
  printOption,
} from './options.js'
import { checkWritable, writeOutput } from './output-file.js'
import { counted } from './text.js'
import { withEngine } from './with-engine.js'

interface ConvertOptions {
  readonly to?: Target
  readonly print?: number
  readonly card?: CardSize
  readonly position?: number
  readonly ppi?: number
  readonly compression?: ImageCompression
  readonly bitRate?: number
  readonly maxMinutiae?: number
  readonly classical?: boolean
}

const COMPRESSIONS = ['raw', 'png', 'wsq', 'jpeg', 'jpeg2000', 'jpeg2000-lossy', 'jpeg2000-lossless']

function targetOf(path: string, to: Target | undefined): Target {
  const target = to ?? targetOfName(path)
  if (target !== undefined) return target
  throw new SidikError(
    'TARGET_UNKNOWN',
    `${path} does not say what it is to be: give --to, one of ${TARGETS.join(', ')}`,
  )
}

/** The options that only some targets have a place for. */
const USED_BY: Readonly<Record<string, (target: Target, options: ConvertOptions) => boolean>> = {
  compression: isImageRecordTarget,
  bitRate: (target, { compression }) => target === 'wsq' || (isImageRecordTarget(target) && compression === 'wsq'),
  maxMinutiae: target => isRecordOfMinutiae(target),
  position: target => !isImageTarget(target),
  classical: target => isRecordOfMinutiae(target) || target.startsWith('template'),
}

const isRecordOfMinutiae = (target: Target) =>
  !isImageTarget(target) && !isImageRecordTarget(target) && !target.startsWith('template')

/** @throws InvalidArgumentError for an option that would be of no effect */
function checkUse(target: Target, options: ConvertOptions): void {
  for (const [name, isUsed] of Object.entries(USED_BY)) {
    if (options[name as keyof ConvertOptions] === undefined || isUsed(target, options)) continue
    const flag = `--${name.replace(/[A-Z]/, letter => `-${letter.toLowerCase()}`)}`
    throw new InvalidArgumentError(`${flag} is of no effect on ${target}`)
  }
}

async function convert({ signal }: Context, from: string, to: string, options: ConvertOptions): Promise<Outcome> {
  const target = targetOf(to, options.to)
  checkUse(target, options)
  await checkWritable(to)
  const bytes = await readPrintFile(from)
  const { print: number, card, position: fingerPosition, ppi, compression, bitRate, maxMinutiae, classical } = options
  const deviations: Deviation[] = []
  const onDeviation = (deviation: Deviation) => deviations.push(deviation)
  const converted = await namingFile(from, () =>
    withEngine(1, async engine => {
      const read = { onDeviation }
      const document = card === undefined ? readDocument(bytes, read) : readCardDocument(bytes, card, read)
      const print = chosenPrint(printsOf(document, read), number)
      const extract = async (image: Parameters<typeof engine.extract>[0]) =>
        (await engine.extract(image, { signal, ...(classical !== undefined && { classical }) })).template
      const made = await convertPrint(print, target, {
        ...{ fingerPosition, ppi, compression, bitRate, maxMinutiae, extract },
      })
      return { ...made, name: print.name }
    }),
  )
  signal.throwIfAborted()
  await writeOutput(to, converted.bytes)
  const text = [
    `${to}: ${converted.name} of ${from} as ${target}, ${counted(converted.bytes.length, 'byte')}`,
    ...deviations.map(({ field, offset, message }) => `  ${from} deviates: ${field} (offset ${offset}) ${message}`),
    ...converted.losses.map(loss => `  lost: ${loss}`),
  ].join('\n')
  const json = {
    ...{ from, to, target, print: converted.name, bytes: converted.bytes.length, losses: converted.losses, deviations },
  }
  return { exitCode: EXIT.DONE, json, text }
}

export function addConvert(program: Command, run: Run): void {
  program
    .command('convert')
    .summary('turn a print into another format')
    .description(
      'Reads whatever `sidik inspect` knows and writes one print of it in another format. The minutiae of an image are found first ' +
        'where minutiae are asked for. The name of the output says the format (.png .jpg .jp2 .wsq .pgm .sdkt .json), or --to does.',
    )
    .argument('<in>')
    .argument('<out>')
    .addOption(new Option('--to <format>', 'format of the output').choices(TARGETS))
    .addOption(printOption())
    .addOption(cardOption())
    .addOption(optionalCount('--position <n>', 'finger position to state, 1 right thumb to 10 left little finger', 10))
    .addOption(ppiOption())
    .addOption(new Option('--compression <name>', 'of an image in a record (default: png)').choices(COMPRESSIONS))
    .addOption(bitRateOption())
    .addOption(optionalCount('--max-minutiae <n>', 'leave out the least of the minutiae beyond so many', 255))
    .addOption(classicalOption())
    .addOption(jsonOption())
    .action(run(convert))
}

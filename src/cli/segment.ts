import { type Command, InvalidArgumentError, Option } from 'commander'
import type { SlapProblemCode } from '../capture/slap/problems.js'
import { type CardFinger, segmentTenPrintCard } from '../capture/slap/segment-card.js'
import { type SlapFinger, type SlapSegmentation, segmentSlap } from '../capture/slap/segment-slap.js'
import { SLAP_CODES, type SlapName } from '../capture/slap/slaps.js'
import { readDocument } from '../convert/document.js'
import { chosenPrint, type Print, printsOf } from '../convert/prints.js'
import { SidikError } from '../errors.js'
import type { Deviation } from '../formats/deviation.js'
import { FRICTION_RIDGE_POSITIONS } from '../formats/finger-positions.js'
import { encodeImage } from '../image/encode-image.js'
import { namingFile } from '../node/naming-file.js'
import { readPrintFile } from '../node/read-file.js'
import { renderBoxes } from '../render/boxes.js'
import type { GrayImage } from '../types.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { jsonOption, ppiOption, printOption } from './options.js'
import { checkWritable, writeOutput } from './output-file.js'
import { writeFiles } from './output-folder.js'
import { counted } from './text.js'

interface SegmentOptions {
  readonly hand?: SlapName
  readonly missing?: readonly number[]
  readonly tenPrint?: boolean
  readonly output?: string
  readonly overlay?: string
  readonly print?: number
  readonly ppi?: number
}

/** What was found: in a slap, or on a card, which has no hand and does not lean. */
interface Found extends Pick<SlapSegmentation, 'slap' | 'problems'> {
  readonly rotationRad?: number
  readonly fingers: readonly (SlapFinger & Partial<CardFinger>)[]
}

/** After these it is not sure which finger is which, even where the caller named the hand. */
const UNSURE: readonly SlapProblemCode[] = [
  'no-finger',
  'wrong-count',
  'hand-mismatch',
  'hand-unsure',
  'rotated-too-far',
]

const DEGREES = 180 / Math.PI

async function segment({ signal }: Context, file: string, options: SegmentOptions): Promise<Outcome> {
  const { output, overlay } = options
  await checkWritable(overlay)
  const bytes = await readPrintFile(file)
  return namingFile(file, async () => {
    const deviations: Deviation[] = []
    const read = { onDeviation: (deviation: Deviation) => deviations.push(deviation) }
    const print = chosenPrint(printsOf(readDocument(bytes, read), read), options.print)
    if (print.image === undefined) throw new SidikError('NO_IMAGE', `${print.name} has minutiae and no image`)
    const missing = options.missing ?? print.missing ?? []
    const hand = options.tenPrint ? undefined : handOf(print, options.hand)
    checkMissing(hand, missing)
    const image = await print.image(options.ppi)
    const found: Found = options.tenPrint ? cardOf(image, missing) : segmentSlap(image, { hand, missing })
    const isSure =
      found.fingers.every(({ position }) => position !== undefined) &&
      !found.problems.some(({ code }) => UNSURE.includes(code))
    const names = found.fingers.map((finger, i) => (isSure ? fileName(finger) : `finger-${i + 1}.png`))
    const files = new Map<string, Uint8Array>()
    if (output !== undefined && isSure) {
      for (const [i, finger] of found.fingers.entries()) files.set(names[i], await encodeImage(finger.image, 'png'))
    }
    const picture = overlay === undefined ? undefined : await overlayOf(image, found)
    signal.throwIfAborted()
    if (output !== undefined && files.size > 0) await writeFiles(output, files, signal)
    if (overlay !== undefined && picture !== undefined) await writeOutput(overlay, picture)
    const text = [
      `${file}: ${print.name}, ${slapWords(found)}`,
      ...deviations.map(({ field, offset, message }) => `  deviates: ${field} (offset ${offset}) ${message}`),
      ...found.fingers.map(finger => `  ${fingerLine(finger)}`),
      ...found.problems.map(({ message }) => `  ${message}`),
      ...(files.size > 0 ? [`  written: ${counted(files.size, 'file')} in ${output}`] : []),
      ...(output !== undefined && files.size === 0 ? ['  no finger is written'] : []),
      ...(overlay === undefined ? [] : [`  overlay: ${overlay}`]),
    ].join('\n')
    const fingers = found.fingers.map(({ image: { widthPx, heightPx, ppi }, ...rest }, i) => ({
      ...rest,
      ...{ widthPx, heightPx, ppi },
      ...(files.size > 0 && { file: names[i] }),
    }))
    const json = { file, print: print.name, ...found, deviations, fingers, written: { output, overlay } }
    return { exitCode: isSure ? EXIT.DONE : EXIT.NO_MATCH, json, text }
  })
}

/** The slap that was named, or that the file states; undefined where neither does. */
function handOf({ fingerPosition, name }: Print, named: SlapName | undefined): number | undefined {
  const stated = fingerPosition === 0 ? undefined : fingerPosition
  if (stated !== undefined && FRICTION_RIDGE_POSITIONS.get(stated)?.fingers.length === 0) {
    throw new SidikError('NOT_ONE_FINGER', `${name} shows no fingers that can be told apart`)
  }
  if (named === undefined) return stated
  if (stated === undefined || stated === SLAP_CODES[named]) return SLAP_CODES[named]
  throw new InvalidArgumentError(`--hand ${named} contradicts the file, which says ${name}`)
}

function checkMissing(hand: number | undefined, missing: readonly number[]): void {
  if (hand === undefined) return
  if (!FRICTION_RIDGE_POSITIONS.get(hand)!.fingers.every(position => missing.includes(position))) return
  throw new InvalidArgumentError('--missing lists every finger of the slap')
}

/** @throws SidikError IMAGE_FORMAT for an image of another size than the card's */
function cardOf(image: GrayImage, missing: readonly number[]): Found {
  try {
    return segmentTenPrintCard(image, { missing })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new SidikError('IMAGE_FORMAT', error.message, { cause: error })
  }
}

/** '2-right-index-finger.png', of a card '2-right-index-finger-rolled.png'. */
function fileName({ position = 0, impression }: Found['fingers'][number]): string {
  const name = FRICTION_RIDGE_POSITIONS.get(position)!.name.replaceAll(' ', '-')
  return `${position}-${name}${impression === undefined ? '' : `-${impression}`}.png`
}

function slapWords({ slap, fingers, rotationRad }: Found): string {
  const leaning = rotationRad === undefined ? '' : `, leaning by ${(rotationRad * DEGREES).toFixed(1)} degrees`
  const found = counted(fingers.length, 'finger')
  if (slap === undefined || slap.by === 'stated') return found + leaning
  const name = FRICTION_RIDGE_POSITIONS.get(slap.code)!.name
  return `${found}: ${name} by how they lie, sure to ${Math.floor(slap.certainty * 100)} %${leaning}`
}

function fingerLine({ position, impression, box, ridgeAreaMm2 }: Found['fingers'][number]): string {
  const known =
    position === undefined ? 'unknown finger' : `${position} ${FRICTION_RIDGE_POSITIONS.get(position)!.name}`
  const name = impression === undefined ? known : `${known}, ${impression}`
  const place = `middle ${Math.round(box.xPx)}, ${Math.round(box.yPx)}`
  const turned = `turned by ${(box.rotationRad * DEGREES).toFixed(1)} degrees`
  return `${name}: ${box.widthPx} x ${box.heightPx} px, ${place}, ${turned}, ridges on ${Math.round(ridgeAreaMm2)} mm2`
}

function overlayOf(image: GrayImage, { fingers, problems }: Found): Promise<Uint8Array> {
  const boxes = fingers.map(({ position, box }) => ({
    corners: box.corners,
    label: position === undefined ? 'unknown' : String(position),
  }))
  return renderBoxes(
    image,
    boxes,
    problems.map(({ code }) => code.replaceAll('-', ' ')),
  )
}

function parseMissing(text: string): readonly number[] {
  const positions = text.split(',').map(part => (/^\s*\d+\s*$/.test(part) ? Number(part) : 0))
  const isList = positions.every((one, i) => one >= 1 && one <= 10 && positions.indexOf(one) === i)
  if (isList) return positions
  throw new InvalidArgumentError('It is not a list of finger positions from 1 to 10, such as 7,8.')
}

export function addSegment(program: Command, run: Run): void {
  program
    .command('segment')
    .summary('cut a slap of several fingers into single ones')
    .description(
      'Finds the fingers of a slap, says which they are and what is wrong with it, and writes each upright. The hand need not be named where ' +
        'the file states it, or where all four fingers are there. Without the right number of fingers nothing is written but the overlay.',
    )
    .argument('<slap>')
    .addOption(new Option('--hand <name>', 'which fingers were laid down').choices(Object.keys(SLAP_CODES)))
    .addOption(
      new Option('--missing <positions>', 'fingers that the person lacks, such as 7,8').argParser(parseMissing),
    )
    .addOption(
      new Option('--ten-print', 'the image is a card FD-249, or the five inches of it with prints').conflicts('hand'),
    )
    .option('-o, --output <folder>', 'write a PNG of each finger')
    .option('--overlay <file>', 'write a PNG of the slap with the boxes and positions')
    .addOption(printOption())
    .addOption(ppiOption())
    .addOption(jsonOption())
    .action(run(segment))
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SidikError } from '../errors.js'
import { loadSharp } from '../image/load-sharp.js'
import { makeFolders } from '../node/make-folders.js'
import type { GrayImage } from '../types.js'
import { synthesizeImpression } from './impression.js'
import { requireIndex, synthesizeFinger } from './master.js'
import type { SensorName } from './sensors.js'
import type { ImpressionTruth } from './truth.js'

/** Fingers are numbered from here, as in the databases of the Fingerprint Verification Competitions. */
const FIRST_FINGER = 101

export interface SyntheticSetOptions {
  /** How many fingers: 1 or more. */
  readonly fingers: number
  /** Impressions of each finger: 1 or more. */
  readonly impressions: number
  /** Of the population: an integer from 0 to 2^32 - 1. */
  readonly seed: number
  /** Also write what an extractor should find, in a folder `truth` inside. Off unless asked for. */
  readonly truth?: boolean
  /** See ImpressionOptions. */
  readonly clean?: boolean
  /** The sensor of every impression; otherwise each draws one. */
  readonly sensor?: SensorName
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/**
 * Writes `<finger>_<impression>.png` (8-bit gray, 500 ppi), fingers from 101 and impressions from 1, into `directory`,
 * which is made if it is missing. Finger 101 is the population's finger 1. With `truth`, for each also
 * `truth/<finger>_<impression>.json` (see truthJson), `.ridges.png` and `.contact.png`.
 *
 * @throws RangeError for a count below 1 or a bad seed; SidikError FILE_UNWRITABLE; the signal's reason when aborted
 */
export async function writeSyntheticSet(directory: string, options: SyntheticSetOptions): Promise<void> {
  requireCount('fingers', options.fingers)
  requireCount('impressions', options.impressions)
  requireIndex('seed', options.seed)
  const { clean = false, sensor, signal } = options
  const total = options.fingers * options.impressions
  const truthDirectory = join(directory, 'truth')
  await writing(directory, () => makeFolders(options.truth ? truthDirectory : directory))
  for (let finger = 1, done = 0; finger <= options.fingers; finger++) {
    signal?.throwIfAborted()
    const master = synthesizeFinger(options.seed, finger)
    for (let index = 1; index <= options.impressions; index++) {
      signal?.throwIfAborted()
      const impression = synthesizeImpression(master, index, sensor ? { clean, sensor } : { clean })
      const name = `${FIRST_FINGER - 1 + finger}_${index}`
      await writePng(join(directory, `${name}.png`), impression.image)
      if (options.truth) {
        const path = join(truthDirectory, name)
        await writing(`${path}.json`, () => writeFile(`${path}.json`, truthJson(impression.truth)))
        await writePng(`${path}.ridges.png`, impression.truth.ridges)
        await writePng(`${path}.contact.png`, impression.truth.contact)
      }
      options.onProgress?.(++done, total)
    }
  }
}

/**
 * `{ minutiae: [{ xPx, yPx, directionRad, type }], orientation: { cellPx, columns, rows, orientationsRad } }`, the last
 * row by row with null where there is no contact; lengths to 1/100 px, angles to 1/10,000 rad.
 */
export function truthJson(truth: ImpressionTruth): string {
  const round = (value: number, digits: number) => Number(value.toFixed(digits))
  const minutiae = truth.minutiae.map(minutia => ({
    xPx: round(minutia.xPx, 2),
    yPx: round(minutia.yPx, 2),
    directionRad: round(minutia.directionRad, 4),
    type: minutia.type,
  }))
  // JSON has no NaN: stringify writes null.
  const orientationsRad = Array.from(truth.orientation.orientationsRad, value => round(value, 4))
  return `${JSON.stringify({ minutiae, orientation: { ...truth.orientation, orientationsRad } })}\n`
}

async function writePng(path: string, image: GrayImage): Promise<void> {
  const raw = { width: image.widthPx, height: image.heightPx, channels: 1 as const }
  const sharp = await loadSharp()
  const png = await sharp(image.data, { raw })
    .toColourspace('b-w')
    .withDensity(image.ppi)
    .png({ compressionLevel: 9, adaptiveFiltering: false })
    .toBuffer()
  await writing(path, () => writeFile(path, png))
}

async function writing(path: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (cause) {
    throw new SidikError('FILE_UNWRITABLE', `cannot write ${path}: ${(cause as Error).message}`, { cause })
  }
}

function requireCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name}: an integer of 1 or more, not ${value}`)
}

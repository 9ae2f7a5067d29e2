import { readFile } from 'node:fs/promises'
import { type ErrorCode, SidikError } from '../errors.js'
import { decodeImage } from '../image/decode.js'
import { encodeImage } from '../image/encode-image.js'
import type { Print, PrintSet } from './dataset.js'
import type { EvaluationEngine, EvaluationOptions } from './report.js'
import { turnImage } from './turn-image.js'
import type { Turns } from './turns.js'

/** A print that yielded a template. */
export interface ExtractedPrint {
  /** How it was turned, degrees counter-clockwise. */
  readonly turnDeg: number
  readonly template: Uint8Array
  readonly minutiae: number
  readonly quality: number
  readonly extractMs: number
}

/** A print that did not, and why. */
export interface MissingPrint {
  readonly turnDeg: number
  readonly template: null
  readonly code: ErrorCode
}

export type Extraction = ExtractedPrint | MissingPrint

/**
 * What an image can be blamed for. Every other code is a fault of the caller or the installation (an unknown resolution,
 * an unreadable file, a closed engine) and ends the evaluation: counting it as a failed print would hide it.
 */
const PRINT_FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'IMAGE_EMPTY',
  'IMAGE_FORMAT',
  'IMAGE_CORRUPT',
  'IMAGE_TOO_LARGE',
  'IMAGE_TOO_SMALL',
  'NOT_A_FINGERPRINT',
  'CORE_FAILED',
])

/**
 * Extracts every print of every set at each of its angles, `engine.threads` at a time.
 *
 * @returns for each list of angles, and each set, one extraction a print, in the order of its prints
 */
export async function extractSets(
  engine: EvaluationEngine,
  sets: readonly PrintSet[],
  turns: readonly Turns[],
  options: EvaluationOptions,
): Promise<Extraction[][][]> {
  const { signal, onProgress } = options
  const results: Extraction[][][] = turns.map(() => sets.map(() => []))
  const jobs = sets.flatMap((set, s) =>
    turns.flatMap((_, t) => set.prints.map((print, p) => ({ set, print, s, t, p }))),
  )
  let done = 0
  await forEachConcurrently(jobs, engine.threads, async ({ set, print, s, t, p }) => {
    signal?.throwIfAborted()
    results[t][s][p] = await extractPrint(engine, set, print, turns[t][s][p], options)
    onProgress?.({ phase: 'extract', done: ++done, total: jobs.length, set: set.name })
  })
  signal?.throwIfAborted()
  return results
}

async function extractPrint(
  engine: EvaluationEngine,
  set: PrintSet,
  print: Print,
  turnDeg: number,
  { ppi }: EvaluationOptions,
): Promise<Extraction> {
  const bytes = await readPrint(print.path)
  const asked = ppi === undefined ? {} : { ppi }
  try {
    const extracted = turnDeg === 0 ? engine.extract(bytes, asked) : extractTurned(engine, bytes, turnDeg, asked)
    const { template, minutiae, quality, extractMs } = await extracted
    return { turnDeg, template, minutiae: minutiae.length, quality: quality.score, extractMs }
  } catch (cause) {
    if (!(cause instanceof SidikError)) throw cause
    if (PRINT_FAILURES.has(cause.code)) return { turnDeg, template: null, code: cause.code }
    throw new SidikError(cause.code, `${set.name}/${print.file}: ${cause.message}`, { cause })
  }
}

async function extractTurned(engine: EvaluationEngine, bytes: Uint8Array, turnDeg: number, asked: { ppi?: number }) {
  const turned = turnImage(await decodeImage(bytes, asked), turnDeg)
  return engine.extract(await encodeImage(turned, 'pgm'), { ppi: turned.ppi })
}

async function readPrint(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new SidikError('FILE_UNREADABLE', `cannot read ${path}: ${(cause as Error).message}`, { cause })
  }
}

/** After the first error no new task begins; it is thrown when those in flight have ended, so that nothing runs on. */
async function forEachConcurrently<T>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = []
  const remaining = items.values()
  const lane = async () => {
    for (const item of remaining) {
      if (errors.length > 0) return
      try {
        await task(item)
      } catch (error) {
        errors.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: limit }, lane))
  if (errors.length > 0) throw errors[0]
}

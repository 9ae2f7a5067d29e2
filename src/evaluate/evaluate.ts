import { SidikError } from '../errors.js'
import { bootstrapEer, checkReplicates, type ScoredPairs, type SetScores } from './bootstrap.js'
import { checkCalibration } from './calibration.js'
import { compareSets } from './compare-sets.js'
import { findSets, type PrintSet } from './dataset.js'
import { detCurve } from './det-curve.js'
import { discardCurves } from './discard.js'
import { type ExtractedPrint, type Extraction, extractSets } from './extract-sets.js'
import { firstImpressions } from './protocol.js'
import { countErrors, errorRates, ratesFromCounts } from './rates.js'
import type {
  EvaluationEngine,
  EvaluationOptions,
  EvaluationReport,
  FailedPrint,
  PooledReport,
  SetReport,
} from './report.js'
import { turnsOf } from './turns.js'
import { extremePairs } from './worst-pairs.js'

const WORST_PAIRS = 10
const BOOTSTRAP_REPLICATES = 1000

/**
 * Measures an engine on the prints in a folder (see findSets for its shape): extracts every image, compares all mated
 * and non-mated pairs within each set, and counts the errors per set and pooled.
 *
 * An image that yields no template is never dropped: it scores 0 against everything (the "ghost" of FVC2002 and later)
 * and is listed with its code. The event loop is never held longer than one comparison beyond 20 ms.
 *
 * @throws SidikError FILE_UNREADABLE, DATASET_FORMAT (also when there is nothing mated or nothing non-mated to compare),
 *   and what the engine throws that is not the image's fault, such as PPI_UNKNOWN, with the name of the file
 * @throws TypeError, RangeError when an option, `engine.threads` or a score is not what its type says
 * @throws the reason of `options.signal` when it is aborted
 */
export async function evaluateFolder(
  engine: EvaluationEngine,
  directory: string,
  options: EvaluationOptions = {},
): Promise<EvaluationReport> {
  const startedAt = performance.now()
  const { signal, bootstrapReplicates = BOOTSTRAP_REPLICATES } = options
  checkReplicates(bootstrapReplicates)
  checkThreads(engine.threads)
  signal?.throwIfAborted()
  const sets = await findSets(directory)
  checkComparable(sets, directory)
  const turns = turnsOf(sets, options)
  if (options.quality && turns.length > 1) throw new RangeError('quality needs prints that lie alike in all pairs')
  const extractions = await extractSets(engine, sets, turns, options)
  const [firsts, seconds = firsts] = extractions
  const { scores, comparisonsPerSecond } = await compareSets(engine, sets, firsts, seconds, options)
  const eer = await bootstrapEer(scores, { replicates: bootstrapReplicates, ...(signal && { signal }) })
  const curves = { replicates: bootstrapReplicates, ...(signal && { signal }) }
  const quality = options.quality ? await discardCurves(sets, firsts, scores, curves) : undefined
  const mated = scores.map(set => set.mated)
  const nonMated = scores.map(set => set.nonMated)
  const isTurned = options.turnDeg !== undefined
  const turnDegOf = (s: number, a: number, b: number) => [firsts[s][a].turnDeg, seconds[s][b].turnDeg] as const
  const extremes = (pairs: readonly ScoredPairs[], end: 'lowest' | 'highest') =>
    extremePairs(sets, pairs, end, WORST_PAIRS, isTurned ? turnDegOf : undefined)
  return {
    ...(isTurned && { turnDeg: options.turnDeg }),
    sets: sets.map((set, s) =>
      describeSet(
        set,
        extractions.flatMap(sides => sides[s]),
        scores[s],
      ),
    ),
    pooled: { ...pooledRates(sets, scores), bootstrap95: { eer, replicates: bootstrapReplicates } },
    calibration: checkCalibration(scores),
    ...(quality && { quality }),
    comparisonsPerSecond,
    threads: engine.threads,
    wallSeconds: (performance.now() - startedAt) / 1000,
    failedPrints: extractions.flatMap(sides => sets.flatMap((set, s) => failedPrints(set, sides[s], isTurned))),
    worstMated: extremes(mated, 'lowest'),
    worstNonMated: extremes(nonMated, 'highest'),
  }
}

function describeSet(set: PrintSet, extractions: readonly Extraction[], scores: SetScores): SetReport {
  const extracted = extractions.filter((print): print is ExtractedPrint => print.template !== null)
  const counts = countErrors(scores.mated.scores, scores.nonMated.scores)
  return {
    name: set.name,
    images: extractions.length,
    failures: extractions.length - extracted.length,
    minutiaeMean: mean(extracted.map(print => print.minutiae)),
    qualityMean: mean(extracted.map(print => print.quality)),
    extractMs: mean(extracted.map(print => print.extractMs)),
    allPairs: ratesFromCounts(counts),
    fvc: errorRates(scores.mated.scores, firstImpressionScores(set, scores.nonMated)),
    det: detCurve(counts),
  }
}

function pooledRates(sets: readonly PrintSet[], scores: readonly SetScores[]): Omit<PooledReport, 'bootstrap95'> {
  const mated = scores.flatMap(set => [...set.mated.scores])
  const counts = countErrors(
    mated,
    scores.flatMap(set => [...set.nonMated.scores]),
  )
  const firsts = sets.flatMap((set, s) => firstImpressionScores(set, scores[s].nonMated))
  return { allPairs: ratesFromCounts(counts), fvc: errorRates(mated, firsts), det: detCurve(counts) }
}

/** Of all non-mated scores, those that the FVC protocol would have. */
function firstImpressionScores({ prints }: PrintSet, { first, second, scores }: ScoredPairs): number[] {
  const firsts = firstImpressions(prints)
  return [...scores].filter((_, k) => firsts.has(first[k]) && firsts.has(second[k]))
}

function failedPrints(
  { name, prints }: PrintSet,
  extractions: readonly Extraction[],
  isTurned: boolean,
): FailedPrint[] {
  return extractions.flatMap(({ turnDeg, ...print }, p) => {
    if (print.template !== null) return []
    return { set: name, file: prints[p].file, ...(isTurned && { turnDeg }), code: print.code }
  })
}

function checkThreads(threads: number): void {
  if (Number.isInteger(threads) && threads >= 1) return
  throw new RangeError(`engine.threads must be a positive integer, not ${threads}`)
}

/** Before an hour goes into extraction: with these prints, is there anything to count? */
function checkComparable(sets: readonly PrintSet[], directory: string): void {
  const fingers = sets.map(({ prints }) => new Set(prints.map(print => print.finger)).size)
  const hasMated = sets.some(({ prints }, s) => prints.length > fingers[s])
  const hasNonMated = fingers.some(count => count > 1)
  if (hasMated && hasNonMated) return
  const missing = hasMated ? 'a second finger' : 'a second impression of any finger'
  throw new SidikError(
    'DATASET_FORMAT',
    `${directory} lacks ${missing}: error rates need two impressions of one finger, and two fingers, in a set`,
  )
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

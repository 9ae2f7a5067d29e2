import type { ErrorCode } from '../errors.js'
import type { Minutia } from '../types.js'
import type { QualityReport } from './discard-report.js'

/** What an evaluation needs of an engine. Anything that extracts and compares can be measured. */
export interface EvaluationEngine {
  /** How many extractions run at the same time. */
  readonly threads: number
  /** @throws SidikError when the image yields no template */
  extract(image: Uint8Array, options?: { ppi?: number }): Promise<EvaluationExtraction>
  /** Higher is more alike; 0 is what a print without a template scores. */
  match(a: Uint8Array, b: Uint8Array): { readonly score: number }
}

export interface EvaluationExtraction {
  readonly template: Uint8Array
  readonly minutiae: readonly Minutia[]
  readonly quality: { readonly score: number }
  /** CPU milliseconds from the image's bytes to the template. */
  readonly extractMs: number
}

export interface EvaluationProgress {
  readonly phase: 'extract' | 'compare'
  /** Images or comparisons finished, of `total` over all sets. */
  readonly done: number
  readonly total: number
  /** The set that is being worked on. */
  readonly set: string
}

export interface EvaluationOptions {
  /** Resolution of every image, over what the files say. */
  readonly ppi?: number
  /** Stops the evaluation: it rejects with the signal's reason once the extractions in flight have ended. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: EvaluationProgress) => void
  /**
   * Turns the images before they are read, degrees counter-clockwise: the first and the second print
   * of each pair by these two angles, or each print by an angle of its own, drawn from `turnSeed`
   * and its name.
   */
  readonly turnDeg?: readonly [first: number, second: number] | 'random'
  /** 0 to 2^32 - 1; 1 when absent. */
  readonly turnSeed?: number
  /** 100 to 1,000,000; 1,000 when absent. */
  readonly bootstrapReplicates?: number
  /** Also say how well quality predicts false non-matches. Off unless asked for. */
  readonly quality?: boolean
}

/** Error rates as fractions; null where there are no mated or no non-mated comparisons to count. */
export interface ErrorRates {
  /** Number of mated comparisons. */
  readonly mated: number
  /** Number of non-mated comparisons. */
  readonly nonMated: number
  readonly eer: number | null
  /** Lowest FNMR at FMR <= 1 %. */
  readonly fmr100: number | null
  /** Lowest FNMR at FMR <= 0.1 %. */
  readonly fmr1000: number | null
  /** Lowest FNMR at FMR <= 0.01 %; this and the next are null where fewer than ten false matches make them. */
  readonly fmr10000: number | null
  /** Lowest FNMR at FMR <= 0.001 %. */
  readonly fmr100000: number | null
  /** Lowest FNMR at FMR 0. */
  readonly zeroFmr: number | null
  /** The scores at which those rates are reached (see errorRates). */
  readonly thresholds: OperatingThresholds | null
}

export interface OperatingThresholds {
  readonly eer: number
  readonly fmr100: number
  readonly fmr1000: number
  readonly fmr10000: number | null
  readonly fmr100000: number | null
  readonly zeroFmr: number
}

/** A corner of a DET curve: this FNMR is the lowest that can be had at this FMR. Fractions. */
export interface DetPoint {
  readonly fmr: number
  readonly fnmr: number
}

export interface FailedPrint {
  readonly set: string
  readonly file: string
  /** How it was turned, where it was. */
  readonly turnDeg?: number
  readonly code: ErrorCode
}

export interface ScoredPair {
  readonly set: string
  /** File names in the set. */
  readonly first: string
  readonly second: string
  /** How both were turned, where they were. */
  readonly turnDeg?: readonly [first: number, second: number]
  readonly score: number
}

export interface SetReport {
  readonly name: string
  /** Images that were read: each twice where the first and the second of a pair are turned by other angles. */
  readonly images: number
  /** Images that yielded no template. They are compared all the same, and score 0. */
  readonly failures: number
  /** Over the images that yielded a template; null when none did. So are the two that follow. */
  readonly minutiaeMean: number | null
  readonly qualityMean: number | null
  /** CPU milliseconds an image. */
  readonly extractMs: number | null
  /** Non-mated: every impression against every impression of every other finger. */
  readonly allPairs: ErrorRates
  /** Non-mated: first impressions only, as in the FVC protocol. */
  readonly fvc: ErrorRates
  /** Of all pairs, from FMR 1 to FMR 0. */
  readonly det: readonly DetPoint[]
}

export interface PooledReport {
  readonly allPairs: ErrorRates
  readonly fvc: ErrorRates
  /** 95 % intervals of the all-pairs rates, fingers resampled (see bootstrapEer). */
  readonly bootstrap95: { readonly eer: readonly [low: number, high: number]; readonly replicates: number }
  readonly det: readonly DetPoint[]
}

/** The false match rate that a score states against the one counted. */
export interface CalibrationLevel {
  /** Decibans. */
  readonly score: number
  /** 10^(-score / 10). */
  readonly stated: number
  /** Pairs that should reach the score if that held. */
  readonly expected: number
  /** Pairs that did, as a number and as a share of all. */
  readonly hits: number
  readonly counted: number
  /** Of `counted`: pairs that share a finger are not independent. */
  readonly interval95: readonly [low: number, high: number]
}

export interface CalibrationReport {
  /** Non-mated pairs that were compared, of all sets. */
  readonly comparisons: number
  /** Highest score of which ten or more pairs were to be expected: up to here it is a measurement. Null: nowhere. */
  readonly measuredTo: number | null
  readonly levels: readonly CalibrationLevel[]
}

/** What evaluateFolder found. Plain data: it survives JSON. */
export interface EvaluationReport {
  /** As it was asked for: absent where nothing was turned. */
  readonly turnDeg?: readonly [first: number, second: number] | 'random'
  readonly sets: readonly SetReport[]
  /** All sets' scores under one threshold; non-mated comparisons are within a set only. */
  readonly pooled: PooledReport
  /** Scores in decibans held against what was counted. */
  readonly calibration: CalibrationReport
  /** There when it was asked for. */
  readonly quality?: QualityReport
  /** Of one thread comparing two templates at a time; null when no two templates were compared. */
  readonly comparisonsPerSecond: number | null
  readonly threads: number
  /** From the first look at the folder to the finished report. */
  readonly wallSeconds: number
  readonly failedPrints: readonly FailedPrint[]
  /** The ten mated pairs of lowest score and the ten non-mated ones of highest, worst first. */
  readonly worstMated: readonly ScoredPair[]
  readonly worstNonMated: readonly ScoredPair[]
}

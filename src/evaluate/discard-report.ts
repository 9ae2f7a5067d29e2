/** A figure over many random draws. */
export interface Spread {
  readonly mean: number
  readonly interval95: readonly [low: number, high: number]
}

/** A corner of an error versus discard characteristic: what is left when so many prints are dropped. Fractions. */
export interface DiscardPoint {
  /** Share of the prints that is dropped: 0 to 0.3 in steps of 0.01. */
  readonly share: number
  /** That many prints. */
  readonly dropped: number
  /** Mated comparisons left: those of two prints that both were kept. */
  readonly mated: number
  readonly falseNonMatches: number
  /** Null when no mated comparison is left. */
  readonly fnmr: number | null
  /** Share of the false non-matches that went with the dropped prints; null when there were none. */
  readonly gone: number | null
  /** The same when as many prints are dropped at random; null as above. */
  readonly random: { readonly fnmr: Spread | null; readonly gone: Spread | null }
  /** `gone` over the mean at random; null when either is null or that mean is 0. */
  readonly factor: number | null
}

/** How far FNMR falls when prints are dropped, as a share of what it was: 0 not at all, 1 to none. */
export interface FnmrFall {
  readonly share: number
  readonly fall: number
  /** Fingers resampled. */
  readonly interval95: readonly [low: number, high: number]
  readonly replicates: number
}

/** FNMR at a fixed threshold as prints are dropped in order of their quality, worst first (ISO/IEC 29794-1). */
export interface DiscardCurve {
  /** The highest FMR allowed, of all prints of all sets. */
  readonly fmr: number
  /** Lowest score with which it is kept; the same for every point and every set. */
  readonly threshold: number
  readonly points: readonly DiscardPoint[]
}

/** How well quality predicts false non-matches. */
export interface QualityReport {
  /** Over all prints of all sets, ranked together. `fall`: null when there is no false non-match. */
  readonly pooled: readonly (DiscardCurve & { readonly fall: FnmrFall | null })[]
  /** Each set's prints, ranked among themselves, at the pooled thresholds. */
  readonly sets: readonly { readonly name: string; readonly curves: readonly DiscardCurve[] }[]
  /** Random drops that the spreads are of. */
  readonly randomDrops: number
}

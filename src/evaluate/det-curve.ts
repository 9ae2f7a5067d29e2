import type { ErrorCounts } from './rates.js'
import type { DetPoint } from './report.js'

/** Points closer than this on both logarithmic axes are left out: 1.4 px on a plot of 140 px a decade. */
const STEP_DECADES = 0.01

/**
 * The DET curve (ISO/IEC 19795-1:2021; Martin et al., "The DET curve in assessment of detection task performance", Eurospeech 1997): its corners, from FMR 1 and FNMR 0 to FMR 0. Between two corners the curve
 * is a step: FNMR is that of the next corner until its FMR is reached. Empty when there is nothing to count.
 */
export function detCurve(counts: ErrorCounts): DetPoint[] {
  const { mated, nonMated, falseNonMatches, falseMatches } = counts
  if (mated === 0 || nonMated === 0) return []
  const kept: DetPoint[] = []
  for (let k = 0; k < falseMatches.length; k++) {
    const sameFnmrFollows = falseNonMatches[k + 1] === falseNonMatches[k]
    const sameFmrBefore = k > 0 && falseMatches[k - 1] === falseMatches[k]
    if (sameFnmrFollows || sameFmrBefore) continue
    const point = { fmr: falseMatches[k] / nonMated, fnmr: falseNonMatches[k] / mated }
    const last = kept[kept.length - 1]
    if (last === undefined || point.fmr === 0 || decadesApart(last, point) >= STEP_DECADES) kept.push(point)
  }
  return kept
}

/** Infinite from and to a rate of 0. */
function decadesApart(a: DetPoint, b: DetPoint): number {
  const along = (from: number, to: number) => (from === to ? 0 : Math.abs(Math.log10(from / to)))
  return Math.max(along(a.fmr, b.fmr), along(a.fnmr, b.fnmr))
}

import { countErrors, detCurve, type EvaluationReport, errorRates, type SetReport } from 'sidik/evaluate'

/** A report made by hand of sets with these names; every set has the same scores. */
export function exampleReport(names: readonly string[]): EvaluationReport {
  const mated = [0.1, 0.4, 0.6, 0.7, 0.8, 0.9]
  const nonMated = Array.from({ length: 400 }, (_, k) => (k / 400) ** 2 / 2)
  const det = detCurve(countErrors(mated, nonMated))
  const allPairs = errorRates(mated, nonMated)
  const fvc = errorRates(mated, [])
  const set = (name: string): SetReport => ({
    name,
    images: 80,
    failures: 1,
    minutiaeMean: 38.25,
    qualityMean: 61,
    extractMs: null,
    allPairs,
    fvc,
    det,
  })
  return {
    sets: names.map(set),
    pooled: { allPairs, fvc, det, bootstrap95: { eer: [0.0123, 0.2], replicates: 1000 } },
    calibration: { comparisons: 400, measuredTo: null, levels: [] },
    comparisonsPerSecond: 123456.7,
    threads: 2,
    wallSeconds: 3.21,
    failedPrints: Array.from({ length: 12 }, (_, k) => ({ set: names[0], file: `1_${k}.png`, code: 'IMAGE_CORRUPT' })),
    worstMated: [{ set: names[0], first: '1_1.png', second: '1_2.png', score: 0.1 }],
    worstNonMated: [],
  }
}

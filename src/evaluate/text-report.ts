import type { ErrorRates, EvaluationReport, ScoredPair } from './report.js'
import { formatTable } from './table.js'

/** Failed prints that are named; the others are counted. */
const NAMED_FAILURES = 10
const NAMED_PAIRS = 3

/** In names of folders and files these could steer the terminal. */
const CONTROL = /\p{Cc}/gu

/** A report as a table for a terminal: rates in percent, per set and pooled, with the 95 % interval of the pooled EER. */
export function formatReport(report: EvaluationReport): string {
  return [
    ...turnLines(report),
    ...extractionTable(report),
    '',
    'Error rates, every impression against every one of every other finger (%)',
    ...ratesTable(report, 'allPairs'),
    '',
    'Error rates, FVC protocol: non-mated comparisons of first impressions only (%)',
    ...ratesTable(report, 'fvc'),
    '',
    ...summary(report),
    '',
  ]
    .map(line => line.replace(CONTROL, '?'))
    .join('\n')
}

function turnLines({ turnDeg }: EvaluationReport): string[] {
  if (turnDeg === undefined) return []
  if (turnDeg === 'random') return ['Each print turned by an angle of its own, drawn at random.', '']
  const [first, second] = turnDeg
  return [`The first print of each pair turned by ${first} degrees, the second by ${second}, counter-clockwise.`, '']
}

function extractionTable({ sets }: EvaluationReport): string[] {
  const rows = sets.map(set => [
    set.name,
    String(set.images),
    String(set.failures),
    fixed(set.minutiaeMean, 1),
    fixed(set.qualityMean, 0),
    fixed(set.extractMs, 1),
  ])
  return formatTable(['set', 'images', 'failed', 'minutiae', 'quality', 'CPU ms/image'], rows)
}

function ratesTable({ sets, pooled }: EvaluationReport, protocol: 'allPairs' | 'fvc'): string[] {
  const rows = [...sets.map(set => [set.name, ...rateCells(set[protocol])]), ['pooled', ...rateCells(pooled[protocol])]]
  return formatTable(['set', 'mated', 'non-mated', 'EER', 'FMR100', 'FMR1000', 'FMR1e-4', 'FMR1e-5', 'ZeroFMR'], rows)
}

function rateCells({ mated, nonMated, eer, fmr100, fmr1000, fmr10000, fmr100000, zeroFmr }: ErrorRates): string[] {
  const rates = [eer, fmr100, fmr1000, fmr10000, fmr100000, zeroFmr]
  return [String(mated), String(nonMated), ...rates.map(percent)]
}

function summary(report: EvaluationReport): string[] {
  const { allPairs, bootstrap95 } = report.pooled
  const [low, high] = bootstrap95.eer.map(percent)
  const lines = [
    `pooled EER ${percent(allPairs.eer)} %, 95 % interval ${low} to ${high} % (fingers resampled ${bootstrap95.replicates} times)`,
    `threshold for FMR <= 0.1 %: ${significant(allPairs.thresholds?.fmr1000 ?? null)}`,
    `${report.comparisonsPerSecond === null ? '-' : Math.round(report.comparisonsPerSecond)} comparisons a second on one thread; ${report.wallSeconds.toFixed(1)} s in all with ${report.threads} extraction threads`,
    `lowest mated scores: ${pairList(report.worstMated)}`,
    `highest non-mated scores: ${pairList(report.worstNonMated)}`,
  ]
  const failed = report.failedPrints
  if (failed.length === 0) return lines
  const named = failed.slice(0, NAMED_FAILURES).map(({ set, file, turnDeg, code }) => {
    return `  ${set}/${file}${turnDeg === undefined ? '' : ` at ${turnDeg.toFixed(0)} degrees`}: ${code}`
  })
  const more = failed.length > NAMED_FAILURES ? [`  and ${failed.length - NAMED_FAILURES} more`] : []
  return [...lines, `no template from ${failed.length} images (they score 0 against everything):`, ...named, ...more]
}

function pairList(pairs: readonly ScoredPair[]): string {
  const described = pairs.slice(0, NAMED_PAIRS).map(({ set, first, second, turnDeg, score }) => {
    const [turnA, turnB] = turnDeg?.map(degrees => ` at ${degrees.toFixed(0)}`) ?? ['', '']
    return `${set} ${first}${turnA} - ${second}${turnB} (${significant(score)})`
  })
  return described.join(', ') || '-'
}

function percent(rate: number | null): string {
  return fixed(rate === null ? null : 100 * rate, 2)
}

function fixed(value: number | null, digits: number): string {
  return value === null ? '-' : value.toFixed(digits)
}

/** Scores have no fixed range: four significant digits. */
function significant(score: number | null): string {
  return score === null ? '-' : String(Number(score.toPrecision(4)))
}

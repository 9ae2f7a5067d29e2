import type { DiscardCurve, DiscardPoint, QualityReport } from './discard-report.js'
import { formatTable } from './table.js'

/** Shares of prints dropped that are shown, percent; of a set only one. */
const SHOWN = [0, 1, 2, 5, 10, 15, 20, 30]
const SHOWN_OF_SETS = 10

/** In names of folders these could steer the terminal. */
const CONTROL = /\p{Cc}/gu

/** What quality predicts, as tables for a terminal: FNMR as the worst prints are dropped, beside what chance does. */
export function formatQuality({ pooled, sets, randomDrops }: QualityReport): string {
  return [
    ...pooled.flatMap(curve => [
      `Prints dropped in order of quality, all sets ranked together; ${thresholdOf(curve)}`,
      ...formatTable(
        [
          'dropped %',
          'prints',
          'mated',
          'false non-matches',
          'FNMR %',
          'gone %',
          'at random %',
          '95 % interval',
          'factor',
        ],
        SHOWN.map(share => [String(share), ...cells(at(curve, share))]),
      ),
      ...fallLine(curve),
      '',
    ]),
    ...pooled.flatMap((curve, k) => [
      `${SHOWN_OF_SETS} % of the prints of each set dropped; ${thresholdOf(curve)}`,
      ...formatTable(
        [
          'set',
          'FNMR % of all',
          'prints',
          'mated',
          'false non-matches',
          'FNMR %',
          'gone %',
          'at random %',
          '95 % interval',
          'factor',
        ],
        sets.map(({ name, curves }) => [
          name.replace(CONTROL, '?'),
          percent(at(curves[k], 0).fnmr, 2),
          ...cells(at(curves[k], SHOWN_OF_SETS)),
        ]),
      ),
      '',
    ]),
    `at random: mean and 95 % interval of ${randomDrops} drops of as many prints; factor: gone over that mean`,
  ].join('\n')
}

function at({ points }: DiscardCurve, percentDropped: number): DiscardPoint {
  return points[percentDropped]
}

function thresholdOf({ fmr, threshold }: DiscardCurve): string {
  return `threshold ${Number(threshold.toPrecision(4))} (FMR <= ${Number((100 * fmr).toPrecision(1))} %)`
}

function cells({ dropped, mated, falseNonMatches, fnmr, gone, random, factor }: DiscardPoint): string[] {
  return [
    String(dropped),
    String(mated),
    String(falseNonMatches),
    percent(fnmr, 2),
    percent(gone, 0),
    percent(random.gone?.mean ?? null, 0),
    random.gone === null ? '-' : random.gone.interval95.map(rate => percent(rate, 0)).join(' to '),
    factor === null ? '-' : factor.toFixed(1),
  ]
}

function fallLine({ fall }: QualityReport['pooled'][number]): string[] {
  if (fall === null) return []
  const [low, high] = fall.interval95.map(value => percent(value, 0))
  return [
    `with ${percent(fall.share, 0)} % dropped, FNMR is lower by ${percent(fall.fall, 0)} %, 95 % interval ${low} to ${high} % (fingers resampled ${fall.replicates} times)`,
  ]
}

function percent(rate: number | null, digits: number): string {
  return rate === null ? '-' : (100 * rate).toFixed(digits)
}

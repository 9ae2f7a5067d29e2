import type { CalibrationReport } from './report.js'
import { formatTable } from './table.js'

/** A calibration as a table for a terminal: how many strangers reach a score, counted against stated. */
export function formatCalibration({ comparisons, measuredTo, levels }: CalibrationReport): string {
  const rows = levels.map(({ score, expected, hits, counted, stated, interval95 }) => [
    String(score),
    rate(stated),
    rate(counted),
    `${rate(interval95[0])} to ${rate(interval95[1])}`,
    `${hits} / ${expected.toFixed(1)}`,
  ])
  return [
    'False match rate, stated by the score and counted',
    ...formatTable(['score', 'stated', 'counted', '95 % interval', 'pairs counted / stated'], rows),
    measuredTo === null
      ? `${comparisons} non-mated pairs are too few to measure any of these scores`
      : `measured up to score ${measuredTo} (of ${comparisons} non-mated pairs ten or more should reach it), no measurement above`,
  ].join('\n')
}

function rate(value: number): string {
  return value === 0 ? '0' : value.toPrecision(2)
}

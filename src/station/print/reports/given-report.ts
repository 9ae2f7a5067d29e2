import type { PrintReport } from './types.js'

/**
 * The argument `report`, which has these lists.
 *
 * @throws TypeError when it is not what `printReport` gave, or its JSON read again
 */
export function givenReport(report: PrintReport, lists: readonly (keyof PrintReport)[]): PrintReport {
  if (lists.every(list => Array.isArray(report?.[list]))) return report
  throw new TypeError('report must be what printReport gave, or its JSON read again')
}

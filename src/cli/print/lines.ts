/** Requests and jobs as lines of text. */
import type { CardRequest, PrintJob } from '../../station/print/types.js'
import { formatTable } from '../text.js'

export function requestTable(requests: readonly CardRequest[]): string {
  if (requests.length === 0) return 'nobody'
  const rows = requests.map(({ request, record, purpose, isUrgent, state, at, requestedAt }) => [
    ...[request, record, isUrgent ? `${purpose}, urgent` : purpose, state, at, requestedAt],
  ])
  return formatTable([['request', 'record', 'purpose', 'state', 'printed at', 'requested'], ...rows])
}

export function jobTable(jobs: readonly PrintJob[]): string {
  const rows = jobs.map(({ job, record, lot, serial, printer, state, chip, changedAt }) => [
    ...[job, record, lot, serial ?? '-', printer, chip === undefined ? state : `${state}, chip ${chip}`, changedAt],
  ])
  return formatTable([['job', 'record', 'lot', 'serial', 'printer', 'state', 'since'], ...rows])
}

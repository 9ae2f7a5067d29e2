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

/** With where it is, if not where it was printed. */
function stateOf({ state, chip, holder }: PrintJob): string {
  if (chip !== undefined) return `${state}, chip ${chip}`
  if (holder === undefined) return state
  return state === 'on-its-way' ? `${state} to ${holder}` : `${state} at ${holder}`
}

export function jobTable(jobs: readonly PrintJob[]): string {
  const rows = jobs.map(each => {
    const { job, record, lot, serial = '-', printer, changedAt } = each
    return [job, record, lot, serial, printer, stateOf(each), changedAt]
  })
  return formatTable([['job', 'record', 'lot', 'serial', 'printer', 'state', 'since'], ...rows])
}

/** Requests and jobs, for whoever looks. */
import { oneOf, readOptions } from '../../options.js'
import { partsOf, type Station } from '../station.js'
import { chipOf } from './chip.js'
import { JOB_COLUMNS, type JobRow, jobOf, jobRow, REQUEST_COLUMNS, type RequestRow, requestOf } from './rows.js'
import type { CardRequest, JobState, PrintJob, RequestState } from './types.js'
import { whereOf } from './where.js'

const REQUEST_STATES: readonly RequestState[] = ['waiting', 'printing', 'printed', 'handed-over', 'cancelled']
const JOB_STATES: readonly JobState[] = [
  'reserved',
  'sent',
  'uncertain',
  'printed',
  'on-its-way',
  'spoiled',
  'released',
  'handed-over',
]

export interface CardRequestFilter {
  readonly record?: string
  readonly state?: RequestState
  /** That asked. */
  readonly station?: string
  /** That prints. */
  readonly at?: string
}

export interface PrintJobFilter {
  readonly record?: string
  readonly request?: string
  readonly state?: JobState
  /** That prints. */
  readonly station?: string
}

/** Cards that are, or were, wanted; the oldest first. @throws TypeError naming the member of the filter */
export function cardRequests(station: Station, filter?: CardRequestFilter): CardRequest[] {
  const { file } = partsOf(station)
  const asked = readOptions('cardRequests', filter, ['record', 'state', 'station', 'at'])
  const state = asked.state === undefined ? undefined : oneOf('state', asked.state, REQUEST_STATES)
  const [where, values] = whereOf({ record: asked.record, state, station: asked.station, prints: asked.at })
  const sql = `SELECT ${REQUEST_COLUMNS} FROM card_request ${where} ORDER BY requested_at, id`
  return file.all<RequestRow>(sql, ...values).map(row => requestOf(file, row))
}

/** Blanks that are, or were, set aside for cards, and what became of them; the oldest first. @throws TypeError naming the member of the filter */
export function printJobs(station: Station, filter?: PrintJobFilter): PrintJob[] {
  const { file, identity } = partsOf(station)
  const asked = readOptions('printJobs', filter, ['record', 'request', 'state', 'station'])
  const state = asked.state === undefined ? undefined : oneOf('state', asked.state, JOB_STATES)
  // What was sent may be uncertain: that is known of each alone.
  const stored = state === 'uncertain' ? undefined : state === 'on-its-way' ? 'printed' : state
  const [where, values] = whereOf({
    record: asked.record,
    request: asked.request,
    state: stored,
    station: asked.station,
  })
  // In the words of the index, or SQLite does not use it.
  const open = `state IN ('reserved', 'sent', 'uncertain') AND state <> 'reserved'`
  const among = state !== 'uncertain' ? where : `${where || 'WHERE TRUE'} AND ${open}`
  const sql = `SELECT ${JOB_COLUMNS} FROM print_job ${among} ORDER BY reserved_at, id`
  const jobs = file.all<JobRow>(sql, ...values).map(row => jobOf(row, identity.id))
  return state === undefined ? jobs : jobs.filter(job => job.state === state)
}

/** Cards of which this station does not know whether they were printed: somebody has to look at the tray, and say so by `resolveJob`. */
export function uncertainJobs(station: Station): PrintJob[] {
  const parts = partsOf(station)
  return printJobs(station, { station: station.id, state: 'uncertain' }).map(job => {
    const chip = chipOf(parts, jobRow(parts, job.job))
    return chip === 'none' ? job : { ...job, chip }
  })
}

/**
 * The check of one record: it is in the index of persons already, is compared with all others of
 * it, and what comes of that is written down, with a case for each record that matches.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { noteNoneStays } from '../enrol/staying.js'
import type { RecordedFinger } from '../enrol/templates-payload.js'
import { append } from '../journal/append.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { recheckAt } from './ask-recheck.js'
import { caseRecord, readerOf } from './cases.js'
import { countCheck, mayBeChecked, SharedWork } from './check-quota.js'
import { openAlikeCase, openFingerCases } from './finger-cases.js'
import { fingersIn } from './held-fingers.js'
import type { LocalGallery } from './local-gallery.js'
import type { PreCheck } from './pre-check.js'
import { assertRoom, doubtsOf, hasChanged, OWN_FINGERS_ALIKE, type Result, searchAll } from './search-all.js'
import type { CheckTurns } from './turns.js'

export interface CheckSettings {
  /** Share of searches with a stranger that may end in a case. */
  readonly targetFpir: number
  /** Persons among whom it is decided, where they are more than the station knows of. */
  readonly population?: number
}

export interface CheckedRecord {
  readonly record: string
  readonly decision: PreCheck['decision']
}

interface DueRow {
  readonly record: string
  readonly station: string
  /** Hash of its templates; NULL without any. */
  readonly templates: Uint8Array | null
  readonly since: number
  /** Place of the entry by which a person had it compared once more; NULL without one. */
  readonly asked: number | null
}

/** Rows of records that are here, and of no others that somebody may have written. */
const DUE = `SELECT d.record, r.station, d.since, d.asked, g.templates FROM check_due d
  JOIN record r ON r.id = d.record LEFT JOIN gallery_entry g ON g.record = d.record`

/** Their fingers as they are now are in the index. Two who are not would be compared with each other by nobody. */
const IS_INDEXED = 'coalesce(g.changed, 0) <= ?'

/** Records that are compared at once: while one waits for a worker's answer, the other keeps the workers busy. */
const AT_ONCE = 2

/** Most records of one turn: so many that it matters little that the workers have less to do at its end. */
const A_TURN = 16

export interface CheckTurn {
  /** Decides whose record is next. */
  readonly turns: CheckTurns
  readonly signal: AbortSignal | undefined
  readonly onChecked: (checked: CheckedRecord) => void
}

/**
 * Checks records that are due, until others wait for the index: of each peer in turn, and of each
 * station behind it, the one that has waited longest. Whoever brings thousands, or some that take
 * long, keeps nobody else's waiting, and waits itself beyond its quota. To be called within
 * `gallery.withAll`: whoever came before is in the index then.
 *
 * @returns how many were begun; 0 where nothing is due, or nothing that is here
 * @throws the signal's reason; SidikError STATION_CORRUPT for templates that do not open, GALLERY_FULL where
 *   a check would leave out persons for whom there is no memory; what a search throws
 */
export async function checkDue(
  station: Station,
  gallery: LocalGallery,
  checking: CheckSettings,
  { turns, signal, onChecked }: CheckTurn,
): Promise<number> {
  const parts = partsOf(station)
  const work = new SharedWork(parts)
  // Also those that are done: one that stays due waits for the next turn, as nothing new is read in this one.
  const begun = new Set<string>()
  let hasFailed = false
  const mayBegin = () => !hasFailed && begun.size < A_TURN && (begun.size < AT_ONCE || !gallery.isAwaited)
  const next = () => {
    const due = mayBegin() ? nextDue(station, gallery, turns, begun) : undefined
    if (due === undefined) return undefined
    begun.add(due.record)
    work.begin(due.record)
    return due
  }
  const oneAfterAnother = async () => {
    try {
      for (let due = next(); due !== undefined; due = next()) {
        const settings = { ...checking, ...askedIn(parts, due) }
        const result = await searchAll(parts, gallery, due.fingers, { ...settings, ...(signal && { signal }) }, due)
        const ms = work.end(due.record)
        signal?.throwIfAborted()
        onChecked({ record: due.record, decision: writeResult(station, due, result, { ...settings, ms }) })
        await nextTurn()
      }
    } catch (error) {
      hasFailed = true
      throw error
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: AT_ONCE }, oneAfterAnother))
  const failed = lanes.find(lane => lane.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return begun.size
}

/** The settings that a recheck asked for, where one did. */
function askedIn(parts: StationParts, { asked }: DueRow): Partial<CheckSettings> {
  const { targetFpir, population } = (asked !== null && recheckAt(parts, asked)) || {}
  return { ...(targetFpir !== undefined && { targetFpir }), ...(population !== undefined && { population }) }
}

interface DueRecord extends DueRow {
  /** The peer by way of which it came. */
  readonly via: string
  readonly fingers: readonly RecordedFinger[]
}

/** The record whose turn it is, with its fingers; passes the turn on. @param except those of this turn */
function nextDue(
  station: Station,
  gallery: LocalGallery,
  turns: CheckTurns,
  except: ReadonlySet<string>,
): DueRecord | undefined {
  const parts = partsOf(station)
  for (const row of dueRows(station, turns, gallery.through)) {
    if (except.has(row.record)) continue
    const fingers = fingersIn(parts, row.templates)
    if (fingers === undefined) continue
    assertRoom(gallery)
    gallery.assertTaken(row.record)
    turns.pass(row)
    return { ...row, fingers }
  }
  return undefined
}

/** Records that are due, of those first whose turn it is, in each station the longest first. */
function* dueRows(
  ofStation: Station,
  turns: CheckTurns,
  through: number,
): Generator<DueRow & { readonly via: string }> {
  const { file } = partsOf(ofStation)
  for (const { station, via } of turns.next(file)) {
    if (!mayBeChecked(ofStation, station)) continue
    for (let [since, record] = [0, '']; ; ) {
      const row = file.get<DueRow>(
        `${DUE} WHERE d.station = ? AND (d.since, d.record) > (?, ?) AND ${IS_INDEXED}
         ORDER BY d.since, d.record LIMIT 1`,
        station,
        since,
        record,
        through,
      )
      if (row === undefined) break
      yield { ...row, via }
      ;({ since, record } = row)
    }
  }
}

function writeResult(
  station: Station,
  due: DueRow,
  { preCheck, matches }: Result,
  { targetFpir, population, ms }: CheckSettings & { readonly ms: number },
): PreCheck['decision'] {
  const { file, identity } = partsOf(station)
  return file.transaction(() => {
    // Also where the result is of no use any more: who corrects a record again and again pays for it.
    if (due.since !== due.asked) countCheck(station, due.station, ms)
    const now = file.get<DueRow>(`${DUE} WHERE d.record = ?`, due.record)
    const row = caseRecord(file, due.record)
    // It was checked by another process, withdrawn, or has other fingers now.
    if (now === undefined || row === undefined || !isSame(now.templates, due.templates)) return preCheck.decision
    // Asked for once more meanwhile, perhaps at another rate: it stays due.
    if (now.asked !== due.asked) return preCheck.decision
    // It stays due: a case would rest on fingers that were not compared.
    if (matches.some(({ record }) => hasChanged(file, record, preCheck.through))) return preCheck.decision
    const templates = due.templates === null ? {} : { templates: Buffer.from(due.templates).toString('hex') }
    const among = population === undefined ? {} : { population }
    // Before the result: a kiosk that hears that one, and no more in the same message, prints nothing.
    if (preCheck.reasons.includes(OWN_FINGERS_ALIKE)) openAlikeCase(station, due.record)
    openFingerCases(station, due.record, doubtsOf(matches))
    append(station, {
      kind: 'checked',
      record: due.record,
      body: { ...preCheck, ...templates, targetFpir, ...among },
      ...readerOf(identity.id, row.station),
    })
    noteNoneStays(station, due.record)
    return preCheck.decision
  })
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === b || (a !== null && b !== null && Buffer.compare(a, b) === 0)
}

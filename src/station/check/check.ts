/**
 * The check of one record: it is in the index of persons already, is compared with all others of
 * it, and what comes of that is written down, with a case for each record that matches.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { noteNoneStays } from '../enrol/staying.js'
import type { RecordedFinger } from '../enrol/templates-payload.js'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, entriesApplied } from '../journal/read.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { caseRecord, readerOf } from './cases.js'
import { countCheck, mayBeChecked, worked } from './check-quota.js'
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
}

/** Rows of records that are here, and of no others that somebody may have written. */
const DUE = `SELECT d.record, r.station, d.since, g.templates FROM check_due d
  JOIN record r ON r.id = d.record LEFT JOIN gallery_entry g ON g.record = d.record`

/**
 * Records that are compared at once: while one waits for a worker's answer, the other keeps the
 * workers busy. Both are in the index, so that each is compared with the other.
 */
const AT_ONCE = 2

/**
 * Checks the record that has waited longest of the next peer, and of the next station behind it:
 * one that brings thousands, or some that take long, keeps nobody else's waiting, and waits itself
 * beyond its quota. With it the one whose turn comes then. To be called within `gallery.withAll`:
 * whoever came before is in the index then, so that of two that come at once the second is compared
 * with the first.
 *
 * @param turns whose record is next
 * @returns none where nothing is due, or nothing that is here
 * @throws the signal's reason; SidikError STATION_CORRUPT for templates that do not open, GALLERY_FULL where
 *   a check would leave out persons for whom there is no memory; what a search throws
 */
export async function checkNext(
  station: Station,
  gallery: LocalGallery,
  checking: CheckSettings,
  { turns, signal }: { readonly turns: CheckTurns; readonly signal: AbortSignal | undefined },
): Promise<readonly CheckedRecord[]> {
  const parts = partsOf(station)
  const due = nextDue(station, turns)
  if (due.length === 0) return []
  assertRoom(gallery)
  for (const { record } of due) gallery.assertTaken(record)
  const settingsOf = ({ targetFpir = checking.targetFpir }: DueRecord) => ({ ...checking, targetFpir })
  const { result: searches, ms } = await worked(parts, () =>
    Promise.allSettled(
      due.map(each =>
        searchAll(parts, gallery, each.fingers, { ...settingsOf(each), ...(signal && { signal }) }, each),
      ),
    ),
  )
  signal?.throwIfAborted()
  const checked: CheckedRecord[] = []
  for (const [i, search] of searches.entries()) {
    if (search.status === 'rejected') continue
    if (checked.length > 0) await nextTurn()
    checked.push({
      record: due[i].record,
      decision: writeResult(station, due[i], search.value, { ...settingsOf(due[i]), ms: ms / due.length }),
    })
  }
  const failed = searches.find(search => search.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return checked
}

/** The rate at which a record is compared: that of the recheck by which it is due, if it is. */
function rateOf(parts: StationParts, since: number): number | undefined {
  const [row] = entriesApplied(parts.file, since, 1)
  if (row?.applied !== since || row.kind !== 'recheck-asked') return undefined
  return (bodyOf(parts.file, parts.keys, row) as BodyOf<'recheck-asked'> | undefined)?.targetFpir
}

interface DueRecord extends DueRow {
  readonly targetFpir: number | undefined
  /** The peer by way of which it came. */
  readonly via: string
  readonly fingers: readonly RecordedFinger[]
}

/** Those whose turn it is, with their fingers; each passes the turn on. */
function nextDue(station: Station, turns: CheckTurns): DueRecord[] {
  const parts = partsOf(station)
  const picked: DueRecord[] = []
  const next = () => {
    for (const row of dueRows(station, turns)) {
      if (picked.some(({ record }) => record === row.record)) continue
      const fingers = fingersIn(parts, row.templates)
      if (fingers !== undefined) return { ...row, fingers, targetFpir: rateOf(parts, row.since) }
    }
    return undefined
  }
  for (let due = next(); due !== undefined; due = picked.length < AT_ONCE ? next() : undefined) {
    turns.pass(due)
    picked.push(due)
  }
  return picked
}

/** Records that are due, of those first whose turn it is, in each station the longest first. */
function* dueRows(ofStation: Station, turns: CheckTurns): Generator<DueRow & { readonly via: string }> {
  const { file } = partsOf(ofStation)
  for (const { station, via } of turns.next(file)) {
    if (!mayBeChecked(ofStation, station)) continue
    for (let [since, record] = [0, '']; ; ) {
      const row = file.get<DueRow>(
        `${DUE} WHERE d.station = ? AND (d.since, d.record) > (?, ?) ORDER BY d.since, d.record LIMIT 1`,
        station,
        since,
        record,
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
    countCheck(station, due.station, due.since, ms)
    const now = file.get<DueRow>(`${DUE} WHERE d.record = ?`, due.record)
    const row = caseRecord(file, due.record)
    // It was checked by another process, withdrawn, or has other fingers now.
    if (now === undefined || row === undefined || !isSame(now.templates, due.templates)) return preCheck.decision
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

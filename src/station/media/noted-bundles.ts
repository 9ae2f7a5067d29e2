/** The bundles that went out and came in, as the journal notes them. */

import { keptJson } from '../guard/kept-json.js'
import { append } from '../journal/append.js'
import { type BodyOf, bundleJournals } from '../journal/kinds.js'
import { partsOf, type Station } from '../station.js'
import type { StationFile } from '../store/database.js'
import type { Ground } from '../sync/ground.js'
import type { Message } from '../sync/message-schema.js'
import type { Relation } from '../types.js'
import type { ImportedBundle } from './types.js'
import { keepWanted } from './wanted.js'

/** A bundle whose receipts are not all here: it is on its way, or its receiver's answer is, or it is lost. */
export interface BundleOut {
  readonly bundle: string
  readonly to: string
  /** When it was written, as this station's clock said: ISO 8601, UTC. */
  readonly exportedAt: string
  /** Of journals that it holds. */
  readonly entries: number
  /** Of those, how many the peer has still to answer for; of a peer below, how many it has not said to hold. */
  readonly waiting: number
  readonly bytes: number
}

interface OutRow {
  readonly id: string
  readonly peer: string
  readonly relation: Relation
  readonly at: string
  readonly entries: number
  readonly bytes: number
  readonly journals: string
}

type Journals = BodyOf<'exported'>['journals']

/** Bundles that are out without an answer to all that is in them, the oldest first. */
export function bundlesOut(station: Station): BundleOut[] {
  const { file } = partsOf(station)
  const done = answeredThrough(file)
  const rows = file.all<OutRow>(
    `SELECT b.id, b.peer, p.relation, b.at, b.entries, b.bytes, b.journals FROM bundle b JOIN peer p ON p.id = b.peer
     WHERE b.way = 'out' ORDER BY b.at, b.id`,
  )
  const out = rows.map(({ id, peer, relation, at, entries, bytes, journals }) => {
    const waiting = journalsIn(file, id, journals).reduce((sum, { station, from, through }) => {
      const first = Math.max(from, (done.get(`${peer} ${station}`) ?? 0) + 1)
      return sum + (first > through ? 0 : waitingOf(file, peer, relation, { station, from: first, through }))
    }, 0)
    return { bundle: id, to: peer, exportedAt: at, entries, waiting, bytes }
  })
  return out.filter(({ waiting }) => waiting > 0)
}

/** @throws SidikError STATION_ALTERED where they are no list */
function journalsIn(file: StationFile, bundle: string, journals: string): Journals {
  return keptJson(file, bundleJournals, journals, `what is on bundle ${bundle}`)
}

/** By journal, the last entry that bundles to a peer hold which are out without an answer. */
export function onBundlesThrough(file: StationFile, bundles: readonly BundleOut[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>()
  for (const { bundle } of bundles) {
    const sql = `SELECT journals FROM bundle WHERE way = 'out' AND id = ?`
    const { journals } = file.get<{ journals: string }>(sql, bundle)!
    for (const { station, through } of journalsIn(file, bundle, journals))
      last.set(station, Math.max(last.get(station) ?? 0, through))
  }
  return last
}

/** By peer and journal, up to which entry nothing is missing: only the station above gives receipts, one below says how far it holds a journal. */
function answeredThrough(file: StationFile): ReadonlyMap<string, number> {
  const rows = file.all<{ peer: string; station: string; done: number }>(
    `SELECT a.peer, a.station, CASE p.relation WHEN 'upstream' THEN a.settled ELSE a.through END AS done
     FROM acknowledged a JOIN peer p ON p.id = a.peer`,
  )
  return new Map(rows.map(({ peer, station, done }) => [`${peer} ${station}`, done]))
}

function waitingOf(
  file: StationFile,
  peer: string,
  relation: Relation,
  { station, from, through }: Journals[number],
): number {
  return file.get<{ n: number }>(
    `SELECT count(*) AS n FROM journal j
     WHERE j.station = ? AND j.direction = ? AND j.sequence BETWEEN ? AND ? AND j.body IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.station = j.station AND r.sequence = j.sequence
         AND r.peer = ? AND r.stands = 1 AND r.hash = j.hash)
       AND NOT EXISTS (SELECT 1 FROM refusal f WHERE f.station = j.station AND f.sequence = j.sequence AND f.peer = ?)`,
    station,
    relation === 'upstream' ? 'up' : 'down',
    from,
    through,
    peer,
    peer,
  )!.n
}

/** Once a bundle, however often it comes. */
export function noteImported(ground: Ground, imported: ImportedBundle, last: Message): void {
  const { file, station, peer } = ground
  const { bundle, entriesNew: entries, receipts, refusals, madeAt } = imported
  file.transaction(() => {
    keepWanted(ground, last.wants)
    if (file.get(`SELECT 1 FROM bundle WHERE way = 'in' AND id = ?`, bundle) !== undefined) return
    append(station, {
      kind: 'imported',
      direction: 'local',
      body: { peer: peer.id, bundle, entries, receipts, refusals, madeAt },
    })
  })
}

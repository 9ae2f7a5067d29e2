/**
 * Makes the tables again from the journal: of a file that an older program wrote, and where a
 * person has revoked entries that had taken effect. SQL cannot, as the bodies of entries are
 * sealed.
 */
import { SidikError } from '../../errors.js'
import { changeEntry } from '../journal/insert.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow, entriesApplied, entriesFrom, signedEntryOf } from '../journal/read.js'
import { IS_OF_KNOWN, isBelieved, isKnown, KNOWN_STATIONS } from './peers.js'
import { PROJECTED_TABLES, project } from './project.js'
import type { Projected } from './projected.js'

const ENTRIES_AT_ONCE = 1_000

const DAMAGE: readonly string[] = ['STATION_CORRUPT', 'ENTRY_CORRUPT', 'ENTRY_VERSION']

/**
 * All tables anew. To be called in a transaction.
 *
 * Entries of a station that nobody had made known when they took effect, as the word that did has
 * been revoked, are held from then on as if they had just come: they take effect when the station is
 * known, and its journal comes again.
 *
 * @throws SidikError STATION_CORRUPT, ENTRY_CORRUPT, ENTRY_VERSION for a body that cannot be read
 */
export function refold(to: Projected): void {
  const { file } = to
  for (let isDone = false; !isDone; ) {
    let passedOver: ReadonlyMap<string, number> = new Map()
    const all = () => {
      passedOver = foldAll(to)
    }
    if (file.watcher === undefined) all()
    else file.watcher.remaking(all)
    for (const [station, sequence] of passedOver) holdFrom(to, station, sequence)
    // One that is known by now was believed in later words, which rest on those before.
    isDone = ![...passedOver.keys()].some(station => isKnown(file, station))
  }
}

/** @returns stations that were not known when entries of theirs took effect, with the first one */
function foldAll(to: Projected): ReadonlyMap<string, number> {
  const { file, keys } = to
  const passedOver = new Map<string, number>()
  for (const { table } of PROJECTED_TABLES) file.run(`DELETE FROM ${table}`)
  foldRevocations(to, to)
  for (const row of appliedRows(to)) {
    const { station, sequence } = row
    // A revoked station's entry is not even opened: there may be many.
    if (station !== to.self && !isBelieved(file, station, sequence)) {
      const first = Math.min(sequence, passedOver.get(station) ?? sequence)
      if (!isKnown(file, station)) passedOver.set(station, first)
      continue
    }
    project(to, signedEntryOf(row), row.applied!, bodyOf(file, keys, row))
  }
  file.run(`INSERT OR REPLACE INTO meta (name, value) VALUES ('folds', ?)`, String(folds(file) + 1))
  return passedOver
}

/** Takes entries of a station out of the order in which they took effect, from one on. */
function holdFrom(to: Projected, station: string, sequence: number): void {
  const { file } = to
  for (let next = sequence; ; ) {
    const rows = entriesFrom(file, station, next, ENTRIES_AT_ONCE)
    if (rows.length === 0) break
    for (const row of rows) if (row.applied !== null && row.mac !== null) changeEntry(to, row, { applied: null })
    next = rows.at(-1)!.sequence + 1
  }
  if (sequence === 1) file.run('DELETE FROM heard WHERE station = ?', station)
  else file.run('UPDATE heard SET through = ? WHERE station = ?', sequence - 1, station)
}

/** Counts the rules by which the tables follow from the journal: those of a file by older ones are made again. */
const PROJECTIONS = 19

/**
 * Makes the tables of a file again that a program with older rules wrote. Where an entry does not
 * open they stay as they are, and `verifyStation` says so.
 */
export function refoldByNewRules(to: Projected): void {
  const { file } = to
  const rules = file.get<{ value: string }>(`SELECT value FROM meta WHERE name = 'projections'`)?.value
  if (rules === String(PROJECTIONS)) return
  try {
    file.transaction(() => {
      refold(to)
      noteRules(file)
    })
  } catch (error) {
    if (!(error instanceof SidikError) || !DAMAGE.includes(error.code)) throw error
  }
}

function noteRules(file: Projected['file']): void {
  file.run(`INSERT OR REPLACE INTO meta (name, value) VALUES ('projections', ?)`, String(PROJECTIONS))
}

/** How often the tables were made again: who follows `gallery_entry` by its changes begins anew then. */
export function folds(file: Projected['file']): number {
  return Number(file.get<{ value: string }>(`SELECT value FROM meta WHERE name = 'folds'`)?.value ?? 0)
}

/**
 * The same for a file that an older program wrote, whose journal was checked. Where an entry does
 * not open nothing is made: without it a card may be printed a second time, and the tables as they
 * stand may say what somebody wrote there.
 *
 * @throws SidikError STATION_CORRUPT
 */
export function refoldOld(to: Projected): void {
  const { file } = to
  let damaged = 0
  for (const row of appliedRows(to)) if (row.body !== null && !opens(to, row)) damaged++
  if (damaged > 0) {
    const what = `${file.path}, which an older version wrote, has ${damaged} entries that do not open`
    throw new SidikError('STATION_CORRUPT', `${what}: put back a backup`)
  }
  refold(to)
  file.run(`DELETE FROM meta WHERE name = 'refold'`)
  noteRules(file)
}

/**
 * Folds the revocations by this station's people, before everything else: each undoes what had
 * taken effect before it. Those by other stations count from their place on.
 *
 * @param from where the journal is; into the tables of `to`, which are empty
 */
export function foldRevocations(to: Projected, from: Pick<Projected, 'file'>): void {
  const isRevocation = (row: EntryRow) => signedEntryOf(row).header.kind === 'revoked'
  // Another's word about the same station would stand before ours here, and undo nothing.
  const rows = trustRows(from.file).filter(row => row.station === to.self || !isRevocation(row))
  if (!rows.some(isRevocation)) return
  const fold = () => {
    for (const row of rows) project(to, signedEntryOf(row), row.applied!, bodyOf(from.file, to.keys, row))
  }
  const clear = () => {
    for (const { table } of PROJECTED_TABLES) if (table !== 'revoked') to.file.run(`DELETE FROM ${table}`)
  }
  fold()
  clear()
  // Once more: of whom only a station that is revoked has made known, nobody has heard.
  fold()
  to.file.run(`DELETE FROM revoked WHERE ${IS_OF_KNOWN} AND station NOT IN (${KNOWN_STATIONS})`)
  clear()
}

/**
 * Entries about whom the station knows, in their order. One without a MAC is not proven by
 * anything.
 */
function trustRows(file: Projected['file']): EntryRow[] {
  return file.all<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal WHERE kind IN ('peer', 'station-trusted', 'revoked')
     AND applied IS NOT NULL AND body IS NOT NULL AND mac IS NOT NULL ORDER BY applied`,
  )
}

function* appliedRows({ file }: Projected): Generator<EntryRow> {
  for (let next = 1; ; ) {
    const rows = entriesApplied(file, next, ENTRIES_AT_ONCE)
    if (rows.length === 0) return
    yield* rows.filter(({ mac }) => mac !== null)
    next = rows.at(-1)!.applied! + 1
  }
}

function opens({ file, keys }: Projected, row: EntryRow): boolean {
  try {
    return bodyOf(file, keys, row) !== undefined
  } catch (error) {
    if (!(error instanceof SidikError) || !DAMAGE.includes(error.code)) throw error
    return false
  }
}

/**
 * Makes the tables again from the journal: where an older program has left out what it did not
 * know, and where a person has revoked entries that had taken effect.
 */
import { SidikError } from '../../errors.js'
import { bodyOf, type EntryRow, entriesApplied, signedEntryOf } from '../journal/read.js'
import { PROJECTED_TABLES, project } from './project.js'
import type { Projected } from './projected.js'

const ENTRIES_AT_ONCE = 1_000

/**
 * Finishes a migration, in one transaction. SQL alone cannot, as the bodies of entries are sealed.
 * A damaged body leaves the tables as they are, for `verifyStation` to tell of and the next opening
 * to try again.
 */
export function refoldIfDue(to: Projected): void {
  const { file } = to
  const due = `SELECT 1 FROM meta WHERE name = 'refold'`
  if (file.get(due) === undefined) return
  try {
    file.transaction(() => {
      const why = file.get<{ value: string }>(`SELECT value FROM meta WHERE name = 'refold'`)?.value
      if (why === undefined) return
      if (why !== 'cards named' || hasUnreadNames(to)) refold(to)
      file.run(`DELETE FROM meta WHERE name = 'refold'`)
    })
  } catch (error) {
    if (!(error instanceof SidikError) || !DAMAGE.includes(error.code)) throw error
  }
}

const DAMAGE: readonly string[] = ['STATION_CORRUPT', 'ENTRY_CORRUPT', 'ENTRY_VERSION']

/**
 * Whether an entry names cards (`replaces`, `beside`), and its row does not: a newer station wrote
 * it.
 */
function hasUnreadNames({ file, keys }: Projected): boolean {
  const rows = file.each<EntryRow>(
    `SELECT j.* FROM card_request c JOIN journal j ON j.record = c.record AND j.station = c.station
     WHERE c.purpose = 'replacement' AND c.replaces IS NULL AND j.kind = 'card-requested' AND j.applied IS NOT NULL
     UNION ALL SELECT j.* FROM letter l JOIN journal j ON j.record = l.record AND j.station = l.station
     WHERE l.beside IS NULL AND j.kind = 'letter-issued' AND j.applied IS NOT NULL`,
  )
  for (const row of rows) {
    const body = bodyOf(file, keys, row) as { replaces?: unknown; beside?: unknown } | undefined
    if (body?.replaces !== undefined || body?.beside !== undefined) return true
  }
  return false
}

/**
 * All tables anew. To be called in a transaction.
 *
 * @throws SidikError STATION_CORRUPT, ENTRY_CORRUPT, ENTRY_VERSION for a body that cannot be read
 */
export function refold(to: Projected): void {
  const { file, keys } = to
  for (const { table } of PROJECTED_TABLES) file.run(`DELETE FROM ${table}`)
  foldRevocations(to, to)
  for (let next = 1; ; ) {
    const rows = entriesApplied(file, next, ENTRIES_AT_ONCE)
    if (rows.length === 0) return
    for (const row of rows) project(to, signedEntryOf(row), row.applied!, bodyOf(file, keys, row))
    next = rows.at(-1)!.applied! + 1
  }
}

/**
 * What people of this station revoked stands before everything else is folded: it undoes what had
 * taken effect before it. The word of other stations counts from its place on.
 *
 * @param from where the journal is; into the tables of `to`, which are empty
 */
export function foldRevocations(to: Projected, from: Pick<Projected, 'file'>): void {
  const rows = from.file.all<EntryRow>(
    `SELECT station, sequence, applied, header, hash, signature, body FROM journal
     WHERE kind IN ('peer', 'station-trusted', 'revoked') AND applied IS NOT NULL AND body IS NOT NULL ORDER BY applied`,
  )
  if (!rows.some(row => signedEntryOf(row).header.kind === 'revoked')) return
  for (const row of rows) project(to, signedEntryOf(row), row.applied!, bodyOf(from.file, to.keys, row))
  for (const { table } of PROJECTED_TABLES) if (table !== 'revoked') to.file.run(`DELETE FROM ${table}`)
  to.file.run('DELETE FROM revoked WHERE word_of <> ?', to.self)
}

import { setImmediate } from 'node:timers/promises'
import { abortSignal, callback, readOptions } from '../options.js'
import { append } from './journal/append.js'
import { hostKeyOf } from './open.js'
import { partsOf, type Station, type StationParts } from './station.js'
import type { StationFile } from './store/database.js'
import { dropOldKeys, noteOldKeys } from './store/old-keys.js'
import { keyNumberOf } from './store/seal.js'
import { SEALED_COLUMNS, type SealedColumn } from './store/sealed.js'

/** Contents sealed anew in one transaction: so many rows, or so many bytes. Others wait as long as for one large enrolment. */
const ROWS_AT_ONCE = 200
const BYTES_AT_ONCE = 2 ** 22

/**
 * Gives the station's file another key of the host: its data keys are sealed under that, and a new one seals what comes from now on; all in
 * one transaction, which a kill leaves done or undone. The old key opens nothing from then on, here and in other processes, which must open
 * the station again. The old seals are overwritten in the file, its log and kept logs;
 * `isOldKeyGone` says whether they all are. What was sealed before stays under its data key: who
 * has an earlier copy of the file and the old key can read that copy, and who has read the data
 * keys out of a running process can read what those have sealed until `resealAll` has run. The keys
 * of keyed hashes, MACs and the index of persons are never renewed: who has such a copy and the old
 * key has them too. Revoke that station, and go on with a new file under another id.
 *
 * @throws TypeError when the key is not 32 bytes
 * @throws SidikError STATION_CLOSED, STATION_KEY when another process was faster, STATION_FULL, STATION_BUSY: nothing was changed
 */
export function rotateKey(station: Station, newKey: Uint8Array): Rekeyed {
  const key = hostKeyOf('newKey', newKey)
  const { file, keys } = partsOf(station)
  const old = file.transaction(() => {
    const sealed = keys.sealedKeys()
    append(station, { kind: 'rekeyed', direction: 'local', body: {} })
    keys.renew(key)
    noteOldKeys(file)
    return sealed
  })
  keys.adopt(key)
  return { isOldKeyGone: dropOldKeys(file, old) }
}

export interface Rekeyed {
  /**
   * Whether no file of the station holds anything that an old key, or a data key that is forgotten,
   * opens. False while another process reads the file: it is done when the station is closed or
   * opened next.
   */
  readonly isOldKeyGone: boolean
}

export interface Resealed extends Rekeyed {
  /** Contents that were sealed anew by this call. */
  readonly resealed: number
}

export interface ResealOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/**
 * Seals all that is in the file under the newest data key, a little at a time, and then forgets the older ones. A call that was stopped or
 * killed is gone on with by the next. Others may work with the station meanwhile.
 *
 * @throws SidikError STATION_CLOSED, STATION_KEY, STATION_CORRUPT for what does not open (verifyStation says where), STATION_FULL,
 *   STATION_BUSY; the signal's reason
 */
export async function resealAll(station: Station, options?: ResealOptions): Promise<Resealed> {
  const { signal, onProgress } = readOptions('resealAll', options, ['signal', 'onProgress'])
  abortSignal('signal', signal)
  callback('onProgress', onProgress)
  const { file, keys } = partsOf(station)
  const rowsOf = ({ table }: SealedColumn) => file.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
  const total = SEALED_COLUMNS.reduce((sum, column) => sum + rowsOf(column), 0)
  const newest = keys.newest
  let [done, resealed] = [0, 0]
  for (const column of SEALED_COLUMNS) {
    for (let after = sealedAnewTo(file, column, newest); ; ) {
      signal?.throwIfAborted()
      const slice = resealSlice(partsOf(station), column, after, newest)
      if (slice.rows === 0) break
      after = slice.last
      done += slice.rows
      resealed += slice.resealed
      onProgress?.({ done: Math.min(done, total), total })
      await setImmediate()
    }
  }
  // The older ones seal nothing now: who holds them opens nothing.
  const old = file.transaction(() => {
    file.run(`DELETE FROM meta WHERE name LIKE 'resealed %'`)
    const forgotten = keys.forgetBefore(newest)
    if (forgotten.length > 0) noteOldKeys(file)
    return forgotten
  })
  return { resealed, isOldKeyGone: dropOldKeys(file, old) }
}

const progressName = ({ table }: SealedColumn) => `resealed ${table}`

/** Rows to this one were sealed under the newest key by a call before. */
function sealedAnewTo(file: StationFile, column: SealedColumn, newest: number): number {
  const value = file.get<{ value: string }>('SELECT value FROM meta WHERE name = ?', progressName(column))?.value
  const [key, last] = (value ?? '').split(' ').map(Number)
  return key === newest ? last : 0
}

function resealSlice({ file, keys }: StationParts, column: SealedColumn, after: number, newest: number) {
  const { table, column: name, key } = column
  const sql = `SELECT rowid AS place, ${key.join(', ')}, ${name} AS sealed FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`
  return file.transaction(() => {
    let [rows, resealed, bytes, last] = [0, 0, 0, after]
    const taken: { place: number; sealed: Uint8Array; context: string }[] = []
    for (const row of file.each<{ place: number; sealed: Uint8Array | null }>(sql, after)) {
      rows++
      last = row.place
      if (row.sealed === null) continue
      bytes += row.sealed.length
      if (keyNumberOf(row.sealed) !== newest) {
        taken.push({ place: row.place, sealed: row.sealed, context: column.contextOf({ ...row }) })
      }
      if (bytes > BYTES_AT_ONCE) break
    }
    for (const { place, sealed, context } of taken) {
      const anew = keys.seal(keys.unseal(sealed, context), context)
      resealed += file.run(`UPDATE ${table} SET ${name} = ? WHERE rowid = ?`, anew, place)
    }
    if (rows > 0)
      file.run('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)', progressName(column), `${newest} ${last}`)
    return { rows, resealed, last }
  })
}

/** Entries taken into the file: this station's own and those of others, in one way. To be called in a transaction. */
import { project } from '../project/project.js'
import type { Projected } from '../project/projected.js'
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import type { SignedEntry } from './entry.js'
import { entryMac } from './entry-mac.js'
import { decodeBody } from './kinds.js'
import { leavePlaces, nextPlace } from './places.js'
import { assertUnaltered, bodyContext, bodyOf, type EntryRow, signedEntryOf } from './read.js'

/** Keeps an entry without effect: those before it have still to come. `body` as it is hashed; absent where only the header is here. */
export function holdEntry({ file, keys }: Projected, entry: SignedEntry, body: Uint8Array | undefined): void {
  insertRow(file, keys, entry, body, null)
}

/** Keeps an entry and lets it take effect. Those before it of its station have. */
export function takeEntry(projected: Projected, entry: SignedEntry, body: Uint8Array | undefined): void {
  const { file, keys } = projected
  const applied = nextPlace(file)
  insertRow(file, keys, entry, body, applied)
  project(projected, entry, applied, body && decodeBody(entry.header.kind, body))
}

/** Lets an entry that was held take effect. */
export function releaseEntry(projected: Projected, row: EntryRow): void {
  const { file, keys } = projected
  const applied = nextPlace(file)
  changeEntry(projected, row, { applied })
  project(projected, signedEntryOf(row), applied, bodyOf(file, keys, row))
}

/**
 * Changes what may change of an entry that is here.
 *
 * @param body sealed
 * @throws SidikError STATION_CORRUPT when it is not as this station took it
 */
export function changeEntry(
  { file, keys }: Pick<Projected, 'file' | 'keys'>,
  row: EntryRow,
  change: Partial<Pick<EntryRow, 'applied' | 'body'>>,
): void {
  assertUnaltered(file, keys, row)
  const changed = { ...row, ...change }
  const { station, sequence, applied, body } = changed
  if (row.applied !== null && applied !== row.applied) leavePlaces(file)
  const mac = entryMac(keys, changed)
  const places = 'WHERE station = ? AND sequence = ?'
  if (body === row.body) {
    file.run(`UPDATE journal SET applied = ?, mac = ? ${places}`, applied, mac, station, sequence)
    return
  }
  file.run(`UPDATE journal SET applied = ?, body = ?, mac = ? ${places}`, applied, body, mac, station, sequence)
}

function insertRow(
  file: StationFile,
  keys: DataKeys,
  { header, headerBytes, hash, signature }: SignedEntry,
  body: Uint8Array | undefined,
  applied: number | null,
): void {
  const { station, sequence, kind, direction, record = null, payloads } = header
  const sealed = body === undefined ? null : keys.seal(body, bodyContext(station, sequence))
  file.run(
    `INSERT INTO journal (station, sequence, applied, kind, direction, record, header, hash, signature, body, mac)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    station,
    sequence,
    applied,
    kind,
    direction,
    record,
    headerBytes,
    hash,
    signature,
    sealed,
    entryMac(keys, { station, sequence, applied, kind, direction, record, hash, signature, body: sealed }),
  )
  for (const [place, { role, hash: payload, size }] of payloads.entries()) {
    file.run(
      'INSERT INTO entry_payload (station, sequence, place, role, hash, size) VALUES (?, ?, ?, ?, ?, ?)',
      station,
      sequence,
      place,
      role,
      Buffer.from(payload, 'hex'),
      size,
    )
  }
}

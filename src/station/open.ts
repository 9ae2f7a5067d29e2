import { basename } from 'node:path'
import { SidikError } from '../errors.js'
import { programVersion } from '../node/program-version.js'
import { callback, fileName, flag, readOptions } from '../options.js'
import { type CheckOptions, readCheckOptions } from './check/check-options.js'
import { beginChecks } from './check/checker.js'
import { beginLocalGallery } from './check/local-gallery.js'
import { type PersonIndex, personIndexOf } from './check/person-index.js'
import { reviewInBackground } from './check/review-left.js'
import { boundedClock, type Clock, timeOf } from './clock.js'
import { guardFile } from './guard/adopt.js'
import { assertSchema } from './guard/trusted.js'
import { publicIdentity, signingKeyOf, stationId, verifyKeyOf, verifyWith } from './identity.js'
import { appendTo } from './journal/append.js'
import { newestEntry } from './journal/read.js'
import { type Recogniser, recogniserOf } from './recogniser.js'
import { Station, type StationParts } from './station.js'
import { DataKeys } from './store/data-keys.js'
import { StationFile } from './store/database.js'
import { lostSince, MarkWriter, markPathOf, readMark } from './store/mark.js'
import { dropOldKeys } from './store/old-keys.js'
import { assertOwnFiles } from './store/own-files.js'
import { KEY_BYTES } from './store/seal.js'
import { keepDamagedWal } from './store/wal.js'
import type { PublicIdentity, StationIdentity } from './types.js'

export interface OpenStationOptions {
  /** The station's file (SQLite; a small one lies beside it, `.mark`, and two more while it is open). Made where there is none. */
  readonly path: string
  /** 32 bytes that seal personal data and biometrics in the file, kept by the host elsewhere. */
  readonly key: Uint8Array
  readonly identity: StationIdentity
  /**
   * Decide about its own records while it has no station above: an office that works alone. Told
   * once, and kept; a station above that is added later decides from then on.
   */
  readonly ownCentre?: boolean
  /** Fail where there is no such file, rather than make one. */
  readonly existing?: boolean
  /** An engine of `sidik`, for extraction and duplicate checks; closed by the host after the station. */
  readonly engine?: Recogniser
  /**
   * Index of persons to compare with, in place of the one that a station with an engine keeps in a
   * folder beside its file; closed by the host after the station. No other process may feed it with
   * the persons of this station meanwhile. Without an engine prints come as templates, and all that
   * come are compared; but of a record with two prints of one finger it is not seen that they are.
   */
  readonly index?: PersonIndex
  /** How records are compared with all others, where there is an engine or an index. */
  readonly check?: CheckOptions
  /**
   * The time, milliseconds since 1970, of a year before 9999; `Date.now` unless given. Whatever
   * asks for another time throws a RangeError, and has written nothing.
   */
  readonly clock?: Clock
}

/**
 * Opens a station, or makes one. Takes as long for 100,000 records as for none: the persons to compare with are read in the background.
 *
 * @throws SidikError STATION_KEY for another key than the file was sealed with, STATION_IDENTITY for another station's, FILE_UNREADABLE,
 *   FILE_UNWRITABLE, PEER_EXISTS for `ownCentre` where there is a station above, STATION_FORMAT,
 *   STATION_VERSION, STATION_CORRUPT, STATION_ALTERED when somebody changed it who has no key of
 *   it, STATION_BUSY
 */
export async function openStation(options: OpenStationOptions): Promise<Station> {
  const asked = readOptions('openStation', options, [
    'path',
    'key',
    'identity',
    'ownCentre',
    'existing',
    'engine',
    'index',
    'check',
    'clock',
  ])
  const path = fileName('path', asked.path)
  if (path === undefined) throw new TypeError('path must be the name of a file')
  const hostKey = hostKeyOf('key', asked.key)
  const clock = boundedClock(callback('clock', asked.clock) ?? Date.now)
  const recogniser = recogniserOf('engine', asked.engine)
  const index = personIndexOf('index', asked.index)
  const check = readCheckOptions(asked.check)
  const ownCentre = flag('ownCentre', asked.ownCentre)
  const identity = identityOf(asked.identity)
  const known = await publicIdentity(identity)
  assertOwnFiles(path)
  // In this order: a mark that is read later could speak of what another process has added since.
  const mark = readMark(markPathOf(path))
  const damagedWal = keepDamagedWal(path, timeOf(clock))
  const file = new StationFile(path, { create: !flag('existing', asked.existing) })
  try {
    assertSchema(file)
    const keys = new DataKeys(file, hostKey)
    const parts = { file, keys, identity, signingKey: signingKeyOf(identity), clock, recogniser, index }
    assertOwn(file, known)
    const { unproven } = guardFile(file, keys, known, hostKey)
    begin(parts, known)
    if (unproven > 0) noteUnproven(parts, unproven)
    const lost = mark?.station === known.id ? lostSince(mark, file) : undefined
    if (lost === undefined) damagedWal?.drop()
    // Before the mark is written anew, which would forget it.
    if (lost !== undefined) noteLoss(parts, lost, damagedWal?.path)
    const station = new Station(parts)
    // Now, where a process was killed before it could; when this one is closed, where others read
    // the file until then.
    dropOldKeys(file)
    station.onClose(() => dropWhenClosed(file))
    keepMark(station, parts)
    if (ownCentre) beginOwnCentre(parts)
    reviewInBackground(station)
    beginLocalGallery(station, check.deadlineMs)
    beginChecks(station, check)
    return station
  } catch (error) {
    file.close()
    throw error
  }
}

/** @throws TypeError when it is not 32 bytes */
export function hostKeyOf(name: string, key: unknown): Uint8Array {
  if (key instanceof Uint8Array && key.length === KEY_BYTES) return new Uint8Array(key)
  throw new TypeError(`${name} must be ${KEY_BYTES} bytes (a Uint8Array)`)
}

function identityOf(identity: StationIdentity): StationIdentity {
  if (typeof identity !== 'object' || identity === null) throw new TypeError('identity must be a StationIdentity')
  const { id, signingKey, openingKey } = identity
  if (typeof signingKey !== 'string' || typeof openingKey !== 'string') {
    throw new TypeError('identity must have signingKey and openingKey, as createIdentity makes them')
  }
  return { id: stationId('identity.id', id), signingKey, openingKey }
}

/** @throws SidikError STATION_IDENTITY when the journal in the file is another station's */
function assertOwn(file: StationFile, known: PublicIdentity): void {
  const owner = file.get<{ value: string }>(`SELECT value FROM meta WHERE name = 'station'`)?.value
  if (owner === undefined) return
  const newest = newestEntry(file, known.id)
  const own = owner === known.id && newest !== undefined
  if (own && verifyWith(verifyKeyOf(known), newest.hash, newest.signature)) return
  const what = own ? `signs with another key than the journal's` : `is not '${owner}', whose file this is`
  throw new SidikError('STATION_IDENTITY', `${file.path}: the identity '${known.id}' ${what}`)
}

function keepMark(station: Station, { file, identity }: StationParts): void {
  const writer = new MarkWriter(markPathOf(file.path))
  station.onClose(() => writer.close())
  const note = () => writer.note(file, identity.id)
  note()
  file.onCommit(note)
}

/** The station goes on: who was recorded and is lost must come again, which cannot be put right by recording nobody. */
function noteLoss(parts: StationParts, lost: string, kept: string | undefined): void {
  const detail = kept === undefined ? lost : `${lost}; the write-ahead log as it was found is kept as ${basename(kept)}`
  appendTo(parts, { kind: 'anomaly', direction: 'local', body: { code: 'rolled-back', detail } })
}

/** A station can be closed whatever somebody wrote into its file. */
function dropWhenClosed(file: StationFile): void {
  try {
    dropOldKeys(file)
  } catch (error) {
    if (!(error instanceof SidikError)) throw error
  }
}

/**
 * Notes how many entries nobody can prove. They had effects in an older version, and have none from
 * here on.
 */
function noteUnproven(parts: StationParts, unproven: number): void {
  const detail =
    `${unproven} entries of the journal do not open, or nothing proves that their stations wrote them: ` +
    'verifyStation names them'
  appendTo(parts, { kind: 'anomaly', direction: 'local', body: { code: 'entries-unproven', detail } })
}

function beginOwnCentre(parts: StationParts): void {
  const { file, identity } = parts
  if (file.get('SELECT 1 FROM own_centre') !== undefined) return
  if (file.get(`SELECT 1 FROM peer WHERE relation = 'upstream'`) !== undefined) {
    throw new SidikError('PEER_EXISTS', `station ${identity.id} has an upstream, which decides about its records`)
  }
  appendTo(parts, { kind: 'own-centre', direction: 'local', body: {} })
}

function begin(parts: StationParts, { id, verifyKey, sealTo }: PublicIdentity): void {
  const { file } = parts
  if (newestEntry(file, id) !== undefined) return
  file.transaction(() => {
    if (newestEntry(file, id) !== undefined) return
    file.run(`INSERT INTO meta (name, value) VALUES ('station', ?)`, id)
    const body = { software: `sidik ${programVersion()}`, verifyKey, sealTo }
    appendTo(parts, { kind: 'opened', direction: 'local', body })
  })
}

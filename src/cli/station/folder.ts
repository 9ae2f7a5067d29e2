/** A station as the command line keeps it: one folder with its file, its identity and, unless it is kept elsewhere, its key. */
import { chmod, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Engine } from '../../engine.js'
import { SidikError } from '../../errors.js'
import { PRIVATE_FILE_MODE, PRIVATE_FOLDER_MODE } from '../../node/modes.js'
import type { CheckOptions } from '../../station/check/check-options.js'
import { openStation } from '../../station/open.js'
import type { Station } from '../../station/station.js'
import { KEY_BYTES } from '../../station/store/seal.js'
import type { PublicIdentity, StationIdentity } from '../../station/types.js'
import { readBytes, readJson } from './read.js'

export const NAMES = {
  /** How the name begins of a key that is being taken into use, by rekey. */
  newKey: 'key.new',
  file: 'station.db',
  identity: 'identity.json',
  key: 'key',
  /** What other stations are given. */
  public: 'public.json',
} as const

const identitySchema = z.object({ id: z.string(), signingKey: z.string(), openingKey: z.string() })
const publicSchema = z.object({ id: z.string(), verifyKey: z.string(), sealTo: z.string() })

/** @throws SidikError FILE_UNREADABLE, STATION_IDENTITY */
export async function readIdentity(folder: string): Promise<StationIdentity> {
  return readAs(join(folder, NAMES.identity), identitySchema, 'the identity of a station')
}

/** @throws SidikError FILE_UNREADABLE, STATION_IDENTITY */
export async function readPublicIdentity(path: string): Promise<PublicIdentity> {
  return readAs(path, publicSchema, 'the public identity of a station')
}

/** @throws SidikError FILE_UNREADABLE, STATION_KEY */
export async function readKey(path: string): Promise<Uint8Array> {
  const key = await readBytes(path)
  if (key.length === KEY_BYTES) return key
  throw new SidikError('STATION_KEY', `${path} holds ${key.length} bytes, a key has ${KEY_BYTES}`)
}

export interface StationOptions {
  /** File of the key; the folder's own unless given. */
  readonly key?: string
}

/**
 * The key that opens the station. One that `rekey` is taking into use, or was when it was killed, is
 * in use or it is not: the station says.
 *
 * @throws SidikError FILE_UNREADABLE, STATION_KEY
 */
export async function readStationKey(
  folder: string,
  { key }: StationOptions,
  identity: StationIdentity,
): Promise<Uint8Array> {
  if (key !== undefined) return readKey(key)
  for (const next of await newKeysIn(folder)) {
    const newKey = await readKey(next).catch(() => undefined)
    if (newKey === undefined || !(await opens(folder, newKey, identity))) continue
    await putInPlace(next, folder)
    return newKey
  }
  return readKey(join(folder, NAMES.key))
}

/** Gives a key that seals the station its name, unless another command was faster. */
export async function putInPlace(newKey: string, folder: string): Promise<void> {
  try {
    await rename(newKey, join(folder, NAMES.key))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return
    throw new SidikError('FILE_UNWRITABLE', `${newKey} is the station's key now, and cannot be renamed`, { cause })
  }
}

async function newKeysIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter(name => name.startsWith(NAMES.newKey)).map(name => join(folder, name))
}

/** Whether the key is the one that the folder's station is sealed with. */
export async function opens(folder: string, key: Uint8Array, identity: StationIdentity): Promise<boolean> {
  try {
    await (await openStation({ path: join(folder, NAMES.file), key, identity, existing: true })).close()
    return true
  } catch (error) {
    if (error instanceof SidikError && error.code === 'STATION_KEY') return false
    throw error
  }
}

/** Runs `work` with the folder's station and closes that whatever happens. */
export async function withStation<Result>(
  folder: string,
  options: StationOptions & { readonly engine?: Engine; readonly check?: CheckOptions },
  work: (station: Station, identity: StationIdentity) => Promise<Result>,
): Promise<Result> {
  const { engine, check } = options
  const identity = await readIdentity(folder)
  // Not before: somebody may have named another folder by mistake, of which others live.
  await tighten(folder)
  const station = await openStation({
    path: join(folder, NAMES.file),
    key: await readStationKey(folder, options, identity),
    identity,
    existing: true,
    ...(engine && { engine }),
    ...(check && { check }),
  })
  try {
    return await work(station, identity)
  } finally {
    await station.close()
  }
}

/**
 * Takes all rights of others to the folder and its secret files, which may have been made by hand
 * or copied. Another owner's file, or one on a file system without modes, stays as it is.
 */
async function tighten(folder: string): Promise<void> {
  const secrets = [...[NAMES.identity, NAMES.key].map(name => join(folder, name)), ...(await newKeysIn(folder))]
  await chmod(folder, PRIVATE_FOLDER_MODE).catch(() => {})
  for (const path of secrets) await chmod(path, PRIVATE_FILE_MODE).catch(() => {})
}

/** What is in the file is a secret, or may be: no error repeats any of it. */
async function readAs<T>(path: string, schema: z.ZodType<T>, what: string): Promise<T> {
  const read = schema.safeParse(await readJson(path))
  if (read.success) return read.data
  throw new SidikError('STATION_IDENTITY', `${path} is not ${what}, as 'sidik station init' writes it`)
}

/** A station's keys: Ed25519 (RFC 8032) to sign, X25519 by way of age (age-encryption.org/v1) to open what is sealed. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { SidikError } from '../errors.js'
import type { PublicIdentity, StationIdentity } from './types.js'

/** Ids are names of files as well: '.' and '..' are none. */
const STATION_ID = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/

/** An age recipient (X25519): bech32 with the prefix 'age'. */
const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/

const RAW_KEY_BYTES = 32

/** What DER puts before the 32 bytes of an Ed25519 public key (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

export function isStationId(value: unknown): value is string {
  return typeof value === 'string' && STATION_ID.test(value)
}

/** @throws TypeError when it is not 1 to 64 letters, digits, '.', '-', '_', or is '.' or '..' */
export function stationId(name: string, value: unknown): string {
  if (isStationId(value)) return value
  throw new TypeError(`${name} must be 1 to 64 letters, digits, '.', '-' or '_'`)
}

/** New keys for a station. The host keeps them; whoever has them can speak for the station. */
export async function createIdentity(id: string): Promise<StationIdentity> {
  stationId('id', id)
  const { privateKey } = generateKeyPairSync('ed25519')
  return {
    id,
    signingKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    openingKey: await generateX25519Identity(),
  }
}

/**
 * The public half of an identity, for `addPeer` at other stations.
 *
 * @throws SidikError STATION_IDENTITY when its keys are no keys
 */
export async function publicIdentity(identity: StationIdentity): Promise<PublicIdentity> {
  const publicKey = createPublicKey(signingKeyOf(identity))
  const der = publicKey.export({ format: 'der', type: 'spki' })
  return {
    id: stationId('identity.id', identity.id),
    verifyKey: der.subarray(SPKI_PREFIX.length).toString('base64'),
    sealTo: await recipientOf(identity),
  }
}

async function recipientOf({ id, openingKey }: StationIdentity): Promise<string> {
  try {
    return await identityToRecipient(openingKey)
  } catch {
    // Not as cause: its message may repeat the key.
    throw new SidikError('STATION_IDENTITY', `openingKey of '${id}' is no age identity (AGE-SECRET-KEY-1...)`)
  }
}

/** @throws SidikError STATION_IDENTITY when it is no Ed25519 private key */
export function signingKeyOf({ id, signingKey }: StationIdentity): KeyObject {
  const key = keyOrNone(() => createPrivateKey(signingKey))
  if (key?.asymmetricKeyType === 'ed25519') return key
  throw new SidikError('STATION_IDENTITY', `signingKey of '${id}' is no Ed25519 private key in PEM`)
}

/** @throws SidikError STATION_IDENTITY when it is not the base64 of an Ed25519 public key */
export function verifyKeyOf({ id, verifyKey }: { readonly id: string; readonly verifyKey: string }): KeyObject {
  const raw = Buffer.from(verifyKey, 'base64')
  const key =
    raw.length === RAW_KEY_BYTES && raw.toString('base64') === verifyKey
      ? keyOrNone(() => createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' }))
      : undefined
  if (key !== undefined) return key
  throw new SidikError('STATION_IDENTITY', `verifyKey of '${id}' is not the base64 of an Ed25519 public key`)
}

/** @throws SidikError STATION_IDENTITY for keys that are none */
export function assertPublicIdentity(known: PublicIdentity): void {
  verifyKeyOf(known)
  if (typeof known.sealTo === 'string' && RECIPIENT.test(known.sealTo)) return
  throw new SidikError('STATION_IDENTITY', `sealTo of '${known.id}' is no age recipient (age1...)`)
}

/** 64 bytes. */
export function signWith(key: KeyObject, data: Uint8Array): Uint8Array {
  return sign(null, data, key)
}

export function verifyWith(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, data, key, signature)
}

function keyOrNone(read: () => KeyObject): KeyObject | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

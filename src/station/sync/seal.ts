/**
 * A message signed by its sender, then sealed for its receiver (age-encryption.org/v1, X25519): who carries it sees how long it is and no more.
 */
import { setImmediate } from 'node:timers/promises'
import { SidikError } from '../../errors.js'
import { AgeError, open, seal } from '../age.js'
import { signWith, verifyWith } from '../identity.js'
import { peerOf } from '../peers.js'
import { partsOf, type Station } from '../station.js'
import { sha256 } from '../store/payloads.js'
import { MAX_MESSAGE_BYTES, messageBytes, readingMessage } from './message.js'
import type { Message } from './message-schema.js'
import { dayOf, noteAnomaly } from './noted.js'
import { trustedKey } from './trust.js'

/** age adds a header of some 200 bytes and 16 bytes to each 64 KiB. */
const MAX_SEALED_BYTES = MAX_MESSAGE_BYTES + MAX_MESSAGE_BYTES / 4096 + 4_096

/** The message as it travels. @throws SidikError PEER_UNKNOWN */
export async function sealMessage(station: Station, message: Message): Promise<Uint8Array> {
  const { sealTo } = peerOf(partsOf(station).file, message.to)
  return allOf(seal(piecesOf(signedMessage(station, message)), sealTo))
}

/** The bytes of the message with this station's signature, not sealed. */
export function signedMessage(station: Station, message: Message): Buffer {
  const bytes = messageBytes(message)
  return Buffer.concat([bytes, signWith(partsOf(station).signingKey, sha256(bytes))])
}

/**
 * The message in what came, once it is known that a peer signed it for this station.
 *
 * @throws SidikError MESSAGE_CORRUPT, MESSAGE_VERSION, MESSAGE_NOT_FOR_US, PEER_UNKNOWN, MESSAGE_FORGED (also noted as an anomaly)
 */
export async function openMessage(station: Station, sealed: Uint8Array): Promise<Message> {
  const { identity } = partsOf(station)
  if (sealed.length > MAX_SEALED_BYTES) {
    throw new SidikError('MESSAGE_CORRUPT', `a message of ${sealed.length} bytes is longer than any: it was altered`)
  }
  return readSignedMessage(station, await unsealed(sealed, identity.openingKey))
}

/**
 * Opens the bytes that `signedMessage` made; others have their turn between its steps. Throws as
 * {@link openMessage}.
 */
export async function readSignedMessage(station: Station, bytes: Uint8Array): Promise<Message> {
  const { identity } = partsOf(station)
  const { message, signed, signature } = await inTurns(readingMessage(bytes))
  if (message.to !== identity.id) {
    throw new SidikError('MESSAGE_NOT_FOR_US', `the message is for station ${message.to}, this is ${identity.id}`)
  }
  const peer = peerOf(partsOf(station).file, message.from)
  if (verifyWith(trustedKey(peer.verifyKey, peer.id), sha256(signed), signature)) return message
  const what =
    `a message that claims to come from station ${message.from} is not signed by it: ` +
    'who made it is not known, and the station that it names need not know of it'
  noteAnomaly(station, 'message-forged', `${message.from} ${dayOf(partsOf(station).clock)}`, what)
  throw new SidikError('MESSAGE_FORGED', what)
}

async function inTurns<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    await setImmediate()
    const { done, value } = steps.next()
    if (done) return value
  }
}

async function unsealed(sealed: Uint8Array, openingKey: string): Promise<Uint8Array> {
  try {
    return await allOf(open(piecesOf(sealed), openingKey))
  } catch (error) {
    if (error instanceof AgeError && error.forOthers) {
      throw new SidikError('MESSAGE_NOT_FOR_US', 'the message is sealed for another station')
    }
    throw new SidikError('MESSAGE_CORRUPT', 'the message does not open: it was cut short or altered')
  }
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function allOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  const bytes = Buffer.concat(all)
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

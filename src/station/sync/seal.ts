/**
 * A message signed by its sender, then sealed for its receiver (age-encryption.org/v1, X25519): who carries it sees how long it is and no more.
 */
import { setImmediate } from 'node:timers/promises'
import { SidikError } from '../../errors.js'
import { AgeError, open, seal } from '../age.js'
import { signWith, verifyWith } from '../identity.js'
import { peerOf } from '../peers.js'
import { beginWork, noteProcessorMs, takePendingMs } from '../quotas/processor-time.js'
import { type Beyond, quotaBeyondUnopened, spend } from '../quotas/use.js'
import { partsOf, type Station } from '../station.js'
import { sha256 } from '../store/payloads.js'
import type { Peer } from '../types.js'
import {
  hasChunks,
  MAX_MESSAGE_BYTES,
  type MessageHead,
  MOST_TEXT_BYTES_WITHOUT_ENTRIES,
  messageBytes,
  readHead,
  readingMessage,
  signedPart,
} from './message.js'
import type { Message } from './message-schema.js'
import { dayOf, noteAnomaly, noteQuota } from './noted.js'
import { trustedKey } from './trust.js'

/** age adds a header of some 200 bytes and 16 bytes to each 64 KiB. */
const MOST_SEALING_BYTES = MAX_MESSAGE_BYTES / 4096 + 4_096
const MAX_SEALED_BYTES = MAX_MESSAGE_BYTES + MOST_SEALING_BYTES

/**
 * The message as it travels. The time that this takes counts to the peer that it is for: one may ask
 * for much with little. @throws SidikError PEER_UNKNOWN
 */
export async function sealMessage(station: Station, message: Message): Promise<Uint8Array> {
  const { id, sealTo } = peerOf(partsOf(station).file, message.to)
  const workedMs = beginWork()
  const signed = signedMessage(station, message)
  noteProcessorMs(station, id, workedMs() + AGREEING_MS + signed.length * SEALING_MS)
  return allOf(seal(piecesOf(signed), sealTo))
}

/** The bytes of the message with this station's signature, not sealed. */
export function signedMessage(station: Station, message: Message): Buffer {
  const bytes = messageBytes(message)
  return Buffer.concat([bytes, signWith(partsOf(station).signingKey, sha256(bytes))])
}

/** Time to seal or unseal a message, in ms: to agree on its key, and for each of its bytes. */
const AGREEING_MS = 5
const UNSEALING_MS = 5 / 2 ** 20
const SEALING_MS = 2 / 2 ** 20

/**
 * The message in what came, once it is known that a peer signed it for this station.
 *
 * @throws SidikError MESSAGE_CORRUPT, MESSAGE_VERSION, MESSAGE_NOT_FOR_US, PEER_UNKNOWN, MESSAGE_FORGED (also noted as an anomaly)
 */
export async function openMessage(station: Station, sealed: Uint8Array): Promise<Message> {
  return readSignedMessage(station, await unsealed(station, sealed, () => {}))
}

/**
 * The same within the quotas of the peer that the message names: one that is certain to exceed them
 * is turned away when its first 64 KiB are open.
 *
 * @param carrier the peer that is known to have brought it: a message of another is turned away as
 *   early, and the time and bytes of what is no message of its count to it
 * @throws SidikError PEER_QUOTA
 */
export async function openMessageWithinQuotas(station: Station, sealed: Uint8Array, carrier?: Peer): Promise<Message> {
  const sizes = { bytes: sealed.length, brings: false, entries: false }
  if (carrier !== undefined) assertNotBeyond(station, carrier, quotaBeyondUnopened(station, carrier, sizes))
  let opened = 0
  try {
    const bytes = await unsealed(station, sealed, piece => {
      opened += piece.length
      if (opened > piece.length) return
      const head = readHead(piece)
      if (carrier !== undefined) assertCarried(station, head, carrier)
      assertWithinQuotas(station, head, sealed.length)
    })
    opened = 0
    const message = await readSignedMessage(station, bytes, carrier)
    noteProcessorMs(station, message.from, AGREEING_MS)
    return message
  } catch (error) {
    if (carrier !== undefined && isOfMessage(error)) {
      const processorMs = AGREEING_MS + opened * UNSEALING_MS + takePendingMs(station, carrier.id)
      partsOf(station).file.transaction(() => spend(station, carrier, { bytes: sealed.length, processorMs }))
    }
    throw error
  }
}

function isOfMessage(error: unknown): boolean {
  return error instanceof SidikError && error.code.startsWith('MESSAGE_')
}

/** @throws SidikError MESSAGE_FORGED when the message says another sender than the peer that brought it */
function assertCarried(station: Station, { from }: MessageHead, carrier: Peer): void {
  if (from === carrier.id) return
  const what = `station ${carrier.id} brought a message that claims to come from another one: it was not taken`
  noteAnomaly(station, 'message-forged', `by ${carrier.id} ${dayOf(partsOf(station).clock)}`, what, carrier)
  throw new SidikError('MESSAGE_FORGED', what)
}

/**
 * Turns away a message that is certain to exceed the quotas of the peer that it names. Nobody has
 * proved that the peer sent it: nothing is counted.
 *
 * @param bytes of the message, sealed or not
 * @throws SidikError PEER_UNKNOWN, PEER_QUOTA
 */
export function assertWithinQuotas(station: Station, head: MessageHead, bytes: number): void {
  const peer = senderOf(station, head)
  const entries = head.textBytes > MOST_TEXT_BYTES_WITHOUT_ENTRIES
  const brings = entries || hasChunks(head, bytes - MOST_SEALING_BYTES)
  assertNotBeyond(station, peer, quotaBeyondUnopened(station, peer, { bytes, brings, entries }))
}

/** @throws SidikError PEER_QUOTA */
function assertNotBeyond(station: Station, peer: Peer, beyond: Beyond | undefined): void {
  if (beyond === undefined) return
  noteQuota(station, peer, beyond.quota)
  throw beyond.error
}

/**
 * Opens the bytes that `signedMessage` made; others have their turn between its steps. The time
 * that this takes counts to the peer, once it is known that the peer signed or brought them. Throws
 * as {@link openMessage}.
 *
 * @param carrier the peer that is known to have brought them
 */
export async function readSignedMessage(station: Station, bytes: Uint8Array, carrier?: Peer): Promise<Message> {
  const { file } = partsOf(station)
  const peer = senderOf(station, readHead(bytes))
  if (carrier !== undefined) noteProcessorMs(station, peer.id, bytes.length * UNSEALING_MS)
  checkSignature(station, peer, bytes, carrier !== undefined)
  const count = (ms: number) => noteProcessorMs(station, peer.id, ms)
  if (carrier === undefined) count(bytes.length * UNSEALING_MS)
  try {
    return (await inTurns(readingMessage(bytes), count)).message
  } catch (error) {
    file.transaction(() => spend(station, peer, { processorMs: takePendingMs(station, peer.id) }))
    throw error
  }
}

/** @throws SidikError MESSAGE_NOT_FOR_US, PEER_UNKNOWN */
function senderOf(station: Station, { from, to }: MessageHead): Peer {
  const { file, identity } = partsOf(station)
  if (to === identity.id) return peerOf(file, from)
  throw new SidikError('MESSAGE_NOT_FOR_US', `the message is for station ${to}, this is ${identity.id}`)
}

/** Before the text is parsed: that is dearer. */
function checkSignature(station: Station, { id, verifyKey }: Peer, bytes: Uint8Array, isCarrier: boolean): void {
  const workedMs = beginWork()
  const { signed, signature } = signedPart(bytes)
  const isSigned = verifyWith(trustedKey(verifyKey, id), sha256(signed), signature)
  if (isSigned || isCarrier) noteProcessorMs(station, id, workedMs())
  if (isSigned) return
  const what =
    `a message that claims to come from station ${id} is not signed by it: ` +
    'who made it is not known, and the station that it names need not know of it'
  noteAnomaly(station, 'message-forged', `${id} ${dayOf(partsOf(station).clock)}`, what)
  throw new SidikError('MESSAGE_FORGED', what)
}

async function inTurns<T>(steps: Generator<void, T>, onStep: (ms: number) => void): Promise<T> {
  for (;;) {
    await setImmediate()
    const workedMs = beginWork()
    try {
      const { done, value } = steps.next()
      if (done) return value
    } finally {
      onStep(workedMs())
    }
  }
}

/** @param onPiece is given each 64 KiB, and may throw */
async function unsealed(
  station: Station,
  sealed: Uint8Array,
  onPiece: (piece: Uint8Array) => void,
): Promise<Uint8Array> {
  if (sealed.length > MAX_SEALED_BYTES) {
    throw new SidikError('MESSAGE_CORRUPT', `a message of ${sealed.length} bytes is longer than any: it was altered`)
  }
  try {
    return await allOf(open(piecesOf(sealed), partsOf(station).identity.openingKey), onPiece)
  } catch (error) {
    if (error instanceof SidikError) throw error
    if (error instanceof AgeError && error.forOthers) {
      throw new SidikError('MESSAGE_NOT_FOR_US', 'the message is sealed for another station')
    }
    throw new SidikError('MESSAGE_CORRUPT', 'the message does not open: it was cut short or altered')
  }
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function allOf(pieces: AsyncIterable<Uint8Array>, onPiece?: (piece: Uint8Array) => void): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) {
    onPiece?.(piece)
    all.push(piece)
  }
  const bytes = Buffer.concat(all)
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

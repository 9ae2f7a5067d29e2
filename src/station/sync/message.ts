import { SidikError } from '../../errors.js'
import { jsonShape } from './json-shape.js'
import { type Chunk, MAX_CHUNK_BYTES, type Message, type MessageText, messageSchema } from './message-schema.js'

/**
 * A message between two stations, version 1, as bytes. Little-endian. It is sealed for its receiver (seal.ts) before it
 * leaves the station.
 *
 *     offset  bytes  field
 *          0      4  magic 'SDKM'
 *          4      2  version 1
 *          6      4  n, bytes of the text
 *         10      n  the text: JSON, UTF-8, of message-schema.ts
 *     10 + n      c  bytes of the chunks, in the order of the text's `chunks`, whose sizes add up to c
 * 10 + n + c     64  Ed25519 signature of the sender over the SHA-256 of all bytes before
 */

export const MESSAGE_VERSION = 1

const MAGIC = [0x53, 0x44, 0x4b, 0x4d]
const TEXT_AT = 10
export const SIGNATURE_BYTES = 64

/**
 * Longest message: what a receiver takes into memory for one peer, twice as long as a sender makes
 * one. Three quarters of it may be text.
 */
export const MAX_MESSAGE_BYTES = 16_777_216
const MAX_TEXT_BYTES = (MAX_MESSAGE_BYTES / 4) * 3

/**
 * More than the text of a message without entries and refusals can have: full lists of what is
 * held, asked for and acknowledged.
 */
export const MOST_TEXT_BYTES_WITHOUT_ENTRIES = 5_242_880

/** Bytes in which the text has named both stations: it begins with its version and them. */
const BEGINNING_BYTES = 256

/** The text nests lists of objects: three levels, and none may lie deeper. */
const MAX_DEPTH = 4

/** Half as many values again as all lists of a message can hold. A text of nothing but '{},' takes seconds to parse. */
const MAX_VALUES = 250_000

/** The bytes of `message` without the signature, which is made over them. */
export function messageBytes(message: Message): Uint8Array {
  const chunks = message.chunks.map(({ hash, offset, bytes }) => ({ hash, offset, size: bytes.length }))
  const text = new TextEncoder().encode(JSON.stringify({ ...message, chunks } satisfies MessageText))
  const bytes = new Uint8Array(
    TEXT_AT + text.length + message.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0),
  )
  bytes.set(MAGIC)
  const view = new DataView(bytes.buffer)
  view.setUint16(4, MESSAGE_VERSION, true)
  view.setUint32(6, text.length, true)
  bytes.set(text, TEXT_AT)
  let at = TEXT_AT + text.length
  for (const chunk of message.chunks) {
    bytes.set(chunk.bytes, at)
    at += chunk.bytes.length
  }
  return bytes
}

/** A message as it was read: what was signed, and by what signature. Nothing of it is to be believed before that is checked. */
export interface ReadMessage {
  readonly message: Message
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

/**
 * What `bytes` say.
 *
 * @throws SidikError MESSAGE_CORRUPT for what is no message or contradicts itself; MESSAGE_VERSION for one of a newer version
 */
export function readMessage(bytes: Uint8Array): ReadMessage {
  const steps = readingMessage(bytes)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The words of a message before it is opened. Nothing proves it but the signature. */
export interface MessageHead {
  readonly from: string
  readonly to: string
  readonly textBytes: number
}

/**
 * Reads the head of a message.
 *
 * @param beginning its bytes, or the first 64 KiB of them
 * @throws SidikError as {@link readMessage}
 */
export function readHead(beginning: Uint8Array): MessageHead {
  if (beginning.length < TEXT_AT + SIGNATURE_BYTES) corrupt(`ends after ${beginning.length} bytes, in its header`)
  if (MAGIC.some((byte, at) => beginning[at] !== byte)) corrupt("does not begin with 'SDKM'")
  const view = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength)
  const version = view.getUint16(4, true)
  if (version > MESSAGE_VERSION) {
    throw new SidikError(
      'MESSAGE_VERSION',
      `the message is of version ${version}, and this program reads ${MESSAGE_VERSION}: ` +
        'the station that is older needs a newer program',
    )
  }
  if (version !== MESSAGE_VERSION) corrupt(`states version ${version} at offset 4`)
  const textBytes = view.getUint32(6, true)
  if (textBytes > MAX_TEXT_BYTES) corrupt(`states ${textBytes} bytes of text at offset 6, more than are read`)
  const text = Buffer.from(beginning.subarray(TEXT_AT, TEXT_AT + BEGINNING_BYTES)).toString('latin1')
  const [, from, to] = /^\{"v":1,"from":"([\w.-]{1,64})","to":"([\w.-]{1,64})",/.exec(text) ?? []
  return from === undefined
    ? corrupt('does not begin its text with its version and who sends it')
    : { from, to, textBytes }
}

/** Tells whether a message of so many bytes has chunks. */
export function hasChunks({ textBytes }: MessageHead, bytes: number): boolean {
  return bytes > TEXT_AT + textBytes + SIGNATURE_BYTES
}

/** The text under a message's signature, and the signature. */
export function signedPart(bytes: Uint8Array): Pick<ReadMessage, 'signed' | 'signature'> {
  const end = bytes.length - SIGNATURE_BYTES
  return { signed: bytes.subarray(0, end), signature: bytes.subarray(end) }
}

/** The steps of `readMessage`: none takes longer than others can wait. */
export function* readingMessage(bytes: Uint8Array): Generator<void, ReadMessage> {
  const { from, to, textBytes } = checkLength(bytes)
  const text = decoded(bytes.subarray(TEXT_AT, TEXT_AT + textBytes))
  yield
  const { depth, values } = jsonShape(text)
  if (depth > MAX_DEPTH) corrupt(`nests its text deeper than ${MAX_DEPTH} levels`)
  if (values > MAX_VALUES) corrupt(`holds more than ${MAX_VALUES} values`)
  yield
  const value = parsed(text)
  yield
  const stated = checked(value)
  yield
  // JSON lets a name stand twice.
  if (stated.from !== from || stated.to !== to) corrupt('names two stations for one')
  const { signed, signature } = signedPart(bytes)
  const chunks = readChunks(stated.chunks, signed.subarray(TEXT_AT + textBytes))
  return { message: { ...stated, chunks }, signed, signature }
}

function checkLength(bytes: Uint8Array): MessageHead {
  if (bytes.length > MAX_MESSAGE_BYTES)
    corrupt(`has ${bytes.length} bytes, more than the ${MAX_MESSAGE_BYTES} that are read`)
  const head = readHead(bytes)
  if (TEXT_AT + head.textBytes > bytes.length - SIGNATURE_BYTES) {
    corrupt(`states ${head.textBytes} bytes of text at offset 6, and has ${bytes.length} in all`)
  }
  return head
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    corrupt(NO_JSON)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words cite the text, which may hold what nobody should read in a log.
    corrupt(NO_JSON)
  }
}

function checked(value: unknown): MessageText {
  const found = messageSchema.safeParse(value)
  if (found.success) return found.data as MessageText
  const issue = found.error.issues[0]
  corrupt(`breaks the rules of its text at '${issue.path.join('.')}' (${issue.code})`)
}

const NO_JSON = 'has a text that is no JSON in UTF-8'

function readChunks(stated: MessageText['chunks'], bytes: Uint8Array): Chunk[] {
  let at = 0
  const chunks = stated.map(({ hash, offset, size }) => {
    if (size > MAX_CHUNK_BYTES || at + size > bytes.length) corrupt('ends within its chunks')
    at += size
    return { hash, offset, bytes: bytes.subarray(at - size, at) }
  })
  if (at !== bytes.length) corrupt(`has ${bytes.length - at} bytes after its last chunk`)
  return chunks
}

function corrupt(what: string): never {
  throw new SidikError('MESSAGE_CORRUPT', `the message ${what}: it was cut short or altered, and must be sent again`)
}

/**
 * What a bundle's parts, one behind the other, are: one file of age (age-encryption.org/v1), sealed for the receiver. Opened it holds,
 * little-endian:
 *
 *     offset  bytes  field
 *          0      4  magic 'SDKB'
 *          4      2  version 1
 *          6     16  id of the bundle, ASCII
 *         22         for each message: 4 bytes n, then n bytes, a message as sync/message.ts draws it, signed by its sender
 *
 * Both ways are streams: no more than a message is held in memory, however large the bundle is.
 */
import { SidikError } from '../../errors.js'
import { AgeError, open, seal } from '../age.js'
import { Taken } from '../taken.js'
import { BUNDLE_ID_LETTERS } from './names.js'

const STREAM_VERSION = 1
const MAGIC = Buffer.from('SDKB')
const HEAD_BYTES = 6 + BUNDLE_ID_LETTERS
const LENGTH_BYTES = 4

/** The bytes of a bundle with these messages. What `messages` throws is thrown. */
export function sealBundle(
  bundle: string,
  messages: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  sealTo: string,
): AsyncGenerator<Uint8Array> {
  return seal(framed(bundle, messages), sealTo)
}

/**
 * The messages of a bundle.
 *
 * @param mostBytes of a message
 * @throws SidikError BUNDLE_NOT_FOR_US when `openingKey` does not open it, BUNDLE_CORRUPT, BUNDLE_FORMAT, BUNDLE_VERSION; what `pieces`
 *   throws is thrown as it is
 */
export async function* openBundle(
  bundle: string,
  pieces: AsyncIterable<Uint8Array>,
  openingKey: string,
  mostBytes: number,
): AsyncGenerator<Uint8Array> {
  const taken = new Taken(opened(bundle, pieces, openingKey))
  try {
    checkHead(bundle, await taken.take(HEAD_BYTES))
    for (;;) {
      const at = taken.offset
      const length = await taken.take(LENGTH_BYTES)
      if (length === undefined && taken.have === 0) return
      const size = length?.readUInt32LE() ?? 0
      const message = size > 0 && size <= mostBytes ? await taken.take(size) : undefined
      if (message === undefined) {
        const what = `bundle ${bundle} states at byte ${at} of what is sealed in it a message of ${size} bytes, which cannot be`
        throw new SidikError('BUNDLE_CORRUPT', what)
      }
      yield message
    }
  } finally {
    await taken.end()
  }
}

function checkHead(bundle: string, head: Buffer | undefined): void {
  if (head === undefined || !head.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new SidikError(
      'BUNDLE_FORMAT',
      `what is sealed in bundle ${bundle} are no messages: it does not begin with 'SDKB'`,
    )
  }
  const version = head.readUInt16LE(MAGIC.length)
  if (version > STREAM_VERSION) {
    const known = `this program reads version ${STREAM_VERSION}: update it`
    throw new SidikError('BUNDLE_VERSION', `bundle ${bundle} holds messages in version ${version}, ${known}`)
  }
  if (head.toString('latin1', 6) !== bundle) {
    throw new SidikError('BUNDLE_CORRUPT', `what is sealed in bundle ${bundle} is another bundle`)
  }
}

async function* framed(
  bundle: string,
  messages: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const head = Buffer.alloc(HEAD_BYTES)
  MAGIC.copy(head)
  head.writeUInt16LE(STREAM_VERSION, MAGIC.length)
  head.write(bundle, 6, 'ascii')
  yield head
  for await (const message of messages) {
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32LE(message.length)
    yield length
    yield message
  }
}

/** What the sealed bytes hold. An error of `pieces` stays what it is; what age does not open is damage. */
async function* opened(
  bundle: string,
  pieces: AsyncIterable<Uint8Array>,
  openingKey: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* open(pieces, openingKey)
  } catch (cause) {
    if (!(cause instanceof AgeError)) throw cause
    if (cause.forOthers) {
      throw new SidikError('BUNDLE_NOT_FOR_US', `bundle ${bundle} is sealed for other keys than this station has`)
    }
    throw new SidikError('BUNDLE_CORRUPT', `bundle ${bundle} does not open: what was sealed in it is not whole`, {
      cause,
    })
  }
}

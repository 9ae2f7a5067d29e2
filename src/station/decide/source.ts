/** The bytes of a file of decisions, wherever they come from. */
import { readRegular } from '../../node/regular-file.js'
import { untilAborted } from '../../until-aborted.js'
import { format } from './rows.js'

/** A file's name, its bytes, or a stream of them. */
export type DecisionSource = string | Uint8Array | AsyncIterable<Uint8Array>

/** Most bytes of a file: a batch of MOST_ROWS rows has some 30 MiB. */
export const MOST_FILE_BYTES = 64 * 2 ** 20

/**
 * All of it.
 *
 * @throws TypeError; SidikError FILE_UNREADABLE, DECISIONS_FORMAT when it is too large; the signal's
 *   reason
 */
export async function bytesOf(source: DecisionSource, signal: AbortSignal | undefined): Promise<Buffer> {
  if (typeof source === 'string') {
    const bytes = await readRegular(source, MOST_FILE_BYTES, { followLinks: true, signal })
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  if (source instanceof Uint8Array) {
    assertBounds(source.length)
    // A copy: the work takes many turns of the event loop, and the caller may reuse its bytes.
    return Buffer.from(source)
  }
  if (typeof source !== 'object' || source === null || !(Symbol.asyncIterator in source)) {
    throw new TypeError('source must be the name of a file, bytes (a Uint8Array) or a stream of bytes')
  }
  const stream = source[Symbol.asyncIterator]()
  try {
    return await gathered(stream, signal)
  } catch (error) {
    // Nobody waits for a stream that does not answer.
    stream.return?.().catch(() => {})
    throw error
  }
}

async function gathered(stream: AsyncIterator<Uint8Array>, signal: AbortSignal | undefined): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for (let length = 0; ; ) {
    const { done, value } = await untilAborted(stream.next(), signal)
    if (done) return Buffer.concat(pieces)
    if (!(value instanceof Uint8Array)) throw new TypeError('source must be a stream of bytes (Uint8Array)')
    length += value.length
    assertBounds(length)
    pieces.push(value)
  }
}

function assertBounds(length: number): void {
  if (length <= MOST_FILE_BYTES) return
  throw format(`the file of decisions has more than ${MOST_FILE_BYTES} bytes: give it in parts`)
}

import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'

export interface CheckedBody {
  readonly stream: ReadableStream<Uint8Array>
  /** Whether the body came whole and is not the one that was signed. */
  isAltered(): boolean
}

/**
 * A request's body for the tus server, compared with its digest as it passes. One that breaks off just ends: the server keeps what came, and
 * the station goes on from there. That part cannot be checked then; the digest of the whole message is, before anybody sees it.
 */
export function checkedBody(request: IncomingMessage, digest: Buffer): CheckedBody {
  const hash = createHash('sha256')
  let altered = false
  async function* parts(): AsyncGenerator<Uint8Array> {
    try {
      for await (const part of request) {
        hash.update(part)
        yield part
      }
      altered = request.complete && !hash.digest().equals(digest)
    } catch {
      // The connection is gone.
    }
  }
  const stream = Readable.toWeb(Readable.from(parts(), { objectMode: false })) as ReadableStream<Uint8Array>
  return { stream, isAltered: () => altered }
}

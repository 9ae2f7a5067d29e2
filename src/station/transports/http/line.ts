/** One HTTP request and its response over a line that may break, stall or be somebody else's. */
import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { SidikError } from '../../../errors.js'
import { untilAborted } from '../../../until-aborted.js'
import type { Fields } from './signature.js'

export interface LineRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Fields
  readonly body?: Uint8Array | undefined
  readonly signal: AbortSignal | undefined
  /** Longest time in which no byte moves. */
  readonly timeoutMs: number
  readonly agent: Agent
}

export interface LineResponse {
  readonly status: number
  /** Names in small letters, several of one name joined. */
  readonly headers: Fields
  /** The body as it comes. Left early, or after an error, the connection is closed. */
  parts(): AsyncGenerator<Uint8Array>
  /** Reads a body that nobody wants, so that the connection can serve again; closes it when that is long. */
  skip(): void
  /** Closes the connection. */
  drop(): void
}

/** Written at a time: each piece that leaves shows that the line moves. */
const PIECE = 64 * 1024

/** What is read of a body that nobody wants: what answers with more is no hub. */
const SKIPPED = 64 * 1024

/** What systems call a connection that broke, though they name a fault of the protocol. */
const BROKEN = new Set(['HPE_INVALID_EOF_STATE', 'HPE_CLOSED_CONNECTION'])

/** What Node calls a certificate that it does not trust: 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'. */
const UNTRUSTED = /CERT|LEAF_SIGNATURE|ALTNAME/

/**
 * The beginning of a response; its body is read from it.
 *
 * @throws the signal's reason when it is aborted, also from `parts`
 * @throws SidikError LINE_DOWN, LINE_PROTOCOL, also from `parts`
 */
export async function requestOver(line: LineRequest): Promise<LineResponse> {
  const { url, method, headers, body, signal, timeoutMs, agent } = line
  signal?.throwIfAborted()
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const length = body === undefined ? {} : { 'content-length': String(body.length) }
  const request = send(url, { method, agent, headers: { ...headers, ...length } })
  const watch = stallWatch(timeoutMs, () => {
    const seconds = Math.round(timeoutMs / 100) / 10
    request.destroy(new SidikError('LINE_DOWN', `${url.origin}: nothing moved for ${seconds} s`))
  })
  // Not before: it may have to wait for a connection, where the host application's agent allows but a few.
  request.once('socket', watch.begin)
  request.once('close', watch.end)
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    // Not once: a connection that breaks may have more than one thing to say, and what nobody hears ends the process.
    request.on('error', error => reject(lineError(error, url)))
  })
  write(request, body, watch.moved)
  const message = await untilAborted(response, signal, () => request.destroy())
  watch.moved()
  return responseOf(message, request, line, watch)
}

function responseOf(
  message: IncomingMessage,
  request: ClientRequest,
  line: LineRequest,
  watch: StallWatch,
): LineResponse {
  message.on('error', () => {})
  const drop = () => {
    message.destroy()
    request.destroy()
  }
  return {
    status: message.statusCode ?? 0,
    headers: fieldsOf(message),
    async *parts() {
      const parts = message[Symbol.asyncIterator]()
      try {
        for (;;) {
          const next = await untilAborted(parts.next(), line.signal, drop)
          watch.moved()
          if (next.done === true) break
          yield next.value as Uint8Array
        }
        // What the stall watch says comes as an error of the request, and ends the response without one.
        if (!message.complete) throw request.errored ?? Object.assign(new Error('cut short'), { code: 'ECONNRESET' })
      } catch (error) {
        drop()
        throw line.signal?.aborted === true
          ? line.signal.reason
          : lineError(request.errored ?? (error as Error), line.url)
      } finally {
        if (!message.complete) drop()
      }
    },
    skip() {
      let skipped = 0
      message.on('data', (part: Uint8Array) => {
        skipped += part.length
        if (skipped > SKIPPED) drop()
      })
    },
    drop,
  }
}

/** Writes piece after piece as they leave. An error of the request is heard where the request is awaited. */
function write(request: ClientRequest, body: Uint8Array | undefined, moved: () => void): void {
  if (body === undefined || body.length === 0) {
    request.end()
    return
  }
  const next = (at: number) => {
    moved()
    if (request.destroyed) return
    if (at >= body.length) request.end()
    else request.write(body.subarray(at, at + PIECE), error => error == null && next(at + PIECE))
  }
  next(0)
}

interface StallWatch {
  begin(): void
  moved(): void
  end(): void
}

function stallWatch(timeoutMs: number, onStall: () => void): StallWatch {
  let timer: NodeJS.Timeout | undefined
  return {
    begin: () => {
      timer = setTimeout(onStall, timeoutMs)
    },
    moved: () => timer?.refresh(),
    end: () => clearTimeout(timer),
  }
}

function fieldsOf(message: IncomingMessage): Fields {
  const fields = Object.entries(message.headersDistinct).map(([name, values = []]) => [name, values.join(', ')])
  return Object.fromEntries(fields)
}

/** In our words, and without Node's picture of the bytes that it could not parse. */
function lineError(cause: Error, { origin, protocol }: URL): SidikError {
  if (cause instanceof SidikError) return cause
  const { code = '' } = cause as NodeJS.ErrnoException
  if (UNTRUSTED.test(code)) {
    return new SidikError(
      'LINE_PROTOCOL',
      `the certificate of ${origin} is not trusted (${code}): another answers in its place, its certificate is not known here, or the clock is wrong`,
      { cause },
    )
  }
  if (/^(HPE_|ERR_SSL_|EPROTO$)/.test(code) && !BROKEN.has(code)) {
    const spoken = protocol === 'https:' ? 'HTTPS' : 'HTTP'
    return new SidikError('LINE_PROTOCOL', `what answers at ${origin} does not speak ${spoken} (${code})`)
  }
  // Of several addresses that were all tried in vain there is a code and no message.
  const why = CAUSES[code]
  const words = why === undefined ? code || cause.message : `${code}: ${why}`
  return new SidikError('LINE_DOWN', `the line to ${origin} is down (${words})`, { cause })
}

/** Meaning of a system's code for somebody who has to mend the line. */
const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no computer has this name',
  EAI_AGAIN: 'names cannot be looked up: there is no network',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'no way leads there',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
}

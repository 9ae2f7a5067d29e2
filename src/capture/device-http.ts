/** How adapters speak with a device's service on this machine: HTTP with whatever verb its protocol has. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { SidikError } from '../errors.js'

export interface DeviceCall {
  readonly url: URL
  /** Any token: protocols of scanners have verbs of their own. */
  readonly method: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** Certificates (PEM) to trust here in place of those that Node knows, for a service that brings its own. */
  readonly ca?: string | undefined
  /** Longest answer that is read, 128 MiB unless given: one that is known to be short is not let grow. */
  readonly maxBytes?: number
}

export interface DeviceAnswer {
  readonly status: number
  readonly bytes: Uint8Array
}

/** Four slaps of 20 megapixels in base64 are less. */
const MAX_BYTES = 128 * 1024 * 1024

/** What systems call a connection that broke. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_EOF_STATE'])

/** What Node calls a certificate that it does not trust: 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'. */
const UNTRUSTED = /CERT|LEAF_SIGNATURE/

/**
 * A whole answer.
 *
 * @throws the signal's reason when it is aborted
 * @throws SidikError DEVICE_UNREACHABLE, DEVICE_DISCONNECTED, DEVICE_PROTOCOL for an answer that is no HTTP or has no end
 */
export async function callDevice(call: DeviceCall): Promise<DeviceAnswer> {
  const { maxBytes = MAX_BYTES } = call
  const message = await openAnswer(call)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of partsOf(message, call)) {
    size += part.length
    if (size > maxBytes) {
      message.destroy()
      throw new SidikError('DEVICE_PROTOCOL', `${call.url.origin} sends more than ${maxBytes} bytes`)
    }
    parts.push(part)
  }
  return { status: message.statusCode ?? 0, bytes: Buffer.concat(parts, size) }
}

/** The beginning of an answer that may have no end; `partsOf` reads it, and closes the connection when left. */
export function openAnswer({ url, method, headers, body, signal, ca }: DeviceCall): Promise<IncomingMessage> {
  signal.throwIfAborted()
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent = send(url, {
      method,
      // One connection a call: when it closes, the device's service knows that nobody waits any more.
      agent: false,
      signal,
      headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
      ...(ca !== undefined && { ca }),
    })
    sent.once('response', resolve)
    // Not once: an answer that breaks may have more than one thing to say, and what nobody hears ends the process.
    sent.on('error', error => reject(signal.aborted ? signal.reason : deviceError(error, url, sent.socket?.connecting)))
    sent.end(body)
  })
}

/** @throws as {@link callDevice} */
export async function* partsOf(message: IncomingMessage, { url, signal }: DeviceCall): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of message) yield part
  } catch (error) {
    throw signal.aborted ? signal.reason : deviceError(error as Error, url, false)
  } finally {
    message.destroy()
  }
}

export function contentTypeOf(message: IncomingMessage): string {
  return message.headers['content-type'] ?? ''
}

function deviceError(cause: Error, url: URL, connecting: boolean | undefined): SidikError {
  const { code = '' } = cause as NodeJS.ErrnoException
  if ((code.startsWith('HPE_') || code === 'EPROTO') && !BROKEN.has(code)) {
    const spoken = url.protocol === 'https:' ? 'HTTPS' : 'HTTP'
    return new SidikError('DEVICE_PROTOCOL', `what answers at ${url.origin} does not speak ${spoken} (${code})`, {
      cause,
    })
  }
  if (BROKEN.has(code) && connecting !== true) {
    return new SidikError(
      'DEVICE_DISCONNECTED',
      `the connection to ${url.origin} broke (${code}): see whether the device is attached and its software runs, and capture again`,
      { cause },
    )
  }
  if (UNTRUSTED.test(code)) {
    return new SidikError(
      'DEVICE_UNREACHABLE',
      `the certificate of ${url.origin} is not trusted (${cause.message}): give the one that the device's software was installed with (ca)`,
      { cause },
    )
  }
  // Of several addresses that were all tried in vain there is a code and no message.
  return new SidikError(
    'DEVICE_UNREACHABLE',
    `nothing can be reached at ${url.origin} (${cause.message || code}): see whether the device's software runs`,
    { cause },
  )
}

import { type DetailedError, type HttpRequest, type HttpResponse, Upload } from 'tus-js-client'
import { SidikError } from '../../../errors.js'
import { untilAborted } from '../../../until-aborted.js'
import { sha256 } from '../../store/payloads.js'
import { digestField } from './digest.js'
import { callHub, type Hub } from './hub-call.js'

export interface UploadOptions {
  readonly signal: AbortSignal | undefined
  /** May be told less than before. */
  readonly onSent: (bytes: number) => void
  readonly chunkBytes: number
  readonly retryDelaysMs: readonly number[]
}

/** Up to here a message goes with the request that creates its upload, and so in one round trip; broken in between, it begins anew. */
const AT_ONCE_BYTES = 32 * 1024

/** What a tus server answers when the client's idea of the upload is not its own any more: asked again, it says how things stand. */
const OUT_OF_STEP = new Set([404, 409, 410, 423])

/**
 * Uploads a message by tus 1.0, and goes on where it was when the line breaks.
 *
 * @returns the upload's URL, when the hub has all of it
 * @throws the signal's reason; SidikError LINE_DOWN, LINE_REFUSED, LINE_PROTOCOL
 */
export async function uploadMessage(hub: Hub, message: Uint8Array, options: UploadOptions): Promise<URL> {
  const { signal, onSent, chunkBytes, retryDelaysMs } = options
  let stop = () => {}
  let isHeard = false
  const finished = new Promise<string>((resolve, reject) => {
    const upload = new Upload(Buffer.from(message.buffer, message.byteOffset, message.byteLength), {
      endpoint: hub.url.href,
      httpStack: { createRequest: (method, url) => hubRequest(hub, method, url, signal), getName: () => 'sidik' },
      chunkSize: chunkBytes,
      retryDelays: [...retryDelaysMs],
      metadata: { sha256: sha256(message).toString('hex') },
      uploadDataDuringCreation: message.length <= AT_ONCE_BYTES,
      // What would let another process go on: a message is sealed anew for each exchange.
      storeFingerprintForResuming: false,
      fingerprint: async () => '',
      onAfterResponse: (request, response) => {
        isHeard = true
        const offset = offsetIn(request, response, message.length, hub)
        if (offset > 0 && signal?.aborted !== true) onSent(offset)
      },
      onShouldRetry: error => isPassing(error as DetailedError) && (isHeard || !isNobodyThere(error as DetailedError)),
      onSuccess: () => resolve(upload.url as string),
      onError: error => reject(uploadError(error as DetailedError, hub)),
    })
    stop = () => void upload.abort()
    upload.start()
  })
  const href = await untilAborted(finished, signal, () => stop())
  onSent(message.length)
  return ownUrl(hub, href)
}

/** What the client of tus takes for a request: ours signs itself and checks that the response is the hub's. */
function hubRequest(hub: Hub, method: string, href: string, signal: AbortSignal | undefined): HttpRequest {
  const headers: Record<string, string> = {}
  return {
    getMethod: () => method,
    getURL: () => href,
    setHeader: (name, value) => {
      headers[name.toLowerCase()] = value
    },
    getHeader: name => headers[name.toLowerCase()],
    setProgressHandler: () => {},
    async send(body: Uint8Array | null | undefined) {
      const url = ownUrl(hub, href)
      const digest = body ? { 'content-digest': digestField(sha256(body)) } : {}
      const response = await callHub(hub, {
        method,
        url,
        headers: { ...headers, ...digest },
        body: body ?? undefined,
        signal,
      })
      response.skip()
      return {
        getStatus: () => response.status,
        getHeader: name => response.headers[name.toLowerCase()],
        getBody: () => '',
        getUnderlyingObject: () => undefined,
      }
    },
    // The signal ends it.
    abort: async () => {},
    getUnderlyingObject: () => undefined,
  }
}

/**
 * The offset that a response states; 0 where it need not state one. The client of tus takes it as it comes, and would ask for ever
 * where a part is taken and nothing comes of it.
 */
function offsetIn(request: HttpRequest, response: HttpResponse, size: number, { url }: Hub): number {
  const status = response.getStatus()
  const method = request.getMethod()
  const stated = response.getHeader('upload-offset')
  if (status < 200 || status > 299 || (method === 'POST' && stated === undefined)) return 0
  const offset = Number(stated)
  const least = method === 'PATCH' ? Number(request.getHeader('upload-offset')) + 1 : 0
  if (stated === undefined || !Number.isInteger(offset) || offset < least || offset > size) {
    throw new SidikError(
      'LINE_PROTOCOL',
      `${url.origin} has ${stated} bytes of an upload, where ${least} to ${size} can be`,
    )
  }
  const length = response.getHeader('upload-length')
  if (method !== 'HEAD' || Number(length) === size) return offset
  throw new SidikError('LINE_PROTOCOL', `${url.origin} has an upload of ${length} bytes in place of one of ${size}`)
}

/** @throws SidikError LINE_PROTOCOL when it is no upload below the hub's URL: signed requests go nowhere else */
function ownUrl({ url: { origin, pathname } }: Hub, href: string): URL {
  const url = URL.canParse(href) ? new URL(href) : undefined
  if (url?.origin === origin && (url.pathname === pathname || url.pathname.startsWith(`${pathname}/`))) return url
  throw new SidikError('LINE_PROTOCOL', `${origin} names an upload that is not below its own address`)
}

function isPassing({ causingError, originalResponse }: DetailedError): boolean {
  if (causingError instanceof SidikError) return causingError.code === 'LINE_DOWN'
  return causingError == null && originalResponse !== null && isPassingStatus(originalResponse.getStatus())
}

/** What the system says where there is no hub, or no network. */
const NOBODY = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

/** Nothing to go on with is at stake then: when to try again is the caller's to say, who knows how long it has been so. */
function isNobodyThere({ causingError }: DetailedError): boolean {
  const code = (causingError?.cause as NodeJS.ErrnoException | undefined)?.code
  return code !== undefined && NOBODY.includes(code)
}

function isPassingStatus(status: number): boolean {
  return OUT_OF_STEP.has(status) || status >= 500
}

/** In our words: those of the client of tus hold whatever the hub sent. */
function uploadError(error: DetailedError, { url: { origin } }: Hub): unknown {
  const { causingError, originalResponse } = error
  if (causingError instanceof SidikError) return causingError
  const status = originalResponse?.getStatus()
  if (causingError != null || status === undefined) return causingError ?? error
  const code = isPassingStatus(status) ? 'LINE_DOWN' : 'LINE_PROTOCOL'
  return new SidikError(code, `${origin} answers an upload with status ${status}`)
}

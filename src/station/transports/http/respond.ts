import type { IncomingMessage, ServerResponse } from 'node:http'
import { REFUSALS, type Refusal } from './refusals.js'
import { type Fields, type SignedRequest, type Signer, signResponse } from './signature.js'

export type Reply =
  | {
      readonly status: number
      readonly headers?: Fields
      readonly body?: Uint8Array
      /** The whole response has left this machine. */
      readonly onSent?: () => void
    }
  | { readonly refusal: Refusal; readonly timeS?: number; readonly retryAfterS?: number }

/** A request as its sender signed it. Of its address only the path counts. */
export function signedRequestOf(request: IncomingMessage): SignedRequest {
  const fields = Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(', ')])
  const target = `http://hub${request.url}`
  const url = new URL(request.url?.startsWith('/') === true && URL.canParse(target) ? target : 'http://hub/')
  return { method: request.method ?? '', url, headers: Object.fromEntries(fields) }
}

/** Sends a reply, signed when the request has a signature that it can be bound to: without one there is nobody who could check it. */
export async function respond(
  response: ServerResponse,
  reply: Reply,
  request: SignedRequest,
  signer: Signer,
  nowMs: number,
): Promise<void> {
  const { status, headers = {}, body, onSent } = 'refusal' in reply ? refusalOf(reply) : reply
  const fields = { 'tus-resumable': '1.0.0', 'cache-control': 'no-store', ...headers }
  const signed = await signResponse({ status, headers: fields }, request, signer, Math.floor(nowMs / 1000)).catch(
    () => ({
      headers: fields,
    }),
  )
  if (response.destroyed || response.headersSent) return
  if (onSent !== undefined) response.once('finish', onSent)
  const length = status === 204 ? {} : { 'content-length': String(body?.length ?? 0) }
  response.writeHead(status, { ...signed.headers, ...length })
  response.end(body)
}

function refusalOf({
  refusal,
  timeS,
  retryAfterS,
}: Extract<Reply, { refusal: Refusal }>): Exclude<Reply, { refusal: Refusal }> {
  const time = timeS === undefined ? {} : { 'sidik-time': String(timeS) }
  const later = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }
  return { status: REFUSALS[refusal], headers: { 'sidik-refusal': refusal, ...time, ...later } }
}

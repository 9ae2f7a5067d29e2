import { type KeyObject, randomBytes } from 'node:crypto'
import type { Agent } from 'node:http'
import { SidikError } from '../../../errors.js'
import { type LineResponse, requestOver } from './line.js'
import { refused } from './refusals.js'
import { type Fields, isResponseOf, type Signer, signRequest } from './signature.js'

/** The hub at the other end, and what is known of it. */
export interface Hub {
  readonly url: URL
  readonly id: string
  readonly key: KeyObject
  readonly station: Signer
  readonly agent: Agent
  readonly timeoutMs: number
  /** What the hub's clock is ahead of ours, in seconds: learned from it when it refuses the time of a request. */
  aheadS: number
}

export interface HubCall {
  readonly method: string
  readonly url: URL
  readonly headers: Fields
  readonly body?: Uint8Array | undefined
  readonly signal: AbortSignal | undefined
}

/** Times that a request is signed again because of its time or nonce: the second by the hub's own clock must do. */
const SIGNED_AGAIN = 2

/**
 * The hub's own response to a signed request; it refuses nothing.
 *
 * @throws SidikError for a refusal, for a response that is not the hub's, for a line that is down
 */
export async function callHub(hub: Hub, { method, url, headers, body, signal }: HubCall): Promise<LineResponse> {
  for (let again = 0; ; again++) {
    const createdS = Math.floor(Date.now() / 1000) + hub.aheadS
    const nonce = randomBytes(16).toString('base64url')
    const request = await signRequest({ method, url, headers }, hub.station, { to: hub.id, createdS, nonce })
    const { agent, timeoutMs } = hub
    const response = await requestOver({ ...request, body, signal, agent, timeoutMs })
    if (!(await isResponseOf(hub, response, request))) {
      response.drop()
      throw notTheHub(response.status, url.origin)
    }
    const { 'sidik-refusal': refusal, 'sidik-time': time, 'retry-after': retryAfter } = response.headers
    if (refusal === undefined) return response
    response.skip()
    if (time === undefined || again === SIGNED_AGAIN) throw refused(refusal, url.origin, retryAfter)
    hub.aheadS = secondsOf(time, url.origin) - Math.floor(Date.now() / 1000)
  }
}

function secondsOf(time: string, origin: string): number {
  if (/^\d{1,12}$/.test(time)) return Number(time)
  throw new SidikError('LINE_PROTOCOL', `${origin} states a time that is none`)
}

/** What bears no signature is a proxy's word that the hub is away, or somebody else's word. */
function notTheHub(status: number, origin: string): SidikError {
  if (status >= 500 || status === 429) {
    return new SidikError(
      'LINE_DOWN',
      `${origin}: something before the hub says that it cannot be reached (status ${status})`,
    )
  }
  const limit = status === 413 ? ': a proxy before it limits the size of requests, perhaps' : ''
  return new SidikError(
    'LINE_PROTOCOL',
    `what answers at ${origin} does not prove to be the hub (status ${status}, no signature of its key)${limit}`,
  )
}

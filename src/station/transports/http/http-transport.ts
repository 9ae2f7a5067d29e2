import { type Agent, Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { SidikError } from '../../../errors.js'
import { abortSignal, callback, readOptions, wholeNumber } from '../../../options.js'
import { signingKeyOf, stationId, verifyKeyOf } from '../../identity.js'
import type { Transport } from '../../sync/transport.js'
import type { PublicIdentity, StationIdentity } from '../../types.js'
import { fetchAnswer } from './answer.js'
import type { Hub } from './hub-call.js'
import { PartSize } from './part-size.js'
import { Places } from './places.js'
import { uploadMessage } from './upload.js'

export interface HttpTransportOptions {
  /** Of the hub: 'https://hub.example/sync'. */
  readonly url: string | URL
  /** Of this station: its requests are signed with its key. */
  readonly identity: StationIdentity
  /** The hub: its responses must be signed with its key. */
  readonly peer: PublicIdentity
  /**
   * Bytes of a message that go in one request, 512 KiB unless given; more, up to 8 MiB, where the line carries them in a quarter of a second. What
   * a break costs does not depend on it, since a hub keeps what came; small ones cost a round trip each, and with large ones a slow line
   * looks as if it stood still (see `timeoutMs`).
   */
  readonly chunkBytes?: number
  /**
   * Longest time in which nothing moves, in ms, before the line counts as down: one minute unless given. A request leaves this machine long
   * before it has arrived on a slow line: 512 KiB a minute, 9 KB/s, is the least that does not look so.
   */
  readonly timeoutMs?: number
  /** Waits, in ms, before trying again when the line breaks, as many as there are tries without any progress: 0.1 to 5 s, five of them, unless given. */
  readonly retryDelaysMs?: readonly number[]
  /** Longest answer that is taken, 64 MiB unless given. */
  readonly maxAnswerBytes?: number
  /** Of node:http or node:https, for what only the host application knows: certificates to trust, a proxy. It is not closed here. */
  readonly agent?: Agent
}

const KNOWN = [
  'url',
  'identity',
  'peer',
  'chunkBytes',
  'timeoutMs',
  'retryDelaysMs',
  'maxAnswerBytes',
  'agent',
] as const satisfies readonly (keyof HttpTransportOptions)[]

const RETRY_DELAYS_MS = [100, 500, 1_000, 2_000, 5_000]

/** Times that a message is uploaded: a hub that was restored from a copy, or has lost its disk, has not what it had. */
const TIMES = 2

/** Exchanges of one transport that are on the line at a time, so that they do not starve each other: fewer than a hub lets a station have uploads. */
const AT_ONCE = 4

/**
 * Messages to a hub over HTTP or HTTPS: uploaded by the tus protocol 1.0, in parts and resumed where they were when the line breaks; then the
 * answer is fetched, which is resumed likewise. Requests and responses are signed (RFC 9421), so that plain HTTP does for messages that
 * are sealed, and a captive portal is not taken for the hub. A clock that is wrong does not matter: the hub tells its time.
 * `httpReceiver` is the other end; docs/station-http.md says what goes over the line.
 *
 * @throws TypeError, RangeError naming the option that is not what it should be
 * @throws SidikError STATION_IDENTITY for keys that are none
 */
export function httpTransport(options: HttpTransportOptions): Transport {
  const call = 'httpTransport'
  const { identity, peer, ...given } = readOptions(call, options, KNOWN)
  const url = hubUrl(given.url)
  const chunkBytes = wholeNumber(`${call}: chunkBytes`, given.chunkBytes ?? 512 * 1024, 1_024, 64 * 1024 * 1024)
  const timeoutMs = wholeNumber(`${call}: timeoutMs`, given.timeoutMs ?? 60_000, 10, 3_600_000)
  const maxAnswerBytes = wholeNumber(`${call}: maxAnswerBytes`, given.maxAnswerBytes ?? 64 * 1024 * 1024, 0, 2 ** 31)
  const retryDelaysMs = delays(given.retryDelaysMs ?? RETRY_DELAYS_MS)
  const kept = given.agent === undefined ? keptConnections(url) : undefined
  const hub: Hub = {
    url,
    id: stationId(`${call}: peer.id`, peer.id),
    key: verifyKeyOf(peer),
    station: { id: stationId(`${call}: identity.id`, identity.id), key: signingKeyOf(identity) },
    agent: given.agent ?? (kept as Agent),
    timeoutMs,
    aheadS: 0,
  }
  const places = new Places(AT_ONCE)
  const part = new PartSize(chunkBytes)
  return {
    name: url.origin,
    async exchange(message, told) {
      if (!(message instanceof Uint8Array)) throw new TypeError('exchange: message must be a Uint8Array')
      const signal = abortSignal('exchange: signal', told.signal)
      const onSent = growing(callback('exchange: onSent', told.onSent))
      signal?.throwIfAborted()
      const work = async () => {
        for (let times = 0; times < TIMES; times++) {
          const began = performance.now()
          const uploading = { signal, onSent, chunkBytes: part.bytes, retryDelaysMs }
          const upload = await uploadMessage(hub, message, uploading).catch(error => {
            if (mayBeTooLong(error) && part.limit()) return undefined
            part.failed()
            throw error
          })
          if (upload === undefined) continue
          part.took(message.length, performance.now() - began)
          const answer = await fetchAnswer(hub, upload, { signal, maxAnswerBytes, retryDelaysMs })
          if (answer !== undefined) return answer
        }
        throw new SidikError('LINE_DOWN', `${url.origin} does not keep what is uploaded`)
      }
      return places.within(work, signal)
    },
    async close() {
      kept?.destroy()
    },
  }
}

/** A proxy that lets no request through that is so long answers itself: that is none of the hub's responses. */
function mayBeTooLong(error: unknown): boolean {
  return error instanceof SidikError && error.code === 'LINE_PROTOCOL'
}

function keptConnections({ protocol }: URL): Agent {
  const kind = { keepAlive: true, maxSockets: AT_ONCE }
  return protocol === 'https:' ? new HttpsAgent(kind) : new HttpAgent(kind)
}

/** Told what is more than before, and the end of a message of no bytes. */
function growing(onSent: ((bytes: number) => void) | undefined): (bytes: number) => void {
  let most = -1
  return bytes => {
    if (bytes <= most) return
    most = bytes
    onSent?.(bytes)
  }
}

function hubUrl(given: string | URL): URL {
  const text = String(given)
  if (!URL.canParse(text)) throw new TypeError('httpTransport: url must be a URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TypeError('httpTransport: url must be of http or https')
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new TypeError('httpTransport: url must have no query, no fragment and no password')
  }
  url.pathname = url.pathname.replace(/\/+$/, '')
  if (url.pathname === '/') throw new TypeError('httpTransport: url must have a path, as in https://hub.example/sync')
  return url
}

function delays(given: readonly number[]): readonly number[] {
  if (!Array.isArray(given)) throw new TypeError('httpTransport: retryDelaysMs must be an array')
  return given.map((delay, i) => wholeNumber(`httpTransport: retryDelaysMs[${i}]`, delay, 0, 3_600_000))
}

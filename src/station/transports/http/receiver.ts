import type { RequestListener } from 'node:http'
import { callback, readOptions, wholeNumber } from '../../../options.js'
import { isStationId, signingKeyOf, stationId, verifyKeyOf } from '../../identity.js'
import { Answers } from './answers.js'
import { authenticator } from './authenticate.js'
import { HubDesk, type TusServer } from './hub-desk.js'
import type { HttpReceiverOptions } from './receiver-options.js'
import { respond, signedRequestOf } from './respond.js'
import type { Signer } from './signature.js'
import { Uploads } from './uploads.js'

const KNOWN = [
  'identity',
  'peerOf',
  'receive',
  'store',
  'path',
  'maxBytes',
  'uploadsPerStation',
  'keptAnswerBytes',
  'timeoutMs',
  'onError',
  'now',
] as const satisfies readonly (keyof HttpReceiverOptions)[]

/** A hub's end of the line. */
export interface HttpReceiver {
  /** What the tus server must be made with, beside its `datastore`. */
  readonly serverOptions: {
    readonly path: string
    readonly relativeLocation: true
    readonly maxSize: number
    readonly lockDrainTimeout: number
    readonly namingFunction: (request: Request) => string
  }
  /** For `createServer` of node:http or node:https, or below a path of the host's own server. It answers 404 to what is not below `path`. */
  listener(server: TusServer): RequestListener
}

const MOST_BYTES = 2 ** 31

/** How long a station waits for an answer in one request, in ms, before it has to ask anew: any station's line may stand still for that long. */
const PATIENCE_MS = 5_000

/**
 * How long, in ms, the tus server lets a request go on writing to an upload that another asks for: the other is the same station, which knows that the
 * connection of the first is dead.
 */
const LOCK_DRAIN_MS = 100

/**
 * What a hub needs to be the other end of `httpTransport`: options for a server of @tus/server, which takes the uploads, and a listener that stands
 * before it. The listener lets only signed requests of known stations through, and signs every response. docs/station-http.md shows a whole
 * hub of some 20 lines, and says what a proxy before it must leave alone.
 *
 * @throws TypeError, RangeError naming the option that is not what it should be
 * @throws SidikError STATION_IDENTITY for a key that is none
 */
export function httpReceiver(options: HttpReceiverOptions): HttpReceiver {
  const call = 'httpReceiver'
  const { identity, ...given } = readOptions(call, options, KNOWN)
  const signer: Signer = { id: stationId(`${call}: identity.id`, identity?.id), key: signingKeyOf(identity) }
  const receive = required(`${call}: receive`, given.receive)
  const peerOf = required(`${call}: peerOf`, given.peerOf)
  const path = hubPath(given.path ?? '/sync')
  const maxBytes = wholeNumber(`${call}: maxBytes`, given.maxBytes ?? 64 * 1024 * 1024, 0, MOST_BYTES)
  const perStation = wholeNumber(`${call}: uploadsPerStation`, given.uploadsPerStation ?? 16, 1, 1_000)
  const keptBytes = wholeNumber(`${call}: keptAnswerBytes`, given.keptAnswerBytes ?? 64 * 1024 * 1024, 0, MOST_BYTES)
  const timeoutMs = wholeNumber(`${call}: timeoutMs`, given.timeoutMs ?? 60_000, 10, 3_600_000)
  const onError = callback(`${call}: onError`, given.onError) ?? (() => {})
  const now = callback(`${call}: now`, given.now) ?? Date.now
  const { store } = given

  const uploads = new Uploads(perStation, now)
  const answers = new Answers({ store, receive, onError, maxBytes, keptBytes })
  const authenticate = authenticator(signer.id, keyLookup(peerOf), now)
  const desk = new HubDesk({
    path,
    maxBytes,
    store,
    uploads,
    answers,
    patienceMs: Math.min(PATIENCE_MS, timeoutMs / 4),
    now,
  })
  return {
    serverOptions: {
      path,
      relativeLocation: true,
      maxSize: maxBytes,
      lockDrainTimeout: LOCK_DRAIN_MS,
      namingFunction: request => desk.nameFor(request),
    },
    listener: server => async (request, response) => {
      request.setTimeout(timeoutMs)
      let station: string | undefined
      const signed = signedRequestOf(request)
      try {
        if (!desk.isBelow(signed.url.pathname)) {
          response.writeHead(404).end()
          return
        }
        const from = await authenticate(signed)
        if ('station' in from) station = from.station
        const reply = 'refusal' in from ? from : await desk.serve(server, from.station, signed, request)
        await respond(response, reply, signed, signer, now())
      } catch (error) {
        onError(error, station)
        await respond(response, { refusal: 'failed' }, signed, signer, now()).catch(() => response.destroy())
      }
    },
  }
}

function keyLookup(peerOf: HttpReceiverOptions['peerOf']) {
  return async (station: string) => {
    if (!isStationId(station)) return undefined
    const verifyKey = await peerOf(station)
    return verifyKey === undefined ? undefined : verifyKeyOf({ id: station, verifyKey })
  }
}

function required<F extends (...values: never[]) => unknown>(name: string, value: F): F {
  if (typeof value === 'function') return value
  throw new TypeError(`${name} must be a function`)
}

function hubPath(path: string): string {
  if (typeof path === 'string' && /^(\/[\w.~-]+)+$/.test(path)) return path
  throw new TypeError("httpReceiver: path must begin with '/' and not end with it, as in '/sync'")
}

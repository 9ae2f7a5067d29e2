import type { TlsOptions } from 'node:tls'
import { abortSignal, callback, fileName, readOptions, wholeNumber } from '../../../options.js'
import type { SocketLimits } from './limit-sockets.js'
import type { HttpReceiverOptions } from './receiver-options.js'

/** Reports of a hub, for a log. They name stations, never residents. */
export type HubEvent =
  | { readonly kind: 'listening'; readonly url: string }
  /** A message of a peer was taken: what it holds is on the disk, and the answer is ready to be fetched. */
  | { readonly kind: 'message'; readonly peer: string; readonly bytes: number; readonly answerBytes: number }
  /** A request, a message or the server itself failed; `peer` where the hub knows whose request it was. */
  | { readonly kind: 'trouble'; readonly peer?: string; readonly error: unknown }
  /** The hub takes no more requests and waits for those that are open. */
  | { readonly kind: 'closing'; readonly requests: number }
  /** `cut` requests were still open at the end of `graceMs`. Their stations go on where they were. */
  | { readonly kind: 'closed'; readonly cut: number }

export interface ServeHubOptions
  extends Pick<HttpReceiverOptions, 'path' | 'maxBytes' | 'uploadsPerStation' | 'keptAnswerBytes' | 'timeoutMs'> {
  /** Address to listen at: 127.0.0.1 unless given, which this machine alone reaches; '0.0.0.0' for all addresses. */
  readonly host?: string
  /** 8470 unless given; 0 for any free one. */
  readonly port?: number
  /** Makes it HTTPS: options of node:tls, `key` and `cert` at least. */
  readonly tls?: TlsOptions
  /** Bounds of what strangers can hold, see `limitSockets`. */
  readonly sockets?: SocketLimits
  /** Folder for what is being uploaded and for the hub's lock: beside the station's file, `.hub`, unless given. */
  readonly folder?: string
  /** Longest wait for open requests at the end, in ms: ten seconds unless given. */
  readonly graceMs?: number
  /** Ends the hub as `close` does. */
  readonly signal?: AbortSignal
  readonly onEvent?: (event: HubEvent) => void
}

const KNOWN = [
  ...(['host', 'port', 'path', 'tls', 'sockets', 'folder', 'graceMs', 'signal', 'onEvent'] as const),
  ...(['maxBytes', 'uploadsPerStation', 'keptAnswerBytes', 'timeoutMs'] as const),
]

/** @throws TypeError, RangeError naming the option */
export function hubOptions(options: ServeHubOptions | undefined, besideFile: string) {
  const call = 'serveHub'
  const { host, port, path, tls, sockets, folder, graceMs, signal, onEvent, ...receiver } = readOptions(
    call,
    options,
    KNOWN,
  )
  if (host !== undefined && (typeof host !== 'string' || host === '')) {
    throw new TypeError(`${call}: host must be the name or the number of an address, as '0.0.0.0'`)
  }
  if (tls !== undefined && (typeof tls !== 'object' || tls === null)) {
    throw new TypeError(`${call}: tls must be options of node:tls, with key and cert`)
  }
  return {
    host: host ?? '127.0.0.1',
    port: wholeNumber(`${call}: port`, port ?? 8_470, 0, 65_535),
    path: path ?? '/sync',
    tls,
    sockets,
    folder: fileName(`${call}: folder`, folder) ?? besideFile,
    graceMs: wholeNumber(`${call}: graceMs`, graceMs ?? 10_000, 0, 3_600_000),
    signal: abortSignal(`${call}: signal`, signal),
    onEvent: callback(`${call}: onEvent`, onEvent) ?? (() => {}),
    receiver,
  }
}

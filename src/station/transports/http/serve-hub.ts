import { createServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, isIPv6 } from 'node:net'
import { join } from 'node:path'
import type { TlsOptions } from 'node:tls'
import { SidikError } from '../../../errors.js'
import { asFileError, DISK } from '../../../node/file-layer.js'
import { lockFolder } from '../../../node/gallery-lock.js'
import { makeFolders } from '../../../node/make-folders.js'
import { PRIVATE_FOLDER_MODE } from '../../../node/modes.js'
import { strangeIn } from '../../../node/plain-folder.js'
import { peers } from '../../peers.js'
import { partsOf, type Station } from '../../station.js'
import { receive } from '../../sync/receive.js'
import { type HubEvent, hubOptions, type ServeHubOptions } from './hub-options.js'
import { limitSockets } from './limit-sockets.js'
import { OpenWork } from './open-work.js'
import { httpReceiver } from './receiver.js'

/** A hub that listens. */
export interface RunningHub {
  /** For stations on this machine, and for others where `host` is an address that they reach. */
  readonly url: string
  readonly port: number
  /** Settles when it has ended, by `close`, by the signal or with its station. */
  readonly closed: Promise<void>
  /**
   * Takes no more requests, waits for the open ones for `graceMs` at most, and cuts the rest. Nothing
   * that was acknowledged is lost: stations go on where they were with the next hub. The station
   * stays open.
   */
  close(): Promise<void>
}

/** An upload that nobody goes on with leaves the disk after a week: a station may be away over a weekend. */
const UPLOAD_LIFE_MS = 7 * 86_400_000

/**
 * Serves a station to its peers over HTTP: the other end of `httpTransport`, with limits for
 * strangers set. Who is a peer, or was revoked, is looked up at each request. Closing the station
 * closes the hub first.
 *
 * @throws TypeError, RangeError naming the option
 * @throws SidikError HUB_RUNNING where another process serves from the folder, HUB_ADDRESS where
 *   nothing can listen (the port is taken), HUB_TLS, FILE_UNWRITABLE, FILE_UNREADABLE for a link or
 *   a FIFO in the folder; the signal's reason
 */
export async function serveHub(station: Station, options?: ServeHubOptions): Promise<RunningHub> {
  const { identity } = partsOf(station)
  const { host, port, path, tls, sockets, folder, graceMs, signal, onEvent, receiver } = hubOptions(
    options,
    `${station.path}.hub`,
  )
  signal?.throwIfAborted()
  // Apart from the work: what the host's function throws must not undo a message that was taken.
  const report = (event: HubEvent) => queueMicrotask(() => onEvent(event))
  const trouble = (error: unknown, peer?: string) =>
    report({ kind: 'trouble', ...(peer !== undefined && { peer }), error })
  const work = new OpenWork()
  let isOver = false
  const take = async (message: Uint8Array, peer: string) => {
    if (isOver) throw new SidikError('STATION_CLOSED', 'the hub has ended')
    const answer = await receive(station, message, { from: peer })
    report({ kind: 'message', peer, bytes: message.length, answerBytes: answer.length })
    return answer
  }
  const uploads = join(folder, 'uploads')
  const { FileStore, Server } = await loadTus()
  const release = await lockHub(folder, uploads)
  try {
    const store = new FileStore({ directory: uploads, expirationPeriodInMilliseconds: UPLOAD_LIFE_MS })
    const desk = httpReceiver({
      ...receiver,
      identity,
      path,
      store,
      peerOf: id => peers(station).find(peer => peer.id === id)?.verifyKey,
      receive: (message, from) => work.message(take(message, from)),
      onError: trouble,
    })
    const tus = new Server({ ...desk.serverOptions, datastore: store })
    const server = serverOf(tls, work.listener(desk.listener(tus)))
    limitSockets(server, sockets)
    work.watch(server)
    await listening(server, host, port)
    server.on('error', error => trouble(error))
    const { port: taken } = server.address() as AddressInfo
    const url = `${tls === undefined ? 'http' : 'https'}://${isIPv6(host) ? `[${host}]` : host}:${taken}${path}`
    report({ kind: 'listening', url })

    const ending = async () => {
      signal?.removeEventListener('abort', onAbort)
      report({ kind: 'closing', requests: work.requests })
      const stopped = new Promise(resolve => server.close(resolve))
      const cut = await work.end(graceMs)
      isOver = true
      await stopped
      await release()
      report({ kind: 'closed', cut })
    }
    let end = () => {}
    const closed = new Promise<void>((resolve, reject) => {
      end = () => ending().then(resolve, reject)
    })
    const close = () => {
      const begin = end
      end = () => {}
      begin()
      return closed
    }
    // Whoever awaits `closed` is told; a signal has nobody to tell.
    const onAbort = () => void close().catch(trouble)
    signal?.addEventListener('abort', onAbort)
    station.onClose(close)
    if (signal?.aborted) onAbort()
    return { url, port: taken, closed, close }
  } catch (error) {
    await release()
    throw error
  }
}

/** Loaded by who serves alone: these packages are optional. */
async function loadTus() {
  const [{ FileStore }, { Server }] = await Promise.all([import('@tus/file-store'), import('@tus/server')])
  return { FileStore, Server }
}

/** Bytes of the files in a hub's folder, uploads apart: a lock. */
const MOST_LOCK_BYTES = 2 ** 20

/** Two processes must not write to one upload. */
async function lockHub(folder: string, uploads: string): Promise<() => Promise<void>> {
  try {
    await makeFolders(folder, PRIVATE_FOLDER_MODE)
    await makeFolders(uploads, PRIVATE_FOLDER_MODE)
  } catch (cause) {
    throw asFileError('FILE_UNWRITABLE', `${folder} cannot be made`, cause)
  }
  const strange = (await strangeIn(folder, MOST_LOCK_BYTES)) ?? (await strangeIn(uploads, Number.POSITIVE_INFINITY))
  if (strange !== undefined) throw new SidikError('FILE_UNREADABLE', `no hub serves from ${folder}: ${strange}`)
  return lockFolder(folder, DISK, ({ who, alive, file }) => {
    const hint = alive ? 'one process serves a station: stop that one first' : `if it no longer runs, delete ${file}`
    return new SidikError('HUB_RUNNING', `a hub serves from ${folder} already, ${who}; ${hint}`)
  })
}

/** @throws SidikError HUB_TLS */
function serverOf(tls: TlsOptions | undefined, listener: RequestListener): HttpServer {
  if (tls === undefined) return createServer(listener)
  try {
    return createSecureServer(tls, listener)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'see the cause'
    throw new SidikError('HUB_TLS', `the hub cannot use this certificate or key (tls): ${why}`, { cause })
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there: stop it, or take another port',
  EACCES: 'this user may not listen there: take a port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such address',
}

/** @throws SidikError HUB_ADDRESS */
function listening(server: HttpServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException) => {
      const why = REFUSED[cause.code ?? ''] ?? cause.message
      reject(new SidikError('HUB_ADDRESS', `the hub cannot listen at ${host}, port ${port}: ${why}`, { cause }))
    }
    server.once('error', refuse)
    server.listen(port, host, () => {
      server.off('error', refuse)
      resolve()
    })
  })
}

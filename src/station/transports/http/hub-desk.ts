import type { IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Answer, Answers, UploadStore } from './answers.js'
import { type CheckedBody, checkedBody } from './checked-body.js'
import { digestField, statedDigest } from './digest.js'
import type { Reply } from './respond.js'
import type { Fields, SignedRequest } from './signature.js'
import { isUploadOf, type Uploads } from './uploads.js'

/** Of the server of @tus/server, what is needed here. */
export interface TusServer {
  handleWeb(request: Request): Promise<Response>
  cleanUpExpiredUploads(): Promise<number>
}

export interface HubDeskOptions {
  readonly path: string
  readonly maxBytes: number
  readonly store: UploadStore
  readonly uploads: Uploads
  readonly answers: Answers
  /** Longest wait for an answer that is still being made, in ms: shorter than any station's and any proxy's own limit. */
  readonly patienceMs: number
  readonly now: () => number
}

/** What of a request the tus server is shown: what is signed, and how long the body is. */
const SHOWN = ['content-length', 'content-type', 'upload-length', 'upload-metadata', 'upload-offset']

/** What of the tus server's response the station is told. */
const TOLD = ['location', 'upload-length', 'upload-offset']

const SWEEP_MS = 600_000

/** What a hub does for a station whose signature it has checked: POST, HEAD, PATCH as tus has them, and GET for an answer. */
export class HubDesk {
  readonly #options: HubDeskOptions
  readonly #names = new WeakMap<Request, string>()
  #sweptAt: number

  constructor(options: HubDeskOptions) {
    this.#options = options
    this.#sweptAt = options.now()
  }

  isBelow(pathname: string): boolean {
    const { path } = this.#options
    return pathname === path || pathname.startsWith(`${path}/`)
  }

  /** The name of the upload that a request creates. */
  nameFor(request: Request): string {
    const name = this.#names.get(request)
    if (name === undefined) throw new Error('an upload that did not come through the listener of httpReceiver')
    return name
  }

  async serve(server: TusServer, station: string, request: SignedRequest, from: IncomingMessage): Promise<Reply> {
    const { method, url } = request
    const { path, uploads } = this.#options
    if (method === 'POST' && url.pathname === path) return this.#create(server, station, request, from)
    const [, id, rest] = url.pathname.slice(path.length).match(/^\/([^/]+)(\/answer)?$/) ?? []
    if (id === undefined || !isUploadOf(station, id)) return { status: 404 }
    if (rest !== undefined) return method === 'GET' ? this.#answer(station, id, request.headers) : { status: 405 }
    if (method === 'HEAD') return this.#tus(server, station, id, request)
    if (method !== 'PATCH') return { status: 405 }
    let isThere = false
    uploads.hold(station, id)
    try {
      const reply = await this.#tus(server, station, id, request, from)
      isThere = 'status' in reply && reply.status === 204
      return reply
    } finally {
      uploads.touch(station, id, isThere)
    }
  }

  async #create(server: TusServer, station: string, request: SignedRequest, from: IncomingMessage): Promise<Reply> {
    const { maxBytes, uploads, store } = this.#options
    this.#sweep(server)
    if (Number(request.headers['upload-length']) > maxBytes) return { refusal: 'size' }
    const admitted = uploads.admit(station)
    if (admitted === undefined) return { refusal: 'busy' }
    if (admitted.dropped !== undefined) await store.remove(admitted.dropped).catch(() => {})
    const hasBody = request.headers['content-type'] !== undefined
    // While its first bytes come slowly too: one that was dropped would lie in its open file.
    uploads.hold(station, admitted.id)
    try {
      const reply = await this.#tus(server, station, admitted.id, request, hasBody ? from : undefined)
      if (!('status' in reply) || reply.status !== 201) uploads.forget(station, admitted.id)
      return reply
    } finally {
      uploads.touch(station, admitted.id, false)
    }
  }

  /** What the tus server says; it sees nothing of the request that is not signed. */
  async #tus(
    server: TusServer,
    station: string,
    id: string,
    request: SignedRequest,
    from?: IncomingMessage,
  ): Promise<Reply> {
    const { store, uploads } = this.#options
    const headers: Fields = { 'tus-resumable': '1.0.0', host: 'hub', ...chosen(SHOWN, name => request.headers[name]) }
    let body: CheckedBody | undefined
    if (from !== undefined) {
      const digest = statedDigest(request.headers['content-digest'])
      if (digest === undefined) return { refusal: 'signature' }
      body = checkedBody(from, digest)
    }
    const shown = new Request(request.url, {
      method: request.method,
      headers,
      ...(body && { body: body.stream as unknown as BodyInit, duplex: 'half' }),
    })
    this.#names.set(shown, id)
    const response = await server.handleWeb(shown)
    if (body?.isAltered()) {
      await store.remove(id).catch(() => {})
      uploads.forget(station, id)
      return { refusal: 'altered' }
    }
    return { status: response.status, headers: chosen(TOLD, name => response.headers.get(name) ?? undefined) }
  }

  async #answer(station: string, id: string, headers: Fields): Promise<Reply> {
    const { answers, patienceMs } = this.#options
    const done = new AbortController()
    const outcome = await Promise.race([
      answers.of(station, id),
      wait(patienceMs, undefined, { signal: done.signal }).catch(() => undefined),
    ]).finally(() => done.abort())
    if (outcome === undefined) return { status: 202 }
    if (outcome === 'gone') return { status: 404 }
    const clear = () => this.#clear(station, id)
    if ('bytes' in outcome) return answerReply(outcome, headers, clear)
    if (outcome.refusal !== 'failed') clear()
    return outcome
  }

  /** The answer stays for a while, in case the station fetches it again. */
  #clear(station: string, id: string): void {
    this.#options.uploads.forget(station, id)
    this.#options.store.remove(id).catch(() => {})
  }

  /** What nobody goes on with leaves the disk when the store says that it is too old. */
  #sweep(server: TusServer): void {
    const now = this.#options.now()
    if (now - this.#sweptAt < SWEEP_MS) return
    this.#sweptAt = now
    server.cleanUpExpiredUploads().catch(() => {})
  }
}

/** All of an answer, or the rest of it for a station that has the beginning of this very one. */
function answerReply({ bytes, digest }: Answer, headers: Fields, onSent: () => void): Reply {
  const etag = `"${digest.toString('base64url')}"`
  const fields = { 'content-type': 'application/octet-stream', etag, 'repr-digest': digestField(digest) }
  const from = Number(headers.range?.match(/^bytes=(\d{1,12})-$/)?.[1])
  if (headers['if-range'] !== etag || !(from < bytes.length))
    return { status: 200, headers: fields, body: bytes, onSent }
  const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`
  return { status: 206, headers: { ...fields, 'content-range': range }, body: bytes.subarray(from), onSent }
}

function chosen(names: readonly string[], fieldOf: (name: string) => string | undefined): Fields {
  const values = names.map(name => [name, fieldOf(name)] as const)
  return Object.fromEntries(values.filter((pair): pair is readonly [string, string] => pair[1] !== undefined))
}

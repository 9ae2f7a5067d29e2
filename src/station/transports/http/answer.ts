import { setTimeout as wait } from 'node:timers/promises'
import { SidikError } from '../../../errors.js'
import { sha256 } from '../../store/payloads.js'
import { statedDigest } from './digest.js'
import { callHub, type Hub } from './hub-call.js'
import type { LineResponse } from './line.js'

export interface AnswerOptions {
  readonly signal: AbortSignal | undefined
  readonly maxAnswerBytes: number
  readonly retryDelaysMs: readonly number[]
}

/** What is there of an answer. */
interface Part {
  /** Which answer it is: the hub may have made another in the meantime. */
  etag: string
  /** SHA-256 of the whole. */
  digest: Buffer
  /** Of the whole. */
  length: number
  bytes: Uint8Array[]
  size: number
}

/** The hub lets one wait for five seconds when it is still at the message; this often, that is for ten minutes, is too often. */
const MOST_WAITS = 120

/**
 * Fetches the answer to a message that was uploaded, and goes on where it was when the line breaks.
 *
 * @returns undefined when the hub does not have the message any more
 * @throws the signal's reason; SidikError LINE_DOWN, LINE_REFUSED, LINE_PROTOCOL
 */
export async function fetchAnswer(hub: Hub, upload: URL, options: AnswerOptions): Promise<Uint8Array | undefined> {
  const { signal, retryDelaysMs } = options
  const url = new URL(`${upload.pathname}/answer`, upload)
  let part: Part | undefined
  for (let failures = 0; ; failures++) {
    const before = part?.size ?? 0
    try {
      const next = await opened(hub, url, part, options)
      if (next === undefined) return undefined
      part = next.begun
      await readInto(part, next.response, url.origin)
      return whole(part, url.origin)
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof SidikError) || error.code !== 'LINE_DOWN') throw error
      if ((part?.size ?? 0) > before) failures = 0
      if (failures >= retryDelaysMs.length) throw error
      await wait(retryDelaysMs[failures], undefined, signal && { signal }).catch(() => signal?.throwIfAborted())
    }
  }
}

/** A response of which the body belongs to the answer: to what is there of it already, or to a new one. */
async function opened(
  hub: Hub,
  url: URL,
  part: Part | undefined,
  { signal, maxAnswerBytes }: AnswerOptions,
): Promise<{ readonly response: LineResponse; readonly begun: Part } | undefined> {
  for (let waits = 0; waits < MOST_WAITS; waits++) {
    const rest = part !== undefined && part.size > 0 ? { range: `bytes=${part.size}-`, 'if-range': part.etag } : {}
    const response = await callHub(hub, { method: 'GET', url, headers: rest, signal })
    const { status } = response
    if (status === 200) return { response, begun: begin(response, maxAnswerBytes, url.origin) }
    if (status === 206 && part !== undefined && goesOn(part, response)) return { response, begun: part }
    response.skip()
    if (status === 202) continue
    if (status === 404) return undefined
    throw new SidikError(
      'LINE_PROTOCOL',
      `${url.origin} answers with status ${status} where an answer to a message should be`,
    )
  }
  throw new SidikError('LINE_DOWN', `${url.origin} has been at the message for too long`)
}

function begin(response: LineResponse, maxAnswerBytes: number, origin: string): Part {
  const { etag, 'repr-digest': stated, 'content-length': lengthText } = response.headers
  const digest = statedDigest(stated)
  const length = Number(lengthText)
  if (etag === undefined || digest === undefined || lengthText === undefined || !Number.isSafeInteger(length)) {
    response.drop()
    throw new SidikError('LINE_PROTOCOL', `${origin} does not state the length, the digest and the name of its answer`)
  }
  if (length > maxAnswerBytes) {
    response.drop()
    throw new SidikError(
      'LINE_PROTOCOL',
      `${origin} answers with ${length} bytes, more than ${maxAnswerBytes} (maxAnswerBytes)`,
    )
  }
  return { etag, digest, length, bytes: [], size: 0 }
}

function goesOn(part: Part, { headers }: LineResponse): boolean {
  return (
    headers.etag === part.etag && headers['content-range'] === `bytes ${part.size}-${part.length - 1}/${part.length}`
  )
}

async function readInto(part: Part, response: LineResponse, origin: string): Promise<void> {
  for await (const bytes of response.parts()) {
    if (part.size + bytes.length > part.length) throw altered(origin)
    part.bytes.push(bytes)
    part.size += bytes.length
  }
}

/** Parts cannot be checked one by one: what came before a break has no digest of its own. */
function whole({ bytes, size, digest, length }: Part, origin: string): Uint8Array {
  const answer = new Uint8Array(size)
  let at = 0
  for (const part of bytes) {
    answer.set(part, at)
    at += part.length
  }
  if (size !== length || !sha256(answer).equals(digest)) throw altered(origin)
  return answer
}

function altered(origin: string): SidikError {
  return new SidikError(
    'LINE_PROTOCOL',
    `the answer of ${origin} was altered on the way: it does not have the digest that was signed`,
  )
}

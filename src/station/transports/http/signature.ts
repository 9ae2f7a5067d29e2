/**
 * Requests of a station to a hub, and the hub's responses, signed by RFC 9421 (HTTP Message Signatures) with Ed25519.
 *
 *   request   "@method" "@path" "@query" "sidik-to" and those of REQUEST_FIELDS that it has;
 *             created, nonce, keyid (the station), tag "sidik-request"
 *   response  "@status", the request's signature, and those of RESPONSE_FIELDS that it has;
 *             created, keyid (the hub), tag "sidik-response"
 *
 * The authority is not covered, as proxies may change it: who the request is for stands in 'sidik-to'. A response covers the request's
 * signature, and that a nonce, so an old response fits no new request.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { httpbis, type SignatureParameters } from 'http-message-signatures'
import { signWith, verifyWith } from '../../identity.js'

export type Fields = Readonly<Record<string, string>>

export interface SignedRequest {
  readonly method: string
  readonly url: URL
  /** Names in small letters. */
  readonly headers: Fields
}

export interface SignedResponse {
  readonly status: number
  readonly headers: Fields
}

export interface Signer {
  readonly id: string
  readonly key: KeyObject
}

/** What of a request means something to a hub: nothing else of it is looked at. */
export const REQUEST_FIELDS = [
  'content-digest',
  'content-type',
  'if-range',
  'range',
  'upload-length',
  'upload-metadata',
  'upload-offset',
] as const

/** What of a response means something to a station. */
export const RESPONSE_FIELDS = [
  'content-range',
  'etag',
  'location',
  'repr-digest',
  'retry-after',
  'sidik-refusal',
  'sidik-time',
  'upload-length',
  'upload-offset',
] as const

const LABEL = 'sidik'
const REQUEST_TAG = 'sidik-request'
const RESPONSE_TAG = 'sidik-response'
const REQUEST_BASE = ['@method', '@path', '@query', 'sidik-to']

/** Those made here have 300 bytes; parsing is not offered more. */
const MOST_INPUT = 2_048

/** The request with its signature, for the hub `to`. */
export async function signRequest(
  { method, url, headers }: SignedRequest,
  signer: Signer,
  { to, createdS, nonce }: { readonly to: string; readonly createdS: number; readonly nonce: string },
): Promise<SignedRequest> {
  const addressed = { ...headers, 'sidik-to': to }
  const signed = await httpbis.signMessage(
    {
      key: keyOf(signer),
      name: LABEL,
      fields: [...REQUEST_BASE, ...present(REQUEST_FIELDS, addressed)],
      params: ['created', 'nonce', 'keyid', 'tag'],
      paramValues: { created: new Date(createdS * 1000), nonce, tag: REQUEST_TAG },
    },
    { method, url, headers: addressed },
  )
  return { method, url, headers: small(signed.headers) }
}

/** Whose signature a request bears, and when it was made; or why it bears none that counts. */
export type RequestProof =
  | { readonly station: string; readonly createdS: number; readonly nonce: string }
  | { readonly refusal: 'signature' }

/**
 * Key that is nobody's. Signatures of unknown stations are checked with it, so that they take as
 * long as those of known ones.
 */
const DECOY_KEY = generateKeyPairSync('ed25519').publicKey

/**
 * A station that is not known, one that is not let in any more, and a wrong signature are refused
 * in one way, after the same work: who has no key learns nothing of which stations there are.
 *
 * @param to who must be meant
 * @param keyOfStation undefined for a station that is not known
 */
export async function proofOfRequest(
  request: SignedRequest,
  to: string,
  keyOfStation: (station: string) => Promise<KeyObject | undefined>,
): Promise<RequestProof> {
  let signer: { station: string; createdS: number; nonce: string; known: boolean } | undefined
  let failure: { readonly error: unknown } | undefined
  const isValid = await isSigned(
    request,
    undefined,
    REQUEST_TAG,
    [...REQUEST_BASE, ...present(REQUEST_FIELDS, request.headers)],
    async stated => {
      const { keyid, nonce, created } = stated
      const createdS = created instanceof Date ? created.getTime() / 1000 : Number.NaN
      if (typeof keyid !== 'string' || typeof nonce !== 'string' || !Number.isInteger(createdS)) return undefined
      const key = await keyOfStation(keyid).catch(error => {
        failure = { error }
        return undefined
      })
      signer = { station: keyid, createdS, nonce, known: key !== undefined }
      return key ?? DECOY_KEY
    },
  )
  // Not to be known of a station is one thing, not to be able to look another.
  if (failure !== undefined) throw failure.error
  if (!isValid || signer === undefined || !signer.known || request.headers['sidik-to'] !== to)
    return { refusal: 'signature' }
  return signer
}

/**
 * The response with the hub's signature, bound to the signature of the request.
 *
 * @throws Error when the request bears none that it could be bound to
 */
export async function signResponse(
  { status, headers }: SignedResponse,
  request: SignedRequest,
  signer: Signer,
  createdS: number,
): Promise<SignedResponse> {
  const signed = await httpbis.signMessage(
    {
      key: keyOf(signer),
      name: LABEL,
      fields: ['@status', `"signature";req;key="${LABEL}"`, ...present(RESPONSE_FIELDS, headers)],
      params: ['created', 'keyid', 'tag'],
      paramValues: { created: new Date(createdS * 1000), tag: RESPONSE_TAG },
    },
    { status, headers: { ...headers } },
    { ...request, headers: { ...request.headers } },
  )
  return { status, headers: small(signed.headers) }
}

/** Whether a response bears the signature of the hub and answers this request and no other. */
export function isResponseOf(
  hub: { readonly id: string; readonly key: KeyObject },
  response: SignedResponse,
  request: SignedRequest,
): Promise<boolean> {
  const fields = ['@status', 'signature', ...present(RESPONSE_FIELDS, response.headers)]
  return isSigned(response, request, RESPONSE_TAG, fields, async ({ keyid }) =>
    keyid === hub.id ? hub.key : undefined,
  )
}

/** One signature, of the tag, that covers the fields and that the key verifies. */
async function isSigned(
  message: SignedRequest | SignedResponse,
  request: SignedRequest | undefined,
  tag: string,
  requiredFields: string[],
  keyOfSigner: (stated: SignatureParameters) => Promise<KeyObject | undefined>,
): Promise<boolean> {
  const { signature, 'signature-input': input } = message.headers
  if (signature === undefined || input === undefined || input.length > MOST_INPUT) return false
  let signatures = 0
  try {
    const result = await httpbis.verifyMessage(
      {
        // One made here is alone: a second may be somebody's try to be taken for the first.
        keyLookup: async stated => {
          if (++signatures > 1 || stated.tag !== tag) return null
          const key = await keyOfSigner(stated)
          if (key === undefined) return null
          return { verify: async (data, bytes) => verifyWith(key, data, bytes) }
        },
        requiredFields,
        // Whether it is of the right time is asked elsewhere, by the clock of the hub.
        notAfter: Number.MAX_SAFE_INTEGER,
      },
      // Of the two kinds of messages it takes either.
      message as Parameters<typeof httpbis.verifyMessage>[1] & SignedResponse,
      request as Parameters<typeof httpbis.verifyMessage>[1],
    )
    return result === true && signatures === 1
  } catch {
    // Fields that do not parse, cover what is not there or lack what must be covered: all the same to us.
    return false
  }
}

function keyOf({ id, key }: Signer) {
  return { id: id, sign: async (data: Buffer) => Buffer.from(signWith(key, data)) }
}

function present(names: readonly string[], headers: Fields): string[] {
  return names.filter(name => headers[name] !== undefined)
}

function small(headers: Record<string, string | string[]>): Fields {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
}

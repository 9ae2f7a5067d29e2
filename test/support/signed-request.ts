import { createHash, createPrivateKey, randomBytes, sign } from 'node:crypto'
import { httpbis } from 'http-message-signatures'
import type { StationIdentity } from 'sidik/station'
import type { MiddleRequest } from './http-middle.js'

export interface SignedRequestOptions {
  readonly method: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: Uint8Array
  readonly to?: string
  readonly created?: Date
  readonly nonce?: string
  readonly tag?: string
  /** What is covered; all that must be, unless given. */
  readonly covered?: readonly string[]
  readonly params?: readonly string[]
}

/** A request as docs/station-http.md describes it, made without the code under test. */
export async function signedRequest(identity: StationIdentity, options: SignedRequestOptions): Promise<MiddleRequest> {
  const { method, path, body = new Uint8Array(0), to = 'hub', created = new Date() } = options
  const digest = createHash('sha256').update(body).digest('base64')
  const headers = {
    'tus-resumable': '1.0.0',
    'sidik-to': to,
    ...(body.length > 0 && {
      'content-digest': `sha-256=:${digest}:`,
      'content-type': 'application/offset+octet-stream',
    }),
    ...options.headers,
  }
  const fields = Object.keys(headers).filter(name => name !== 'tus-resumable')
  const key = createPrivateKey(identity.signingKey)
  const signed = await httpbis.signMessage(
    {
      key: { id: identity.id, sign: async data => sign(null, data, key) },
      name: 'sidik',
      fields: [...(options.covered ?? ['@method', '@path', '@query', ...fields])],
      params: [...(options.params ?? ['created', 'nonce', 'keyid', 'tag'])],
      paramValues: {
        created,
        nonce: options.nonce ?? randomBytes(16).toString('base64url'),
        tag: options.tag ?? 'sidik-request',
      },
    },
    { method, url: `http://hub${path}`, headers },
  )
  const small = Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), String(value)])
  return { method, path, headers: Object.fromEntries(small), body: Buffer.from(body) }
}

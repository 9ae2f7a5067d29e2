import { createPublicKey, KeyObject, sign } from 'node:crypto'
import { type Algorithm, issue, type Signer } from '../../../support/certificates.js'

export interface JwsOptions {
  /** Certificates after the signer's own. */
  readonly chain?: readonly Signer[]
  /** Over what the header has otherwise. */
  readonly header?: object
}

export function jws(payload: unknown, signer: Signer, { chain = [], header = {} }: JwsOptions = {}): string {
  const x5c = [signer, ...chain].map(({ der }) => der)
  const head = base64url(JSON.stringify({ alg: signer.algorithm, typ: 'JWT', x5c, ...header }))
  const signed = `${head}.${base64url(JSON.stringify(payload))}`
  return `${signed}.${signatureOf(Buffer.from(signed), signer)}`
}

export function base64url(text: string | Uint8Array): string {
  return Buffer.from(text as Uint8Array).toString('base64url')
}

function signatureOf(bytes: Buffer, { algorithm, keys }: Signer): string {
  const key = KeyObject.from(keys.privateKey)
  if (algorithm === 'EdDSA') return sign(null, bytes, key).toString('base64url')
  if (algorithm === 'ES256') return sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  const padding = algorithm === 'PS256' ? { padding: 6, saltLength: 32 } : {}
  return sign('sha256', bytes, { key, ...padding }).toString('base64url')
}

/** Who issues what in the tests: a root, a provider of devices and one of secure chips, and a device and a chip. */
export interface TestPki {
  readonly root: Signer
  readonly provider: Signer
  readonly device: Signer
  readonly chipProvider: Signer
  readonly chip: Signer
}

export async function testPki(algorithm: Algorithm = 'ES256'): Promise<TestPki> {
  const root = await issue('Root', { mayIssue: true })
  const provider = await issue('Device provider', { issuer: root, mayIssue: true })
  const device = await issue('Device', { issuer: provider, algorithm })
  const chipProvider = await issue('Chip provider', { mayIssue: true })
  const chip = await issue('Chip', { issuer: chipProvider, algorithm })
  return { root, provider, device, chipProvider, chip }
}

/** Key of a certificate as text, for those who would sign with it what they must not (HS256). */
export function publicPem(signer: Signer): string {
  return createPublicKey(signer.pem).export({ type: 'spki', format: 'pem' }).toString()
}

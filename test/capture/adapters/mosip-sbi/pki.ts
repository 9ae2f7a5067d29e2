import 'reflect-metadata'
import { createPublicKey, KeyObject, sign, webcrypto } from 'node:crypto'

// After the polyfill that it needs.
const { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } = await import(
  '@peculiar/x509'
)

export type Algorithm = 'ES256' | 'RS256' | 'PS256' | 'EdDSA'

const KEYS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
  PS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
  EdDSA: { name: 'Ed25519' },
}

/** A key with its certificate, which can sign statements and issue certificates. */
export interface Signer {
  readonly name: string
  readonly algorithm: Algorithm
  readonly keys: webcrypto.CryptoKeyPair
  readonly pem: string
  /** In base64, as x5c has it. */
  readonly der: string
}

export interface IssueOptions {
  readonly issuer?: Signer
  readonly mayIssue?: boolean
  readonly algorithm?: Algorithm
  readonly rsaBits?: number
  readonly notBefore?: Date
  readonly notAfter?: Date
}

let serial = 1

/** A certificate, self-signed where no issuer is named. */
export async function issue(name: string, options: IssueOptions = {}): Promise<Signer> {
  const { issuer, mayIssue = false, algorithm = 'ES256' } = options
  const kind = { ...KEYS[algorithm], ...(options.rsaBits !== undefined && { modulusLength: options.rsaBits }) }
  const keys = (await webcrypto.subtle.generateKey(kind, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
  const certificate = await X509CertificateGenerator.create({
    serialNumber: (serial++).toString(16).padStart(4, '0'),
    subject: `CN=${name}, O=Sidik tests`,
    issuer: `CN=${issuer?.name ?? name}, O=Sidik tests`,
    notBefore: options.notBefore ?? new Date('2020-01-01T00:00:00Z'),
    notAfter: options.notAfter ?? new Date('2120-01-01T00:00:00Z'),
    publicKey: keys.publicKey as CryptoKey,
    signingKey: (issuer ?? { keys }).keys.privateKey as CryptoKey,
    signingAlgorithm: KEYS[issuer?.algorithm ?? algorithm],
    extensions: [
      new BasicConstraintsExtension(mayIssue, undefined, true),
      new KeyUsagesExtension(mayIssue ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature, true),
    ],
  })
  const der = Buffer.from(certificate.rawData).toString('base64')
  return { name, algorithm, keys, pem: certificate.toString('pem'), der }
}

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

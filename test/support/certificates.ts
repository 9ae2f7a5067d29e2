import 'reflect-metadata'
import { webcrypto } from 'node:crypto'

// After the polyfill that it needs.
const {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} = await import('@peculiar/x509')

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
  /** What its key may be used for; nothing is said of it where 'unsaid'. */
  readonly usage?: 'certificates' | 'signatures' | 'unsaid'
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** Of the host that serves with it. */
  readonly dnsName?: string
}

const USAGES = { certificates: KeyUsageFlags.keyCertSign, signatures: KeyUsageFlags.digitalSignature }

let serial = 1

/** A certificate, self-signed where no issuer is named. */
export async function issue(name: string, options: IssueOptions = {}): Promise<Signer> {
  const {
    issuer,
    mayIssue = false,
    algorithm = 'ES256',
    usage = mayIssue ? 'certificates' : 'signatures',
    dnsName,
  } = options
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
      ...(usage === 'unsaid' ? [] : [new KeyUsagesExtension(USAGES[usage], true)]),
      ...(dnsName === undefined ? [] : [new SubjectAlternativeNameExtension([{ type: 'dns', value: dnsName }])]),
    ],
  })
  const der = Buffer.from(certificate.rawData).toString('base64')
  return { name, algorithm, keys, pem: certificate.toString('pem'), der }
}

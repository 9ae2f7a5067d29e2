/** JSON Web Signatures of devices (RFC 7515): read, and checked against the certificates that the caller trusts. */
import { X509Certificate } from 'node:crypto'
import { compactVerify } from 'jose'
import * as z from 'zod'
import { SidikError } from '../../../errors.js'
import { distrust, nameOf } from './certificates.js'
import { jsonOfBase64Url } from './json.js'
import { checked } from './messages.js'

/** The specification has RS256 and Curve25519; others as good pass. Never 'none', never a shared secret (HS...). */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

const HEADER = z.object({ alg: z.string().max(20), x5c: z.array(z.unknown()).max(8).optional() })

export interface Trust {
  /** A way must lead to one of these; undefined: nothing is checked. */
  readonly certificates: readonly X509Certificate[] | undefined
  /** When certificates have to be valid. */
  readonly at: Date
}

export interface Statement {
  readonly payload: unknown
  readonly signature: 'verified' | 'unverified'
  /** Subject of the certificate, where there is one. */
  readonly signedBy?: string
}

/**
 * @param what names it in messages
 * @throws SidikError CAPTURE_TAMPERED where it does not bear the signature that it must, DEVICE_PROTOCOL where it is none
 */
export async function readStatement(jws: string, what: string, { certificates, at }: Trust): Promise<Statement> {
  const [head, body, signature, ...more] = jws.split('.', 4)
  if (signature === undefined || more.length > 0) throw tampered(what, 'is not signed')
  const { alg, x5c = [] } = checked(HEADER, jsonOfBase64Url(head, `the header of ${what}`), `the header of ${what}`)
  if (!ALGORITHMS.includes(alg)) throw tampered(what, 'is signed in a way that anybody could')
  const payload = jsonOfBase64Url(body, what)
  const chain = x5c.map((certificate, i) => certificateOf(certificate, `certificate ${i + 1} of ${what}`))
  const signedBy = chain.length === 0 ? {} : { signedBy: nameOf(chain[0]) }
  if (certificates === undefined) return { payload, signature: 'unverified', ...signedBy }
  if (chain.length === 0) throw tampered(what, 'comes without a certificate')
  const reason = distrust(chain, certificates, at)
  if (reason !== undefined) throw tampered(what, `is signed by one who is not trusted: ${reason}`)
  try {
    await compactVerify(jws, chain[0].publicKey, { algorithms: [alg] })
  } catch (cause) {
    throw tampered(what, `does not bear the signature of ${nameOf(chain[0])}`, cause)
  }
  return { payload, signature: 'verified', ...signedBy }
}

/** RFC 7515, 4.1.6: base64, not base64url. */
function certificateOf(base64: unknown, what: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64 as string, 'base64'))
  } catch (cause) {
    throw new SidikError('DEVICE_PROTOCOL', `${what} cannot be read`, { cause })
  }
}

function tampered(what: string, complaint: string, cause?: unknown): SidikError {
  return new SidikError('CAPTURE_TAMPERED', `${what} ${complaint}: do not use it`, { cause })
}

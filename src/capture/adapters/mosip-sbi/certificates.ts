import { X509Certificate } from 'node:crypto'

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Between a device's certificate and one that is trusted: three are usual. */
const MOST_CERTIFICATES = 8

/**
 * The certificates in PEM texts.
 *
 * @throws TypeError naming `name` where there is none, or one cannot be read
 */
export function certificatesOfPem(name: string, pem: string | readonly string[]): X509Certificate[] {
  const texts = typeof pem === 'string' ? [pem] : pem
  if (!Array.isArray(texts) || texts.some(text => typeof text !== 'string')) {
    throw new TypeError(`${name} must be certificates in PEM`)
  }
  const blocks = texts.flatMap(text => text.match(PEM) ?? [])
  if (blocks.length === 0) throw new TypeError(`${name} holds no certificate in PEM`)
  return blocks.map((block, i) => {
    try {
      return new X509Certificate(block)
    } catch (cause) {
      throw new TypeError(`certificate ${i + 1} of ${name} cannot be read`, { cause })
    }
  })
}

/**
 * Why the first of some certificates is not to be trusted, or undefined. It is where it is trusted itself, or a way leads from it by
 * the others to one that is: each valid at the time, issued by the next (names, key usage and signature), which may issue. Not looked
 * at: lengths of ways and names that a certificate allows, and whether one was revoked.
 */
export function distrust(
  [leaf, ...others]: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  at: Date,
): string | undefined {
  let certificate = leaf
  for (let i = 0; i < MOST_CERTIFICATES; i++) {
    const stale = stalenessOf(certificate, at)
    if (stale !== undefined) return stale
    if (trusted.some(({ raw }) => raw.equals(certificate.raw))) return undefined
    const issuers = trusted.filter(issuer => hasIssued(issuer, certificate))
    if (issuers.length > 0) {
      const reasons = issuers.map(issuer => stalenessOf(issuer, at))
      return reasons.includes(undefined) ? undefined : reasons[0]
    }
    const next = others.find(issuer => hasIssued(issuer, certificate))
    if (next === undefined) return `no trusted certificate issued ${nameOf(certificate)}`
    certificate = next
  }
  return `more than ${MOST_CERTIFICATES} certificates lead from it to a trusted one`
}

/** On one line. */
export function nameOf({ subject }: X509Certificate): string {
  return subject.split('\n').reverse().join(', ')
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    // A key of a kind that is not known here.
    return false
  }
}

function stalenessOf(certificate: X509Certificate, at: Date): string | undefined {
  const { validFrom, validTo } = certificate
  const time = at.getTime()
  if (time >= Date.parse(validFrom) && time <= Date.parse(validTo)) return undefined
  return `${nameOf(certificate)} is valid from ${validFrom} to ${validTo}, and it is ${at.toISOString()}`
}

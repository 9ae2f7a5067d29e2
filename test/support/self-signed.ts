import { createHash, generateKeyPairSync, sign } from 'node:crypto'

/** A certificate for `localhost` that no authority signed, as the services of scanners bring with them, and its key. Both PEM. */
export function selfSignedCertificate(): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'))
  const name = sequence(set(sequence(objectId('550403'), der(0x0c, Buffer.from('localhost')))))
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const serial = der(0x02, Buffer.concat([Buffer.of(1), createHash('sha256').update(spki).digest().subarray(0, 8)]))
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    serial,
    ecdsaWithSha256,
    name,
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z'))),
    name,
    spki,
    der(
      0xa3,
      sequence(
        extension('551d11', sequence(der(0x82, Buffer.from('localhost')))),
        extension('551d13', sequence(der(0x01, Buffer.of(0xff)))),
      ),
    ),
  )
  const signature = der(0x03, Buffer.concat([Buffer.of(0), sign('sha256', body, privateKey)]))
  const base64 = sequence(body, ecdsaWithSha256, signature).toString('base64')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

/** DER: tag, length in one, two or three bytes, content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const bytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...bytes), content])
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function set(part: Buffer): Buffer {
  return der(0x31, part)
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

function extension(hex: string, value: Buffer): Buffer {
  return sequence(objectId(hex), der(0x04, value))
}

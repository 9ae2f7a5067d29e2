import { SidikError } from '../../../errors.js'

/**
 * The bytes of base64url (RFC 4648, 5), with or without padding. Each series of bytes is written in one way: other letters, and bits
 * left over that are not 0, are refused, so that what was signed and what was read cannot differ.
 *
 * @throws SidikError DEVICE_PROTOCOL
 */
export function bytesOfBase64Url(text: string, what: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url')
  const written = bytes.toString('base64url')
  if (text === written || text === written.padEnd(Math.ceil(written.length / 4) * 4, '=')) return new Uint8Array(bytes)
  throw new SidikError('DEVICE_PROTOCOL', `${what} is not base64url`)
}

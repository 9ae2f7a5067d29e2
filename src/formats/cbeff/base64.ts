/** Base64 (RFC 4648) by what browsers and Node have in common. */

const LONGEST_PIECE = 0x8000

/** The bytes of base64, or of its form for URLs, padded or not, with or without white space; undefined for anything else. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/[ \t\r\n]/g, '').replace(/={1,2}$/, '')
  const standard = digits.replaceAll('-', '+').replaceAll('_', '/')
  if (!/^[A-Za-z0-9+/]*$/.test(standard) || standard.length % 4 === 1) return undefined
  const binary = atob(standard)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

/** Base64 with padding, unbroken. */
export function base64OfBytes(bytes: Uint8Array): string {
  let binary = ''
  for (let i = 0; i < bytes.length; i += LONGEST_PIECE) {
    binary += String.fromCharCode(...bytes.subarray(i, i + LONGEST_PIECE))
  }
  return btoa(binary)
}

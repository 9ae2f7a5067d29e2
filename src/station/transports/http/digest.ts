/** SHA-256 as the fields Content-Digest and Repr-Digest state it (RFC 9530): 'sha-256=:<base64>:'. */
export function digestField(sha256: Uint8Array): string {
  return `sha-256=:${Buffer.from(sha256).toString('base64')}:`
}

/** Of 32 bytes, in the fields and as the only one stated: what is sent here names no other. */
const FIELD = /^sha-256=:([A-Za-z0-9+/]{43}=):$/

/** The 32 bytes that such a field states; undefined when it is anything else. */
export function statedDigest(field: string | undefined): Buffer | undefined {
  const found = field?.match(FIELD)
  return found === null || found === undefined ? undefined : Buffer.from(found[1], 'base64')
}

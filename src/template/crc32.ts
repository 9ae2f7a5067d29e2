/** Reflected form of the generator polynomial 0x04C11DB7 (ISO 3309, ITU-T V.42, 8.1.1.6.2). */
const POLYNOMIAL = 0xedb88320

/** Bytes that one round of {@link crc32} takes in: eight look-ups that do not wait for each other. */
const SLICE = 8

/**
 * What a byte does to the register (the first 256), and what it does when 1 to 7 bytes follow it (Kounavis and Berry, "Novel
 * table lookup-based algorithms for high-performance CRC generation", IEEE Trans. Computers 57(11) 2008).
 */
const TABLE = new Int32Array(SLICE * 256)
for (let byte = 0; byte < 256; byte++) {
  let register = byte
  for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ POLYNOMIAL : register >>> 1
  TABLE[byte] = register
}
for (let at = 256; at < TABLE.length; at++) {
  const before = TABLE[at - 256]
  TABLE[at] = TABLE[before & 0xff] ^ (before >>> 8)
}

/**
 * CRC-32 of `bytes` from `start` up to `end`, the one of zip, PNG and gzip: any single altered bit and any altered
 * run of up to 32 bits changes it. `previous` is the CRC-32 of what comes before, so that parts can be chained.
 */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length, previous = 0): number {
  let register = ~previous
  let i = start
  for (; i + SLICE <= end; i += SLICE) {
    register ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
    register =
      TABLE[1792 + (register & 0xff)] ^
      TABLE[1536 + ((register >>> 8) & 0xff)] ^
      TABLE[1280 + ((register >>> 16) & 0xff)] ^
      TABLE[1024 + (register >>> 24)] ^
      TABLE[768 + bytes[i + 4]] ^
      TABLE[512 + bytes[i + 5]] ^
      TABLE[256 + bytes[i + 6]] ^
      TABLE[bytes[i + 7]]
  }
  for (; i < end; i++) register = TABLE[(register ^ bytes[i]) & 0xff] ^ (register >>> 8)
  return ~register >>> 0
}

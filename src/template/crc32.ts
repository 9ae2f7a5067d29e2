/** Reflected form of the generator polynomial 0x04C11DB7 (ISO 3309, ITU-T V.42, 8.1.1.6.2). */
const POLYNOMIAL = 0xedb88320

/** What one byte does to the register, for each of the 256 bytes. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let register = byte
  for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ POLYNOMIAL : register >>> 1
  return register
})

/**
 * CRC-32 of `bytes` from `start` up to `end`, the one of zip, PNG and gzip: any single altered bit and any altered
 * run of up to 32 bits changes it. `previous` is the CRC-32 of what comes before, so that parts can be chained.
 */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length, previous = 0): number {
  let register = ~previous
  for (let i = start; i < end; i++) register = TABLE[(register ^ bytes[i]) & 0xff] ^ (register >>> 8)
  return ~register >>> 0
}

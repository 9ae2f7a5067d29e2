import { crc32 } from '../template/crc32.js'

/**
 * Checksum of the compiled core: a last custom section of the module that holds the CRC-32 of the bytes before it. A
 * flipped bit in a constant compiles all the same, and gives other scores.
 *
 * WebAssembly Core Specification 2.0, 5.5.3: id 0, size of what follows, length of the name, name, content.
 */
const NAME = new TextEncoder().encode('sidik.crc32')
const CRC_BYTES = 4
const SECTION_START = Uint8Array.of(0, 1 + NAME.length + CRC_BYTES, NAME.length, ...NAME)
const SECTION_BYTES = SECTION_START.length + CRC_BYTES

/** The module with its checksum behind it. The build does this (`assembly/add-checksum.js`). */
export function withChecksum(module: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(module.length + SECTION_BYTES)
  bytes.set(module)
  bytes.set(SECTION_START, module.length)
  new DataView(bytes.buffer).setUint32(bytes.length - CRC_BYTES, crc32(module), true)
  return bytes
}

/** Whether the bytes end in the checksum of all before it. */
export function isWholeCore(bytes: Uint8Array): boolean {
  const end = bytes.length - SECTION_BYTES
  if (end < 0 || SECTION_START.some((byte, i) => bytes[end + i] !== byte)) return false
  const stored = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - CRC_BYTES, true)
  return stored === crc32(bytes, 0, end)
}

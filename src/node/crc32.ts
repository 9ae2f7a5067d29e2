import * as zlib from 'node:zlib'
import { crc32 as crc32ByTables } from '../template/crc32.js'

/** Node's own, from 20.15 on. */
const { crc32: builtIn } = zlib as { crc32?: (bytes: Uint8Array, previous: number) => number }

/** Shorter pieces are done before a view of them is made. */
const LEAST_BUILT_IN = 256

/** The same as that of template/, in a tenth of the time for a block of a gallery. */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length, previous = 0): number {
  if (builtIn === undefined || end - start < LEAST_BUILT_IN) return crc32ByTables(bytes, start, end, previous)
  return builtIn(bytes.subarray(start, end), previous)
}

import type { CoreExports } from '../../dist/core/instance.js'

/** What the core exports of an index for tests alone (assembly/memory-index.ts). */
interface IndexParts {
  readonly INDEX_CENTRES: WebAssembly.Global
  readonly INDEX_GROUP_CENTRES: WebAssembly.Global
  readonly INDEX_CELL_CENTRES: WebAssembly.Global
  readonly INDEX_STARTS: WebAssembly.Global
  readonly INDEX_CODES: WebAssembly.Global
}

/** INDEX_ENTRY_BYTES of assembly/memory-index.ts. */
const ENTRY_BYTES = 18

/** A code as the number that its 16 bytes are. */
export type Code = bigint

export function codeOf(bytes: ArrayLike<number>): Code {
  let code = 0n
  for (let k = 15; k >= 0; k--) code = (code << 8n) | BigInt(bytes[k])
  return code
}

export function bitsThatDiffer(a: Code, b: Code): number {
  let count = 0
  for (let left = a ^ b; left > 0n; left &= left - 1n) count++
  return count
}

/** An index as it stands in the memory. */
export function readIndex(core: CoreExports, memory: WebAssembly.Memory, pointer: number) {
  const parts = core as unknown as IndexParts
  const centres = parts.INDEX_CENTRES.value as number
  const cells = centres * centres
  const [, count, records] = new Uint32Array(memory.buffer, pointer, 3)
  const codes = (offset: number, length: number, apart = 16) =>
    Array.from({ length }, (_, i) => codeOf(new Uint8Array(memory.buffer, pointer + offset + apart * i, 16)))
  const entries = new DataView(memory.buffer, pointer + parts.INDEX_CODES.value)
  return {
    count,
    records,
    /** Of groups of as many cells each. */
    groups: codes(parts.INDEX_GROUP_CENTRES.value, centres),
    cells: codes(parts.INDEX_CELL_CENTRES.value, cells),
    starts: [...new Uint32Array(memory.buffer, pointer + parts.INDEX_STARTS.value, cells + 1)],
    codes: codes(parts.INDEX_CODES.value, count, ENTRY_BYTES),
    members: Array.from({ length: count }, (_, i) => entries.getUint16(ENTRY_BYTES * i + 16, true)),
  }
}

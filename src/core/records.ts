import { codeOfDirection, MAX_MINUTIAE } from '../template/minutia-codes.js'
import type { TemplateContents } from '../types.js'
import type { CoreExports } from './instance.js'

/** Bytes that one code takes, and fields of the header (assembly/memory-record.ts). */
const CODE_BYTES = 16
const DESCRIBED_AT = 2
const NETWORK_AT = 8

/** What a record is written from: a template, or minutiae alone (`methodVersion` 0). */
export type RecordSource = Pick<TemplateContents, 'minutiae' | 'geometricCodes' | 'methodVersion' | 'learnedCodes'>

/** Bytes that the record of `source` takes in the core's memory; a multiple of 16. */
export function recordBytes(
  core: CoreExports,
  { minutiae, learnedCodes }: Pick<TemplateContents, 'minutiae' | 'learnedCodes'>,
): number {
  return core.recordBytes(minutiae.length, learnedCodes !== undefined)
}

/**
 * Writes `source` as a record at `pointer` (16-byte aligned) of the memory `core` lives in. Geometric codes of another
 * method version than the core's own are left out like absent ones: the core makes them when it first needs them.
 *
 * @throws RangeError for more minutiae than a record holds, or a position that does not fit in 16 bits
 */
export function writeRecord(
  core: CoreExports,
  memory: WebAssembly.Memory,
  pointer: number,
  source: RecordSource,
): void {
  const { minutiae, geometricCodes, learnedCodes } = source
  const count = minutiae.length
  if (count > MAX_MINUTIAE) throw new RangeError(`minutiae must be at most ${MAX_MINUTIAE}, given ${count}`)
  const bytes = recordBytes(core, source)
  const view = new DataView(memory.buffer, pointer, bytes)
  new Uint8Array(memory.buffer, pointer, bytes).fill(0)
  view.setUint16(0, count, true)
  view.setUint32(4, bytes, true)
  const x = core.recordX(count)
  const y = core.recordY(count)
  const direction = core.recordDirections(count)
  for (let i = 0; i < count; i++) {
    const minutia = minutiae[i]
    view.setInt16(x + 2 * i, coordinate('xPx', minutia.xPx, i), true)
    view.setInt16(y + 2 * i, coordinate('yPx', minutia.yPx, i), true)
    view.setUint8(direction + i, codeOfDirection(minutia.directionRad))
  }
  const { bits, masks } = geometricCodes
  const current = source.methodVersion === core.METHOD_VERSION.value
  if (current && bits.length === count * CODE_BYTES && masks.length === count) {
    new Uint8Array(memory.buffer, pointer + core.recordCodes(), bits.length).set(bits)
    for (let i = 0; i < count; i++) view.setUint32(core.recordMasks(count) + 4 * i, masks[i], true)
    view.setUint16(DESCRIBED_AT, 1, true)
  }
  if (learnedCodes !== undefined) {
    if (learnedCodes.bits.length !== count * CODE_BYTES) {
      throw new RangeError(`learnedCodes.bits must be ${count * CODE_BYTES} bytes, given ${learnedCodes.bits.length}`)
    }
    view.setUint32(NETWORK_AT, learnedCodes.networkVersion, true)
    new Uint8Array(memory.buffer, pointer + core.recordLearned(count), learnedCodes.bits.length).set(learnedCodes.bits)
  }
}

/** The geometric codes of the described record at `pointer`, copied out. */
export function readCodes(core: CoreExports, memory: WebAssembly.Memory, pointer: number) {
  const count = new DataView(memory.buffer, pointer, 2).getUint16(0, true)
  const bits = new Uint8Array(count * CODE_BYTES)
  bits.set(new Uint8Array(memory.buffer, pointer + core.recordCodes(), bits.length))
  const masks = new Uint32Array(count)
  const view = new DataView(memory.buffer, pointer + core.recordMasks(count), 4 * count)
  for (let i = 0; i < count; i++) masks[i] = view.getUint32(4 * i, true)
  return { bits, masks }
}

function coordinate(name: string, value: number, i: number): number {
  const rounded = Math.round(value)
  if (!(rounded >= -32_768 && rounded <= 32_767)) {
    throw new RangeError(`${name} of minutia ${i} must fit in 16 bits, given ${value}`)
  }
  return rounded
}

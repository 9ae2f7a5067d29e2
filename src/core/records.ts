import { codeOfDirection, MAX_MINUTIAE } from '../template/minutia-codes.js'
import type { TemplateContents } from '../types.js'
import type { CoreExports } from './instance.js'

/** Bytes that one code and one mask take (assembly/memory.ts, RECORD). */
const CODE_BYTES = 16

/** What a record is written from: a template, or minutiae alone (`methodVersion` 0). */
export type RecordSource = Pick<TemplateContents, 'minutiae' | 'geometricCodes' | 'methodVersion'>

/** Bytes that the record of `source` takes in the core's memory; a multiple of 16. */
export function recordBytes(core: CoreExports, source: Pick<TemplateContents, 'minutiae'>): number {
  return core.recordBytes(source.minutiae.length)
}

/**
 * Writes `source` as a record at `pointer` (16-byte aligned) of the memory `core` lives in. Codes of another method
 * version than the core's own, or absent ones, are made from the minutiae.
 *
 * @param scratchPointer where DESCRIBE_BYTES are free
 * @throws RangeError for more minutiae than a record holds, or a position that does not fit in 16 bits
 */
export function writeRecord(
  core: CoreExports,
  memory: WebAssembly.Memory,
  pointer: number,
  source: RecordSource,
  scratchPointer: number,
): void {
  const { minutiae, geometricCodes } = source
  const count = minutiae.length
  if (count > MAX_MINUTIAE) throw new RangeError(`minutiae must be at most ${MAX_MINUTIAE}, given ${count}`)
  const bytes = core.recordBytes(count)
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
  } else {
    core.describeGeometry(pointer, scratchPointer)
  }
}

/** The codes of the record at `pointer`, copied out. */
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

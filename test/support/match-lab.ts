import type { Minutia } from 'sidik'
import { type CoreExports, createMemory, instantiateCore, RESERVED_BYTES } from '../../dist/core/instance.js'
import { readCodes, recordBytes, writeRecord } from '../../dist/core/records.js'

const NO_CODES = { methodVersion: 0, geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) } }

/** What the core exports for tests alone: the stages of a comparison and where they leave what they found. */
interface Stages {
  readonly COMPARE_SIMILARITY: WebAssembly.Global
  readonly COMPARE_PAIRS: WebAssembly.Global
  readonly COMPARE_INITIAL: WebAssembly.Global
  readonly COMPARE_LEVEL: WebAssembly.Global
  readonly COMPARE_SEEDS: WebAssembly.Global
  readonly COMPARE_POINTS_A: WebAssembly.Global
  readonly COMPARE_POINTS_B: WebAssembly.Global
  readonly COMPARE_CLOSE: WebAssembly.Global
  readonly COMPARE_MATCHED: WebAssembly.Global
  codeSimilarities(a: number, b: number, out: number): void
  unpackPoints(record: number, points: number): void
  relax(pairs: number, minutiae: number, scratch: number): number
  alignFrom(seed: number, learned: boolean, scratch: number): number
}

/** One instance of the core with room for records and one scratch region, to run single stages. */
export class MatchLab {
  readonly memory = createMemory(64 << 20, 64 << 20)
  readonly core: CoreExports & Stages
  readonly scratch = RESERVED_BYTES
  readonly #start: number
  #next: number

  constructor(readonly module: WebAssembly.Module) {
    this.core = instantiateCore(module, this.memory) as CoreExports & Stages
    this.#start = this.scratch + (1 << 20)
    this.#next = this.#start
  }

  /** Forgets all records. */
  clear(): void {
    this.#next = this.#start
  }

  /** `bytes` of memory that nothing else uses, 16-byte aligned and 0. */
  reserve(bytes: number): number {
    const pointer = this.#next
    this.#next += (bytes + 15) & ~15
    new Uint8Array(this.memory.buffer, pointer, bytes).fill(0)
    return pointer
  }

  /** Address of a new record of these minutiae, described. */
  record(minutiae: readonly Minutia[]): number {
    const pointer = this.reserve(recordBytes(this.core, { minutiae }))
    writeRecord(this.core, this.memory, pointer, { minutiae, ...NO_CODES })
    this.core.describeGeometry(pointer, this.scratch)
    return pointer
  }

  codes(record: number) {
    return readCodes(this.memory, record)
  }

  floats(pointer: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, pointer, count)
  }

  words(pointer: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, pointer, count)
  }
}

/** Bits set. */
export function countBits(word: number): number {
  let count = 0
  for (let rest = word >>> 0; rest !== 0; rest >>>= 1) count += rest & 1
  return count
}

/** Turned counter-clockwise about (x, y) by whole 256ths of a turn, then moved; positions are not rounded. */
export function moved(minutiae: readonly Minutia[], turn: number, dx = 0, dy = 0, x = 160, y = 200): Minutia[] {
  const angle = (turn * Math.PI) / 128
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  return minutiae.map(minutia => ({
    ...minutia,
    xPx: x + c * (minutia.xPx - x) + s * (minutia.yPx - y) + dx,
    yPx: y + c * (minutia.yPx - y) - s * (minutia.xPx - x) + dy,
    directionRad: (minutia.directionRad + angle + 4 * Math.PI) % (2 * Math.PI),
  }))
}

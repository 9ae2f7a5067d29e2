import { MAX_MINUTIAE } from '../template/minutia-codes.js'
import type { TemplateParts } from '../template/native-parts.js'
import type { ComparedCodes, GeometricCodes, Minutia, TemplateContents } from '../types.js'
import { finiteScore } from './compile.js'
import { type CoreExports, createMemory, instantiateCore, RESERVED_BYTES } from './instance.js'
import {
  checkPlaces,
  LEARNED_HEADER_REST,
  type MemoryViews,
  partsBytes,
  type RecordSource,
  readCodes,
  viewsOf,
  writeParts,
  writeRecord,
} from './records.js'

/** Minutiae alone, to be described. */
export interface MinutiaePrint {
  readonly widthPx: number
  readonly heightPx: number
  /** At most 255. */
  readonly minutiae: readonly Minutia[]
}

/** A template that was checked, or what one holds. */
type Print = TemplateContents | TemplateParts

/** What a comparison of two templates gives. */
export interface Comparison {
  /** Decibans of evidence that both are of one finger. */
  readonly score: number
  readonly codes: ComparedCodes
}

/** A comparison with its grounds: pairs of minutia indices (in the first print, in the second) that coincide. */
export interface Explanation extends Comparison {
  readonly pairs: readonly (readonly [number, number])[]
}

/** Rounds before first use: V8 compiles a kernel again once it was called a few times. */
const WARMING_ROUNDS = 3

/** Describes and compares prints, one at a time, in a memory of its own that is used over and over. */
export class Matcher {
  /** Version of the description method; codes of any other are made again. */
  readonly methodVersion: number
  readonly #core: CoreExports
  readonly #memory: WebAssembly.Memory
  readonly #a: number
  readonly #b: number
  readonly #pairs: number
  readonly #scratch: number
  readonly #views: MemoryViews

  constructor(module: WebAssembly.Module) {
    this.#memory = createMemory(0, 1 << 22)
    this.#core = instantiateCore(module, this.#memory)
    this.methodVersion = this.#core.METHOD_VERSION.value
    const kept = MAX_MINUTIAE + LEARNED_HEADER_REST
    const record = this.#core.recordBytes(MAX_MINUTIAE, true, kept) + this.#core.geometryBytes(MAX_MINUTIAE)
    this.#a = RESERVED_BYTES
    this.#b = this.#a + record
    this.#pairs = this.#b + record
    this.#scratch = this.#pairs + 512
    const scratch = Math.max(this.#core.COMPARE_BYTES.value, this.#core.DESCRIBE_BYTES.value)
    const missing = this.#scratch + scratch - this.#memory.buffer.byteLength
    this.#memory.grow(Math.ceil(missing / 65_536))
    this.#views = viewsOf(this.#memory)
    this.#warm()
  }

  /** The geometric codes of a print's minutiae, in their order. */
  describe(print: MinutiaePrint): GeometricCodes {
    this.#write(this.#a, { minutiae: print.minutiae, ...UNDESCRIBED })
    this.#core.describeGeometry(this.#a, this.#scratch)
    return readCodes(this.#memory, this.#a)
  }

  /** Decibans of evidence that both prints are of one finger: 0 and up, symmetric, 0 for a print without minutiae. */
  match(a: Print, b: Print): number {
    return this.compare(a, b).score
  }

  /** {@link match}, and by which codes. */
  compare(a: Print, b: Print): Comparison {
    return this.compareMany(a, [b])[0]
  }

  /** The same of one print with each of many. */
  compareMany(a: Print, many: readonly Print[]): Comparison[] {
    this.#write(this.#a, a)
    return many.map(b => {
      this.#write(this.#b, b)
      const score = finiteScore(this.#core.compareRecords(this.#a, this.#b, this.#scratch))
      return { score, codes: this.#core.shareNetwork(this.#a, this.#b) ? 'learned' : 'geometric' }
    })
  }

  /** What the score is computed from: no unit, 0 and up. For calibration (bench/calibrate.js). */
  similarity(a: Print, b: Print): number {
    this.#write(this.#a, a)
    this.#write(this.#b, b)
    return finiteScore(this.#core.similarityOf(this.#a, this.#b, this.#scratch))
  }

  /** The score, and which minutiae were found to coincide. */
  explain(a: Print, b: Print): Explanation {
    const comparison = this.compare(a, b)
    const count = this.#core.explainRecords(this.#a, this.#b, this.#pairs, this.#scratch)
    const indices = new Uint8Array(this.#memory.buffer, this.#pairs, 2 * count)
    const pairs = Array.from({ length: count }, (_, k) => [indices[2 * k], indices[2 * k + 1]] as const)
    return { ...comparison, pairs }
  }

  /** The bytes of a template are copied as they are: to read its minutiae out takes a third of a comparison. */
  #write(pointer: number, print: Print | RecordSource): void {
    if (!('template' in print)) {
      writeRecord(this.#core, this.#memory, pointer, print)
      return
    }
    checkPlaces(print)
    const geometry = pointer + partsBytes(this.#core, print)
    // The scratch of a comparison is of no use to the next one.
    writeParts(this.#core, this.#views, this.#scratch, pointer, geometry, print)
  }

  #warm(): void {
    const minutiae = Array.from({ length: 24 }, (_, i) => warmingMinutia(i))
    const bits = Uint8Array.from({ length: 16 * minutiae.length }, (_, i) => 89 * i * i)
    for (let round = 0; round < WARMING_ROUNDS; round++) {
      for (const learnedCodes of [undefined, { networkVersion: 1, bits }]) {
        this.#write(this.#a, { minutiae, ...UNDESCRIBED, learnedCodes })
        this.#write(this.#b, { minutiae, ...UNDESCRIBED, learnedCodes })
        this.#core.compareRecords(this.#a, this.#b, this.#scratch)
      }
    }
  }
}

const UNDESCRIBED = { methodVersion: 0, geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) } }

/** A print of no finger: minutiae on a spiral, enough to run every kernel. */
function warmingMinutia(i: number): Minutia {
  const radius = 25 * Math.sqrt(i)
  return {
    xPx: 150 + radius * Math.cos(2.4 * i),
    yPx: 150 - radius * Math.sin(2.4 * i),
    directionRad: (1.7 * i) % (2 * Math.PI),
    type: 'other',
    quality: 0,
  }
}

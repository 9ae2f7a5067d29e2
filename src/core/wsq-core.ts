import { type CoreExports, createMemory, ensureBytes, instantiateCore, RESERVED_BYTES } from './instance.js'

/** A rectangle of a plane of coefficients, in samples. */
export interface WsqRectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** One that is split into four or joined from them; along an axis on which it is mirrored, its high half lies first. */
export interface WsqRegion extends WsqRectangle {
  readonly mirroredX: boolean
  readonly mirroredY: boolean
}

/** The sample `step` places further in one half of a line (0 low or even, 1 high or odd), and its weights in both results. */
export interface WsqTap {
  readonly half: 0 | 1
  readonly step: number
  readonly first: number
  readonly second: number
}

/** Two filters, as a step of the transform uses them. At most 40 taps, 10 places to either side. */
export interface WsqBank {
  readonly isEven: boolean
  readonly taps: readonly WsqTap[]
}

/** The bins of a subband: width (0 where it is not in the stream), and what is added to their numbers' multiples of it. */
export interface WsqBins {
  readonly width: number
  readonly offset: number
}

export interface WsqMeasures {
  readonly variance: number
  readonly meanSquare: number
  /** Greatest magnitude. */
  readonly most: number
}

/** Address space: 20 million pixels take 14 bytes each, and their coded data at most 12. */
const MAXIMUM_BYTES = 640 * 1024 * 1024

const BANK_BYTES = 8
const TAP_BYTES = 16
const REGION_BYTES = 24

/** What is wrong with coded data. */
export type WsqStop = 'no-code' | 'cut-short' | 'no-meaning' | 'too-many'

/**
 * The part of WSQ that is arithmetic, one image at a time: `open` it, then either put in `pixels`, analyze, quantize and write
 * codes, or read codes and synthesize. In a memory of its own, which grows to the largest image seen.
 */
export class WsqCore {
  readonly #memory: WebAssembly.Memory
  readonly #core: CoreExports
  readonly #stops: ReadonlyMap<number, WsqStop>
  #pixels = 0
  #dataAt = 0

  constructor(module: WebAssembly.Module) {
    this.#memory = createMemory(65_536, MAXIMUM_BYTES)
    this.#core = instantiateCore(module, this.#memory)
    this.#stops = new Map<number, WsqStop>([
      [this.#core.WSQ_NO_CODE.value, 'no-code'],
      [this.#core.WSQ_CUT_SHORT.value, 'cut-short'],
      [this.#core.WSQ_NO_MEANING.value, 'no-meaning'],
      [this.#core.WSQ_TOO_MANY.value, 'too-many'],
    ])
  }

  open(widthPx: number, heightPx: number): void {
    this.#pixels = widthPx * heightPx
    this.#dataAt = this.#core.planWsq(RESERVED_BYTES, widthPx, heightPx)
    ensureBytes(this.#memory, this.#dataAt + 64)
  }

  set pixels(gray: Uint8Array) {
    new Uint8Array(this.#memory.buffer).set(gray, this.#core.wsqPixelsAt(RESERVED_BYTES))
  }

  /** A copy. */
  get pixels(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer, this.#core.wsqPixelsAt(RESERVED_BYTES), this.#pixels).slice()
  }

  /** Mean, least and greatest gray level of the pixels. */
  measureGrays(): { mean: number; least: number; most: number } {
    this.#core.measureGrays(RESERVED_BYTES)
    const { sum, least, most } = this.#measures
    return { mean: sum / this.#pixels, least, most }
  }

  /** Pixels to coefficients: (gray - shift) / scale, then each region split after the one that it is in. */
  analyze(bank: WsqBank, regions: readonly WsqRegion[], shift: number, scale: number): void {
    this.#writeBank(bank)
    this.#writeRegions(regions)
    this.#core.analyzeWsq(RESERVED_BYTES, regions.length, shift, scale)
  }

  /** Of the coefficients in a rectangle. */
  measure({ x, y, width, height }: WsqRectangle): WsqMeasures {
    this.#core.measureCoefficients(RESERVED_BYTES, x, y, width, height)
    const { sum, squares, most } = this.#measures
    const count = width * height
    const variance = count > 1 ? Math.max(0, (squares - (sum * sum) / count) / (count - 1)) : 0
    return { variance, meanSquare: count > 0 ? squares / count : 0, most }
  }

  /** Coefficients to numbers of bins, at most 32,767, one subband after the other without those of width 0. */
  quantize(subbands: readonly WsqRectangle[], bins: readonly WsqBins[]): void {
    this.#writeSubbands(subbands, bins)
    this.#core.quantize(RESERVED_BYTES, subbands.length)
    this.#core.clearCounts(RESERVED_BYTES)
  }

  /**
   * The symbols of `count` numbers of bins from place `from` on, kept from place `token` on; their uses are added to `counts`.
   *
   * @returns the place behind them
   */
  findSymbols(from: number, count: number, token: number): number {
    return this.#core.findSymbols(RESERVED_BYTES, from, count, token)
  }

  clearCounts(): void {
    this.#core.clearCounts(RESERVED_BYTES)
  }

  /** Uses of each symbol. A copy. */
  get counts(): Uint32Array {
    return new Uint32Array(this.#memory.buffer, this.#core.wsqCountsAt(RESERVED_BYTES), 256).slice()
  }

  /**
   * Coded data of the symbols from place `from` to place `to`.
   *
   * @param codes by symbol: code << 8 | its length in bits
   */
  writeCodes(from: number, to: number, codes: Uint32Array): Uint8Array<ArrayBuffer> {
    // 32 bits a symbol, and twice that if all of their bytes are followed by zeros.
    ensureBytes(this.#memory, this.#dataAt + 8 * (to - from) + 64)
    new Uint32Array(this.#memory.buffer, this.#core.wsqCodesAt(RESERVED_BYTES), 256).set(codes)
    const length = this.#core.writeCodes(RESERVED_BYTES, from, to, 0)
    return new Uint8Array(this.#memory.buffer, this.#dataAt, length).slice()
  }

  /** The coefficients of the places `from` to `to`, which were not read, are zero. */
  clearCoefficients(from: number, to: number): void {
    this.#core.clearCoefficients(RESERVED_BYTES, from, to)
  }

  /** @param table as {@link readCodes} needs it: buildCodeTable makes it */
  set codeTable(table: Uint8Array) {
    new Uint8Array(this.#memory.buffer).set(table, this.#core.wsqCodesAt(RESERVED_BYTES))
  }

  /** Coded data of a block. */
  set data(bytes: Uint8Array) {
    ensureBytes(this.#memory, this.#dataAt + bytes.length + 64)
    new Uint8Array(this.#memory.buffer).set(bytes, this.#dataAt)
  }

  /**
   * Reads `length` bytes of the block's data from byte `from` on to numbers of bins from place `filled` on, at most to `capacity`.
   *
   * @returns how far they are filled then; or what is wrong, and how many bytes were read before it
   */
  readCodes(from: number, length: number, filled: number, capacity: number): number | { stop: WsqStop; used: number } {
    const result = this.#core.readCodes(RESERVED_BYTES, from, length, filled, capacity)
    return result >= 0 ? result : { stop: this.#stops.get(result)!, used: this.#measures.used }
  }

  /** Numbers of bins to pixels: each region joined before the one that it is in, then sample * scale + shift. */
  synthesize(
    bank: WsqBank,
    subbands: readonly WsqRectangle[],
    bins: readonly WsqBins[],
    regions: readonly WsqRegion[],
    shift: number,
    scale: number,
  ): void {
    this.#writeBank(bank)
    this.#writeSubbands(subbands, bins)
    this.#writeRegions(regions)
    this.#core.synthesizeWsq(RESERVED_BYTES, subbands.length, regions.length, shift, scale)
  }

  /** Samples of the plane in a rectangle of it, row by row: a copy, for tests. */
  samples({ x, y, width, height }: WsqRectangle): Float32Array {
    const stride = this.#core.wsqStride(RESERVED_BYTES)
    const plane = new Float32Array(this.#memory.buffer, this.#core.wsqPlaneAt(RESERVED_BYTES))
    return Float32Array.from({ length: width * height }, (_, i) => {
      return plane[(y + Math.floor(i / width)) * stride + x + (i % width)]
    })
  }

  /** The first numbers of bins as quantized, and as read from codes: copies, for tests. */
  quantized(count: number): Int16Array {
    return new Int16Array(this.#memory.buffer, this.#core.wsqOtherAt(RESERVED_BYTES), count).slice()
  }

  read(count: number): Int32Array {
    return new Int32Array(this.#memory.buffer, this.#core.wsqOtherAt(RESERVED_BYTES), count).slice()
  }

  get #measures() {
    const at = this.#core.wsqMeasuresAt(RESERVED_BYTES)
    const [sum, squares, least, most, used] = new Float64Array(this.#memory.buffer, at, 5)
    return { sum, squares, least, most, used }
  }

  #writeBank({ isEven, taps }: WsqBank): void {
    const view = this.#viewAt(this.#core.wsqBankAt(RESERVED_BYTES))
    view.setInt32(0, isEven ? 1 : 0, true)
    view.setInt32(4, taps.length, true)
    taps.forEach(({ half, step, first, second }, i) => {
      const at = BANK_BYTES + i * TAP_BYTES
      view.setInt32(at, half, true)
      view.setInt32(at + 4, step, true)
      view.setFloat32(at + 8, first, true)
      view.setFloat32(at + 12, second, true)
    })
  }

  #writeRegions(regions: readonly WsqRegion[]): void {
    const view = this.#viewAt(this.#core.wsqRegionsAt(RESERVED_BYTES))
    regions.forEach((region, i) => {
      writeRectangle(view, i * REGION_BYTES, region)
      view.setInt32(i * REGION_BYTES + 16, region.mirroredX ? 1 : 0, true)
      view.setInt32(i * REGION_BYTES + 20, region.mirroredY ? 1 : 0, true)
    })
  }

  #writeSubbands(subbands: readonly WsqRectangle[], bins: readonly WsqBins[]): void {
    const view = this.#viewAt(this.#core.wsqSubbandsAt(RESERVED_BYTES))
    subbands.forEach((subband, i) => {
      writeRectangle(view, i * REGION_BYTES, subband)
      view.setFloat32(i * REGION_BYTES + 16, bins[i].width, true)
      view.setFloat32(i * REGION_BYTES + 20, bins[i].offset, true)
    })
  }

  #viewAt(at: number): DataView {
    return new DataView(this.#memory.buffer, at)
  }
}

function writeRectangle(view: DataView, at: number, { x, y, width, height }: WsqRectangle): void {
  for (const [i, value] of [x, y, width, height].entries()) view.setInt32(at + 4 * i, value, true)
}

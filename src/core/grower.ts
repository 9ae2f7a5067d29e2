import { type CoreExports, createMemory, ensureBytes, instantiateCore, RESERVED_BYTES } from './instance.js'

/** Where ridges are wanted on a canvas whose sides are multiples of 4 px. */
export interface RidgeFlow {
  readonly widthPx: number
  readonly heightPx: number
  /** Orientation at a point, radians, counter-clockwise with y up. */
  orientationRad(xPx: number, yPx: number): number
  /** Distance from ridge to ridge at a point, px. */
  periodPx(xPx: number, yPx: number): number
  /** Uniform in [0, 1): decides which of the two nearest kernels a cell gets, so that between them they average out. */
  dither(): number
}

/** Enough for the kernels and a canvas of 2,000 x 2,000 px. */
const MAXIMUM_BYTES = 24 * 1024 * 1024

/** Grows synthetic ridges in the core, in a memory of its own. */
export class Grower {
  readonly #memory: WebAssembly.Memory
  readonly #core: CoreExports
  readonly #bank = RESERVED_BYTES

  constructor(module: WebAssembly.Module) {
    this.#memory = createMemory(0, MAXIMUM_BYTES)
    this.#core = instantiateCore(module, this.#memory)
    ensureBytes(this.#memory, this.#bank + this.#core.BANK_BYTES.value)
    this.#core.buildKernels(this.#bank)
  }

  /**
   * @param seeds one value a pixel, row by row, -8192 to 8192: where ridges (positive) and valleys begin
   * @param rounds of filtering; a front advances about 10 px a round
   * @returns the ridges, one value a pixel: positive on ridges, about +-8192 at crests and in valleys
   * @throws RangeError when a side of the canvas is not a positive multiple of 4, or the seeds are not of its size
   */
  grow(flow: RidgeFlow, seeds: Int16Array, rounds: number): Int16Array {
    const { widthPx, heightPx } = flow
    const margin = this.#core.MARGIN.value
    const stride = widthPx + 2 * margin
    const imageBytes = this.#core.paddedBytes(widthPx, heightPx)
    const classes = this.#bank + this.#core.BANK_BYTES.value
    const cells = this.#classesOf(flow)
    const image = (classes + cells.byteLength + 15) & ~15
    const other = image + imageBytes
    if (seeds.length !== widthPx * heightPx) throw new RangeError('seeds: one value for each pixel of the canvas')
    ensureBytes(this.#memory, other + imageBytes)

    new Uint16Array(this.#memory.buffer, classes, cells.length).set(cells)
    const pixels = new Int16Array(this.#memory.buffer, image, imageBytes / 2)
    pixels.fill(0)
    for (let y = 0; y < heightPx; y++) {
      pixels.set(seeds.subarray(y * widthPx, (y + 1) * widthPx), (y + margin) * stride + margin)
    }
    const status = this.#core.growRidges(image, other, widthPx, heightPx, classes, this.#bank, rounds)
    if (status !== 0) throw new RangeError(`flow: sides ${widthPx} x ${heightPx} px are not positive multiples of 4`)

    const ridges = new Int16Array(widthPx * heightPx)
    for (let y = 0; y < heightPx; y++) {
      const start = (y + margin) * stride + margin
      ridges.set(pixels.subarray(start, start + widthPx), y * widthPx)
    }
    return ridges
  }

  /** The kernel of every cell: of the two nearest orientations and periods one each, as the dither decides. */
  #classesOf(flow: RidgeFlow): Uint16Array {
    const cell = this.#core.CELL.value
    const orientations = this.#core.ORIENTATIONS.value
    const periods = this.#core.PERIODS.value
    const columns = Math.floor(flow.widthPx / cell)
    const logRatio = Math.log(this.#core.PERIOD_RATIO.value)
    const classes = new Uint16Array(columns * Math.floor(flow.heightPx / cell))
    for (let i = 0; i < classes.length; i++) {
      const x = ((i % columns) + 0.5) * cell
      const y = (Math.floor(i / columns) + 0.5) * cell
      const turn = (flow.orientationRad(x, y) / Math.PI) * orientations
      const step = Math.log(flow.periodPx(x, y) / this.#core.PERIOD_SHORTEST.value) / logRatio
      const orientation = Math.floor(turn + flow.dither()) % orientations
      const period = Math.min(Math.max(Math.floor(step + flow.dither()), 0), periods - 1)
      classes[i] = period * orientations + orientation
    }
    return classes
  }
}

/** The plane of coefficients of a WSQ image, filled subband by subband as the stream brings them (IAFIS-IC-0110). */
import type { CoefficientSink } from './huffman.js'
import { wsqCorrupt } from './segment.js'
import { BLOCK_STARTS, type Region, SUBBANDS } from './subbands.js'
import type { QuantizationTable } from './tables.js'

export class CoefficientPlane implements CoefficientSink {
  /** Row by row as the regions lie; zero where nothing was put. */
  readonly values: Float32Array
  readonly #strideSamples: number
  readonly #subbands: readonly Region[]
  #table: QuantizationTable
  /** The subband that is being filled, SUBBANDS when there is none left, and the one after the last that is full. */
  #subband = 0
  #afterFull = 0
  #row = 0
  #column = 0

  constructor(width: number, height: number, subbands: readonly Region[], table: QuantizationTable) {
    this.values = new Float32Array(width * height)
    this.#strideSamples = width
    this.#subbands = subbands
    this.#table = table
    this.#open(0)
  }

  /** Holds for the subbands that have not begun. */
  set quantization(table: QuantizationTable) {
    this.#table = table
    this.#open(this.#afterFull)
  }

  get isFull(): boolean {
    return this.#subband === SUBBANDS
  }

  /** Nothing of the next subband is there yet. */
  get isBetweenSubbands(): boolean {
    return this.#row === 0 && this.#column === 0
  }

  /** All that is there are whole blocks of the standard. */
  get isBetweenBlocks(): boolean {
    return this.isBetweenSubbands && BLOCK_STARTS.some(start => this.#afterFull <= start && start <= this.#subband)
  }

  /** For messages. */
  get place(): string {
    return this.isFull ? 'all subbands' : `subband ${this.#subband}, row ${this.#row}, column ${this.#column}`
  }

  put(value: number): void {
    if (this.#subband === SUBBANDS) throw tooMany()
    if (value !== 0) {
      const { binCentre, binWidths, zeroBinWidths } = this.#table
      const magnitude = (Math.abs(value) - binCentre) * binWidths[this.#subband] + zeroBinWidths[this.#subband] / 2
      const { x, y } = this.#subbands[this.#subband]
      const at = (y + this.#row) * this.#strideSamples + x + this.#column
      this.values[at] = value < 0 ? -magnitude : magnitude
    }
    this.#advance(1)
  }

  skip(count: number): void {
    let left = count
    while (left > 0) {
      if (this.#subband === SUBBANDS) throw tooMany()
      const { width, height } = this.#subbands[this.#subband]
      const step = Math.min(left, width * (height - this.#row) - this.#column)
      this.#advance(step)
      left -= step
    }
  }

  /** Past samples of this subband, at most to its end. */
  #advance(count: number): void {
    const { width, height } = this.#subbands[this.#subband]
    const column = this.#column + count
    if (column < width) {
      this.#column = column
      return
    }
    this.#row += Math.floor(column / width)
    this.#column = column % width
    if (this.#row === height) {
      this.#afterFull = this.#subband + 1
      this.#open(this.#afterFull)
    }
  }

  /** The first subband from `from` on that is in the stream. */
  #open(from: number): void {
    let subband = from
    while (subband < SUBBANDS && this.#isAbsent(subband)) subband++
    this.#subband = subband
    this.#row = 0
    this.#column = 0
  }

  #isAbsent(subband: number): boolean {
    const { width, height } = this.#subbands[subband]
    return this.#table.binWidths[subband] === 0 || width * height === 0
  }
}

function tooMany() {
  return wsqCorrupt('it holds more coefficients than its size has')
}

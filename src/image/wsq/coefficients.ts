/** Which coefficients of a WSQ image are there while its stream brings them, subband by subband (IAFIS-IC-0110). */
import type { WsqBins, WsqRectangle } from '../../core/wsq-core.js'
import { BLOCK_STARTS, SUBBANDS } from './subbands.js'
import type { QuantizationTable } from './tables.js'

export class CoefficientOrder {
  /** Of each subband, by the table that held when it began. */
  readonly bins: WsqBins[] = []
  /** How many coefficients are there. */
  filled = 0
  readonly #subbands: readonly WsqRectangle[]
  /** Coefficients up to the end of each subband. */
  readonly #ends: number[] = []

  constructor(subbands: readonly WsqRectangle[], table: QuantizationTable) {
    this.#subbands = subbands
    this.#setBins(0, table)
  }

  /** Holds for the subbands that have not begun. */
  set quantization(table: QuantizationTable) {
    this.#setBins(this.#afterFull, table)
  }

  /** Coefficients of all subbands that are in the stream. */
  get capacity(): number {
    return this.#ends[SUBBANDS - 1]
  }

  get isFull(): boolean {
    return this.filled === this.capacity
  }

  /** Nothing of the next subband is there yet. */
  get isBetweenSubbands(): boolean {
    return this.filled === 0 || this.#ends.includes(this.filled)
  }

  /** All that is there are whole blocks of the standard. */
  get isBetweenBlocks(): boolean {
    return this.isBetweenSubbands && BLOCK_STARTS.some(start => this.#afterFull <= start && start <= this.#next)
  }

  /** For messages. */
  get place(): string {
    if (this.isFull) return 'all subbands'
    const within = this.filled - (this.#ends[this.#next - 1] ?? 0)
    const { width } = this.#subbands[this.#next]
    return `subband ${this.#next}, row ${Math.floor(within / width)}, column ${within % width}`
  }

  /** The subband that is being filled, SUBBANDS when there is none left. */
  get #next(): number {
    const next = this.#ends.findIndex(end => end > this.filled)
    return next < 0 ? SUBBANDS : next
  }

  /** The subband after the last that is full; between it and the next there are only such as are not in the stream. */
  get #afterFull(): number {
    return this.filled === 0 ? 0 : this.#ends.findIndex(end => end >= this.filled) + (this.isBetweenSubbands ? 1 : 0)
  }

  #setBins(from: number, { binCentre, binWidths, zeroBinWidths }: QuantizationTable): void {
    for (let i = from; i < SUBBANDS; i++) {
      // As the core has it: what is 0 there is not in the stream.
      const width = Math.fround(binWidths[i])
      const subband = this.#subbands[i]
      this.bins[i] = { width, offset: zeroBinWidths[i] / 2 - binCentre * width }
      this.#ends[i] = (this.#ends[i - 1] ?? 0) + (width === 0 ? 0 : subband.width * subband.height)
    }
  }
}

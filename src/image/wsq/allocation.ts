/**
 * How wide the bins of each subband are (IAFIS-IC-0110, quantization): in proportions that follow from the variances of the
 * subbands, on a scale that follows from the bit rate.
 */
import type { WsqMeasures } from '../../core/wsq-core.js'
import { SUBBANDS } from './subbands.js'

/**
 * A subband that varies less is left out, by the standard. Not here if all of it is far from zero: stripes as narrow as a pixel
 * would be lost, and the one sample that the lowest subbands of the smallest images have.
 */
const LEAST_VARIANCE = 1.01

/** Subbands whose bins are all as wide as the scale says, and the first ones that are a 256th and a 16th of the image. */
const LOWEST = 4
const FIRST_LARGE = 51

/** Weights of the subbands 52 to 59, the finest; 1 of all others. */
const FINEST_WEIGHTS = [1.32, 1.08, 1.42, 1.08, 1.32, 1.42, 1.08, 1.08]

/** A bin that is so many standard deviations wide takes no bits. */
const EMPTY_DEVIATIONS = 5

/** The bin about zero is so much wider than the others. */
export const ZERO_BIN_RATIO = 1.2

/** What is left below 32,767 for the rounding of widths as they are written. */
const WIDEST_BIN = 32_000

/** Widths of two bytes go no further. */
const MOST_WIDTH = 65_535

interface Band {
  /** Width of a bin on scale 1. */
  readonly width: number
  readonly deviation: number
  /** Its samples, as a share of the image's. */
  readonly share: number
  readonly most: number
}

/** The widths of the bins of one image on any scale. */
export class BinAllocation {
  /** Undefined where a subband is left out. */
  readonly #bands: readonly (Band | undefined)[]
  readonly #present: readonly Band[]

  constructor(measures: readonly WsqMeasures[]) {
    this.#bands = measures.map(({ variance: stated, meanSquare, most }, i) => {
      const variance = stated < LEAST_VARIANCE ? meanSquare : stated
      if (variance < LEAST_VARIANCE) return undefined
      const weight = FINEST_WEIGHTS[i - (SUBBANDS - FINEST_WEIGHTS.length)] ?? 1
      const width = i < LOWEST ? 1 : 10 / (weight * Math.log(variance))
      const share = i < LOWEST ? 1 / 1024 : i < FIRST_LARGE ? 1 / 256 : 1 / 16
      return { width, deviation: Math.sqrt(variance), share, most }
    })
    this.#present = this.#bands.filter(band => band !== undefined)
  }

  /** No coefficient is worth a bit: all scales are the same. */
  get isEmpty(): boolean {
    return this.#present.length === 0
  }

  /** On which every coefficient is in the bin about zero. */
  get coarsest(): number {
    return Math.min(...this.#present.map(({ width, most }) => (width * ZERO_BIN_RATIO) / 2 / most))
  }

  /** On which every subband has as many bins as can be written. */
  get finest(): number {
    return Math.max(...this.#present.map(({ width, most }) => (width * WIDEST_BIN) / most))
  }

  /** The scale of the standard for a bit rate (bits a pixel): found once more without the subbands that take no bits on it. */
  scaleOf(bitRate: number): number {
    let bands = this.#present
    for (;;) {
      const { share, product } = sums(bands)
      const scale = 2 ** (bitRate / share - 1 - Math.log2(2.5) - product / share)
      const worthBits = bands.filter(band => isWorthBits(band, scale))
      if (worthBits.length === bands.length || worthBits.length === 0) {
        return Math.min(Math.max(scale, this.coarsest), this.finest)
      }
      bands = worthBits
    }
  }

  /** The bit rate of the standard that a scale belongs to, 0 and up. */
  bitRateOf(scale: number): number {
    const { share, product } = sums(this.#present.filter(band => isWorthBits(band, scale)))
    return Math.max(0, share * (Math.log2(2.5 * scale) + 1) + product)
  }

  /** By subband; 0 where it is left out. */
  widthsAt(scale: number): number[] {
    return this.#bands.map(band => {
      if (band === undefined) return 0
      return Math.min(Math.max(band.width / scale, band.most / WIDEST_BIN), MOST_WIDTH)
    })
  }
}

function isWorthBits({ width, deviation }: Band, scale: number): boolean {
  return width / scale < EMPTY_DEVIATIONS * deviation
}

/** S of the standard, and the logarithm to base 2 of its P. */
function sums(bands: readonly Band[]): { share: number; product: number } {
  return bands.reduce(
    (sum, { share, deviation, width }) => ({
      share: sum.share + share,
      product: sum.product + share * Math.log2(deviation / width),
    }),
    { share: 0, product: 0 },
  )
}

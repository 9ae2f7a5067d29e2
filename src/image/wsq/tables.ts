/** The frame header, the transform table and the quantization table of a WSQ stream (IAFIS-IC-0110). */
import type { SynthesisFilters } from './bank.js'
import type { Segment } from './segment.js'
import { SUBBANDS } from './subbands.js'

export interface Frame {
  /** Gray levels that stand for black and white; like encoder and software, they change no pixel. */
  readonly black: number
  readonly white: number
  readonly heightPx: number
  readonly widthPx: number
  /** M and R: gray = coefficient plane * scale + shift. */
  readonly shift: number
  readonly scale: number
  /** Numbers of the encoder and of its software, as certified; 0 where there is none. */
  readonly encoder: number
  readonly software: number
}

export function readFrame(segment: Segment): Frame {
  return {
    black: segment.u8(),
    white: segment.u8(),
    heightPx: segment.u16(),
    widthPx: segment.u16(),
    shift: segment.decimal16(),
    scale: segment.decimal16(),
    encoder: segment.u8(),
    software: segment.u16(),
  }
}

/** The longest filters that the standard has: 31 taps where the length is odd, 32 where it is even. */
const MAX_TAPS = 32

/**
 * The transform table: the right halves of both analysis filters, low pass first. The synthesis filters are these
 * with the sign of every other tap changed, high from low and low from high. Filters of odd length are symmetric
 * about their middle tap; of even length, low pass is symmetric and high pass antisymmetric about the gap between two.
 */
export function readTransformTable(segment: Segment): SynthesisFilters {
  const lowTaps = segment.u8()
  const highTaps = segment.u8()
  if (lowTaps % 2 !== highTaps % 2) throw segment.wrong(`mixes filters of ${lowTaps} and ${highTaps} taps`)
  for (const taps of [lowTaps, highTaps]) {
    if (taps < 2 || taps > MAX_TAPS) throw segment.wrong(`has a filter of ${taps} taps, not 2 to ${MAX_TAPS}`)
  }
  const lowHalf = readHalf(segment, lowTaps)
  const highHalf = readHalf(segment, highTaps)
  const even = lowTaps % 2 === 0
  return {
    low: unfold(highHalf, highTaps, even ? -1 : 1, 1),
    high: unfold(lowHalf, lowTaps, 1, even ? -1 : 1),
  }
}

function readHalf(segment: Segment, taps: number): number[] {
  return Array.from({ length: Math.ceil(taps / 2) }, () => {
    const negative = segment.u8() !== 0
    const magnitude = segment.decimal32()
    return negative ? -magnitude : magnitude
  })
}

/** @param mirrorSign of the left half against the right one */
function unfold(half: readonly number[], taps: number, firstSign: number, mirrorSign: number): number[] {
  const filter = new Array<number>(taps).fill(0)
  half.forEach((value, i) => {
    const tap = i % 2 === 0 ? value * firstSign : -value * firstSign
    filter[half.length - 1 - i] = tap * mirrorSign
    filter[taps - half.length + i] = tap
  })
  return filter
}

export const QUANTIZATION_ROWS = 64

export interface QuantizationTable {
  /** C: where within its bin a value is put back, as a share of the bin. */
  readonly binCentre: number
  /** Q of each subband: width of a bin. A subband with 0 is not in the stream. */
  readonly binWidths: Float64Array
  /** Z of each subband: width of the bin about zero. */
  readonly zeroBinWidths: Float64Array
}

/** The quantization table. It has rows for four more subbands, which are never in a stream. */
export function readQuantizationTable(segment: Segment): QuantizationTable {
  const binCentre = segment.decimal16()
  const binWidths = new Float64Array(QUANTIZATION_ROWS)
  const zeroBinWidths = new Float64Array(QUANTIZATION_ROWS)
  for (let row = 0; row < QUANTIZATION_ROWS; row++) {
    binWidths[row] = segment.decimal16()
    zeroBinWidths[row] = segment.decimal16()
  }
  return { binCentre, binWidths: binWidths.slice(0, SUBBANDS), zeroBinWidths: zeroBinWidths.slice(0, SUBBANDS) }
}

/** The filters of a WSQ stream as the core uses them: weights of the samples in both halves of a line (IAFIS-IC-0110). */
import type { WsqBank, WsqTap } from '../../core/wsq-core.js'

/** Filters of the inverse transform, all taps from the first to the last. */
export interface SynthesisFilters {
  readonly low: readonly number[]
  readonly high: readonly number[]
}

/** Farthest place that a filter of 32 taps reaches. */
const REACH = 18

/**
 * Joins: the samples at even places of the result and those at odd ones from the low and the high half. Filters of odd length
 * are centred on their sample's place, those of even length between both of a pair.
 */
export function synthesisBank({ low, high }: SynthesisFilters): WsqBank {
  const isEven = low.length % 2 === 0
  const lowCentre = isEven ? low.length / 2 - 1 : (low.length - 1) / 2
  const highCentre = isEven ? high.length / 2 : (high.length - 1) / 2
  const weight = (result: number, source: number) =>
    (isHigh(source) ? high[highCentre - source + result] : low[lowCentre - source + result]) ?? 0
  return { isEven, taps: tapsOf(weight) }
}

/** Splits: low and high samples from those at even and at odd places, by symmetric filters of odd length. */
export function analysisBank(low: readonly number[], high: readonly number[]): WsqBank {
  const weight = (result: number, source: number) => {
    const half = result === 0 ? low : high
    return half[Math.abs(source - result)] ?? 0
  }
  return { isEven: false, taps: tapsOf(weight) }
}

function isHigh(place: number): boolean {
  return place % 2 !== 0
}

/** @param weight of the sample at a place (0 the even one of a pair) in the result at place 0 or 1 */
function tapsOf(weight: (result: 0 | 1, source: number) => number): WsqTap[] {
  return Array.from({ length: 2 * REACH + 1 }, (_, i) => i - REACH)
    .map(
      (place): WsqTap => ({
        half: isHigh(place) ? 1 : 0,
        step: Math.floor(place / 2),
        first: weight(0, place),
        second: weight(1, place),
      }),
    )
    .filter(({ first, second }) => first !== 0 || second !== 0)
}

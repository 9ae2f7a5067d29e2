import type { Random } from '../random.js'
import { SmoothField } from './smooth-field.js'

/** Distance from ridge to ridge, px at 500 ppi, over a finger. */
export interface PeriodField {
  readonly meanPx: number
  at(xPx: number, yPx: number): number
}

/** Range of ridge periods of adults, px at 500 ppi (0.36 to 0.56 mm). */
export const PERIOD_RANGE_PX = [7, 11] as const

/**
 * Ridge periods of one finger, slowly varying, wider near the joint. Mean over fingers and spread are those of the dev
 * sets, where 10 / 50 / 90 % of the prints have 7.3 / 8.8 / 10 px (bench/realism.js).
 */
export function makePeriodField(random: Random, widthPx: number, heightPx: number): PeriodField {
  const meanPx = random.normalWithin(8.45, 0.9, 7.1, 10.5)
  const variation = new SmoothField(random, widthPx, heightPx, 120, 0.13)
  const wider = random.uniform(0, 0.12)
  return {
    meanPx,
    at(xPx, yPx) {
      const joint = Math.max(0, yPx / heightPx - 0.6) / 0.4
      const period = meanPx * Math.exp(variation.at(xPx, yPx) + wider * joint)
      return Math.min(Math.max(period, PERIOD_RANGE_PX[0]), PERIOD_RANGE_PX[1])
    },
  }
}

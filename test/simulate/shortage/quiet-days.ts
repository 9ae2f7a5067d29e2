import type { OfficeDay } from '../../../dist/simulate/shortage/plan-types.js'

/** A day on which nothing happens. */
const QUIET: OfficeDay = {
  line: 'up',
  residents: [],
  deliveries: [],
  mostCards: 14,
  wet: 0,
  vanishing: 0,
  isCounted: false,
  returning: 0,
}

export const daysOf = (count: number, of: (day: number) => Partial<OfficeDay> = () => ({})): OfficeDay[] =>
  Array.from({ length: count }, (_, day) => ({ ...QUIET, ...of(day) }))

import type { LineState } from './plan-types.js'

/** How a day of an outage went. */
export interface DayLine {
  /** From 1. */
  readonly day: number
  /** For each kiosk a letter for each of its three slots: {@link LINE_LETTERS}. */
  readonly lines: readonly string[]
  /** Records of all kiosks until that evening, and how they stand. */
  readonly recorded: number
  readonly waiting: number
  readonly synchronised: number
  /** That day: processes killed; connections broken or altered, messages that met a fault, commands that were refused; sticks that arrived. */
  readonly kills: number
  readonly faults: number
  readonly sticks: number
}

export const LINE_LETTERS: Readonly<Record<LineState['kind'], string>> = {
  up: 'u',
  down: '-',
  stall: 's',
  cut: 'c',
  corrupt: 'x',
  throttle: 't',
}

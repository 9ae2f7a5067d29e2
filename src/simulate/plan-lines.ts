import type { Random } from '../random.js'
import { type KioskPlan, type LineState, SLOTS_A_DAY } from './plan-types.js'

const DAY_SLOTS = SLOTS_A_DAY
const WEEK_SLOTS = 7 * DAY_SLOTS

/** Slots that an outage lasts, and that the line then holds, by kind of line. Sources of the spans: docs/station-outage.md. */
const SPANS = {
  poor: { hours: 1, days: 3, weeks: 4, upSlots: 4 * DAY_SLOTS },
  fair: { hours: 6, days: 3, weeks: 0.4, upSlots: 3 * DAY_SLOTS },
} as const

/** What a line that is there does, by weight: a connection in three has something wrong. */
const QUALITY = { up: 10, cut: 3, corrupt: 1, stall: 0.7, throttle: 0.5 } as const

/** Most bytes that pass before a cut or an altered byte: about four times a day's records of a kiosk. */
const MOST_BYTES = 400_000

/** The line of a kiosk in every slot of `days` days. */
export function drawLine(random: Random, kind: KioskPlan['lineKind'], days: number): LineState[] {
  const slots: LineState[] = []
  const count = days * SLOTS_A_DAY
  if (kind === 'none') return Array.from({ length: count }, () => drawBroken(random))
  const { upSlots, ...spans } = SPANS[kind]
  let isUp = random.chance(kind === 'fair' ? 0.7 : 0.3)
  while (slots.length < count) {
    const length = isUp ? Math.ceil(random.uniform(0, 2 * upSlots)) : outageSlots(random, random.pick(spans))
    for (let i = 0; i < length && slots.length < count; i++) slots.push(isUp ? drawState(random) : drawBroken(random))
    isUp = !isUp
  }
  return slots
}

function outageSlots(random: Random, span: 'hours' | 'days' | 'weeks'): number {
  if (span === 'hours') return 1
  if (span === 'days') return Math.ceil(random.uniform(1, 6) * DAY_SLOTS)
  return Math.ceil(random.uniform(1, 4) * WEEK_SLOTS)
}

/** A line that is out refuses; one time in ten it swallows what is sent. */
const drawBroken = (random: Random): LineState => ({ kind: random.chance(0.1) ? 'stall' : 'down' })

function drawState(random: Random): LineState {
  const kind = random.pick(QUALITY)
  // Uniform in the logarithm: in the first line of a request as often as in the middle of a long one.
  const place = () => Math.floor(Math.exp(random.uniform(0, Math.log(MOST_BYTES))))
  if (kind === 'cut') return { kind, afterBytes: place() }
  if (kind === 'corrupt') return { kind, atByte: place(), direction: random.chance(0.5) ? 'up' : 'down' }
  if (kind === 'throttle') return { kind, bytesPerSecond: 1_000_000 }
  return { kind }
}

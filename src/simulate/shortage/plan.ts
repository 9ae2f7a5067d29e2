import { Random } from '../../random.js'
import { DAY_MS } from '../calendar.js'
import { drawDeliveries } from './plan-deliveries.js'
import type { Delivery, LineDay, OfficeDay, OfficePlan, Resident, ShortagePlan, ShortageSize } from './plan-types.js'

export const HUB = 'hub'

/** Probabilities of a day. */
const LINES: Readonly<Record<LineDay, number>> = { up: 0.6, lossy: 0.2, down: 0.2 }
const CUT = 0.12
const WET = 0.03
const VANISHING = 0.03
const RETURNING = 0.01

/** The store is counted once in so many days, each station's on another one. */
const COUNT_EVERY_DAYS = 10

/** The line of a station is gone, and its printer at the workshop, for so long a share of all days, once. */
const LONG_OUTAGE = 0.12
const WORKSHOP = 0.08

/** Entries of a working day: where in it the power goes. */
const ENTRIES_A_DAY = 60

/** Stations whose clock is right; the others are off by up to so many days, forwards or back. */
const RIGHT_CLOCK = 0.4
const MOST_CLOCK_ERROR_DAYS = 40

const RESIDENTS_A_DAY = 4
const MOST_CARDS_A_DAY = 14

/** Of a resident. */
const URGENT = 0.04
const STATES = {
  PRINT_READY_RECORD: 0.9,
  DUPLICATE_RECORD: 0.04,
  ENROLL_FAILURE_AT_CENTRAL: 0.03,
  never: 0.03,
} as const
const SAID_TWICE = 0.05
const COLLECTS = 0.95
const LOSES = 0.06
const ASKS_FOR_LETTER = 0.5
const WITHDRAWS = 0.01

/** The plan of that seed: the same for the same numbers, on every machine. */
export function planShortage({ days, offices, seed }: ShortageSize): ShortagePlan {
  const random = new Random(seed).child('shortage')
  const names = [HUB, ...Array.from({ length: offices }, (_, i) => `office-${i + 1}`)]
  let residents = 0
  const stations = names.map((name, index): OfficePlan => {
    const own = random.child(name)
    const deliveries = drawDeliveries(own.child('deliveries'), index, days)
    const away = spanOf(own.child('line'), days, LONG_OUTAGE)
    const workshop = spanOf(own.child('workshop'), days, WORKSHOP)
    const planned = Array.from({ length: days }, (_, day): OfficeDay => {
      const of = own.child('day').child(day)
      const coming = index === 0 ? 0 : Math.round(of.uniform(0.4, 1.6) * RESIDENTS_A_DAY)
      const people = Array.from({ length: coming }, () => drawResident(of, residents++))
      return drawDay(of, { index, day, people, deliveries: deliveries[day], away: away(day), workshop: workshop(day) })
    })
    return { name, clockErrorMs: drawClockError(own.child('clock')), days: planned }
  })
  return { days, offices, seed, stations }
}

/** Whole days, so that its days begin and end with those of the others. */
function drawClockError(random: Random): number {
  if (random.chance(RIGHT_CLOCK)) return 0
  return Math.round(random.uniform(-MOST_CLOCK_ERROR_DAYS, MOST_CLOCK_ERROR_DAYS)) * DAY_MS
}

function drawDay(
  random: Random,
  about: {
    readonly index: number
    readonly day: number
    readonly people: readonly Resident[]
    readonly deliveries: readonly Delivery[]
    readonly away: boolean
    readonly workshop: boolean
  },
): OfficeDay {
  const { index, day, people, deliveries, away, workshop } = about
  const line = random.pick(LINES)
  const isCut = random.chance(CUT)
  const cutAtEntry = 1 + random.below(ENTRIES_A_DAY)
  return {
    line: away ? 'down' : line,
    residents: people,
    deliveries,
    mostCards: workshop ? 0 : Math.round(random.uniform(0.5, 1) * MOST_CARDS_A_DAY),
    wet: random.chance(WET) ? 1 + random.below(4) : 0,
    vanishing: random.chance(VANISHING) ? 1 + random.below(3) : 0,
    isCounted: (day + 3 * index) % COUNT_EVERY_DAYS === COUNT_EVERY_DAYS - 1,
    returning: random.chance(RETURNING) ? 1 + random.below(5) : 0,
    ...(isCut && { cutAtEntry }),
  }
}

function drawResident(random: Random, number: number): Resident {
  const isUrgent = random.chance(URGENT)
  const state = random.pick(STATES)
  // Most are decided in days, some wait for months.
  const afterDays = Math.floor(random.chance(0.8) ? random.uniform(0, 6) : random.uniform(6, 60))
  const isSaidTwice = random.chance(SAID_TWICE)
  const within = (share: number, from: number, to: number) => {
    const after = Math.floor(random.uniform(from, to))
    return random.chance(share) ? after : undefined
  }
  const optional: { -readonly [K in keyof Resident]?: Resident[K] | undefined } = {
    decision: state === 'never' ? undefined : { afterDays, state, isSaidTwice },
    collectsAfterDays: within(COLLECTS, 0, 10),
    losesAfterDays: within(LOSES, 1, 30),
    letterAfterDays: within(ASKS_FOR_LETTER, 2, 20),
    withdrawsAfterDays: within(WITHDRAWS, 0, 20),
  }
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined))
  return { number, isUrgent, ...given }
}

/** Some days in a row, somewhere in the middle, that are so long a share of all. */
function spanOf(random: Random, days: number, share: number): (day: number) => boolean {
  const length = Math.round(days * share)
  const first = Math.floor(random.uniform(0.1, 0.9 - share) * days)
  return day => day >= first && day < first + length
}

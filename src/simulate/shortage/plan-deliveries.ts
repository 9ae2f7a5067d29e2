/** What the ministry sends, and when: as it was in the years of the shortage, in the order of those years and in shares of all days. */
import type { Random } from '../../random.js'
import { BEGIN_MS, DAY_MS } from '../calendar.js'
import type { BoxLine, Delivery } from './plan-types.js'

interface Phase {
  /** Share of all days at which it ends. */
  readonly until: number
  /** Of a day: that a box of blanks comes, and how many are in it. */
  readonly box: number
  readonly blanks: readonly [least: number, most: number]
  /** That a lot is for some purposes only. */
  readonly bound: number
  /** Of a day: that ribbons and films come. */
  readonly consumables: number
}

/** Plenty; nothing at all; small lots, most for new cards only, and ribbons that are short; plenty again. */
const PHASES: readonly Phase[] = [
  { until: 0.2, box: 0.12, blanks: [20, 45], bound: 0, consumables: 0.08 },
  { until: 0.5, box: 0, blanks: [0, 0], bound: 0, consumables: 0.02 },
  { until: 0.8, box: 0.12, blanks: [6, 25], bound: 0.8, consumables: 0.02 },
  { until: 1, box: 0.12, blanks: [40, 80], bound: 0.3, consumables: 0.12 },
]

/** Of a box on the first day, so that everybody has something to begin with: a blank for so many days. */
const FIRST_BLANK_DAYS = 4

/** Smaller than those that are sold (500 cards a ribbon), so that they run out in a simulation of few people. */
const RIBBON_CARDS = 40
const FILM_CARDS = 70

const ANNOUNCED = 0.5
const LACKING = 0.15
const TYPED_TWICE = 0.15
const OVERLAPPING = 0.3
/** Lots whose blanks bear no numbers, and those that may not be used after some weeks. */
const COUNTED = 0.25
const ENDING = 0.2

/** For each day. Serials of a station's lots follow each other; no other station's begin with its letters. */
export function drawDeliveries(random: Random, index: number, days: number): Delivery[][] {
  const letters = `${String.fromCharCode(65 + (index % 26))}${String.fromCharCode(65 + Math.floor(index / 26))}`
  let [lots, nextSerial] = [0, 1]

  const blanks = (day: number, quantity: number, bound: number): BoxLine => {
    const lot = `${letters}-blank-${++lots}`
    const isCounted = random.chance(COUNTED)
    const [isBound, share] = [random.chance(bound), random.uniform(0.6, 1)]
    const [isEnding, weeks] = [random.chance(ENDING), 2 + random.below(6)]
    const first = nextSerial
    if (!isCounted) nextSerial += quantity
    const forNew = Math.ceil(quantity * share)
    const rules = {
      ...(isBound && { quota: { new: forNew, replacement: quantity - forNew } }),
      ...(isEnding && { until: new Date(BEGIN_MS + (day + 7 * weeks) * DAY_MS).toISOString() }),
    }
    return {
      lot,
      item: 'blank',
      quantity,
      ...(!isCounted && { serials: [{ prefix: letters, digits: 6, first, last: first + quantity - 1 }] }),
      ...(Object.keys(rules).length > 0 && { rules }),
    }
  }
  const consumables = (quantity: number): BoxLine[] => [
    { lot: `${letters}-ribbon-${++lots}`, item: 'ribbon', quantity, yieldCards: RIBBON_CARDS },
    { lot: `${letters}-film-${lots}`, item: 'film', quantity, yieldCards: FILM_CARDS },
  ]
  let shipments = 0
  const delivery = (day: number, lines: BoxLine[]): Delivery => {
    const [isAnnounced, before] = [random.chance(ANNOUNCED), 1 + random.below(5)]
    const [isLacking, share] = [random.chance(LACKING), random.uniform(0.05, 0.4)]
    return {
      shipment: `${letters}-note-${++shipments}`,
      lines,
      ...(isAnnounced && index > 0 && { announcedDaysBefore: Math.min(day, before) }),
      lacking: isLacking ? Math.floor(lines[0].quantity * share) : 0,
      isTypedTwice: random.chance(TYPED_TWICE),
      isOverlapping: random.chance(OVERLAPPING) && lines[0].serials !== undefined && lines[0].serials[0].first > 10,
    }
  }

  return Array.from({ length: days }, (_, day) => {
    if (day === 0) return [delivery(0, [blanks(0, Math.ceil(days / FIRST_BLANK_DAYS), 0), ...consumables(1)])]
    const phase = PHASES.find(({ until }) => day < until * days) ?? PHASES[PHASES.length - 1]
    const [isBox, isConsumables] = [random.chance(phase.box), random.chance(phase.consumables)]
    const quantity = Math.round(random.uniform(...phase.blanks))
    return [
      ...(isBox ? [delivery(day, [blanks(day, quantity, phase.bound)])] : []),
      ...(isConsumables ? [delivery(day, consumables(1 + random.below(2)))] : []),
    ]
  })
}

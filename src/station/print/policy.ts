/** Who comes first, and who today: what the host says beyond the rules that hold anyway. */
import { callback, oneOf, readOptions, wholeNumber } from '../../options.js'
import type { CardPurpose } from './types.js'

/** A request whose card may be printed, as far as the centre and the NIK are concerned. Nothing of it is sealed: a policy that needs more opens the record. */
export interface CardCandidate {
  readonly request: string
  readonly record: string
  /** That recorded the person. */
  readonly station: string
  readonly purpose: CardPurpose
  readonly isUrgent: boolean
  /** ISO 8601. */
  readonly requestedAt: string
  readonly recordedAt: string
  readonly centreState: string
}

export const CARD_ORDERS = ['urgent', 'new-first', 'replacement-first', 'oldest-record', 'oldest-request'] as const

export type CardOrder = (typeof CARD_ORDERS)[number]

export interface PrintPolicy {
  /** In the order of their weight; `['urgent', 'new-first', 'oldest-request']` unless given. What is alike in all comes in the order in which it was asked for. */
  readonly order?: readonly CardOrder[]
  /** Cards of each purpose that are begun on one day; those that are not printed after all, or spoiled, do not count. */
  readonly quota?: { readonly new?: number; readonly replacement?: number }
  /** Minutes by which the day of the quota begins before that of UTC: 420 in Jakarta. 0 unless given. */
  readonly utcOffsetMinutes?: number
  /** True, or why not in plain words (no personal data: plans are shown and kept). */
  readonly accepts?: (candidate: CardCandidate) => true | string
  /** Before `order`: negative where `a` comes first, 0 where `order` decides. */
  readonly compare?: (a: CardCandidate, b: CardCandidate) => number
}

export interface ReadPolicy {
  readonly quota: Readonly<Partial<Record<CardPurpose, number>>>
  readonly utcOffsetMs: number
  readonly accepts: PrintPolicy['accepts']
  readonly compare: (a: CardCandidate, b: CardCandidate) => number
}

const DEFAULT_ORDER: readonly CardOrder[] = ['urgent', 'new-first', 'oldest-request']

const MOST_CARDS = 100_000_000

/** UTC-12 to UTC+14. */
const [LEAST_OFFSET, MOST_OFFSET] = [-720, 840]

/** @throws TypeError, RangeError naming the member */
export function readPolicy(policy: PrintPolicy | undefined): ReadPolicy {
  const asked = readOptions('policy', policy, ['order', 'quota', 'utcOffsetMinutes', 'accepts', 'compare'])
  const order = asked.order ?? DEFAULT_ORDER
  if (!Array.isArray(order)) throw new TypeError('policy.order must be an array')
  const comparisons = (order as readonly CardOrder[]).map(name => COMPARISONS[oneOf('policy.order', name, CARD_ORDERS)])
  const quota = readOptions('policy.quota', asked.quota, ['new', 'replacement'])
  for (const [purpose, cards] of Object.entries(quota)) {
    if (cards !== undefined) wholeNumber(`policy.quota.${purpose}`, cards, 0, MOST_CARDS)
  }
  const own = callback('policy.compare', asked.compare)
  const all = [...(own === undefined ? [] : [checked(own)]), ...comparisons, byRequest]
  return {
    quota,
    utcOffsetMs:
      wholeNumber('policy.utcOffsetMinutes', asked.utcOffsetMinutes ?? 0, LEAST_OFFSET, MOST_OFFSET) * 60_000,
    accepts: callback('policy.accepts', asked.accepts),
    compare: (a, b) => {
      for (const compare of all) {
        const order = compare(a, b)
        if (order !== 0) return order
      }
      return 0
    },
  }
}

/** When the day of the quota began, and when the next one will. */
export function dayAround(nowMs: number, utcOffsetMs: number): [from: string, until: string] {
  const dayMs = 86_400_000
  const fromMs = Math.floor((nowMs + utcOffsetMs) / dayMs) * dayMs - utcOffsetMs
  return [new Date(fromMs).toISOString(), new Date(fromMs + dayMs).toISOString()]
}

/** ISO 8601 in UTC with milliseconds: compared as texts. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const byRequest = (a: CardCandidate, b: CardCandidate) =>
  byText(a.requestedAt, b.requestedAt) || byText(a.request, b.request)

const COMPARISONS: Readonly<Record<CardOrder, (a: CardCandidate, b: CardCandidate) => number>> = {
  urgent: (a, b) => Number(b.isUrgent) - Number(a.isUrgent),
  'new-first': (a, b) => Number(b.purpose === 'new') - Number(a.purpose === 'new'),
  'replacement-first': (a, b) => Number(a.purpose === 'new') - Number(b.purpose === 'new'),
  'oldest-record': (a, b) => byText(a.recordedAt, b.recordedAt),
  'oldest-request': (a, b) => byText(a.requestedAt, b.requestedAt),
}

function checked(compare: NonNullable<PrintPolicy['compare']>): NonNullable<PrintPolicy['compare']> {
  return (a, b) => {
    const order = compare(a, b)
    if (typeof order === 'number' && !Number.isNaN(order)) return order
    throw new TypeError('policy.compare must give a number')
  }
}

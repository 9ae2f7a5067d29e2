/** Which lot gives the blank: rules of lots against what is to be printed. */
import { READY_STATES, stateName } from '../enrol/states.js'
import type { LotRules } from '../stock/types.js'
import type { CardCandidate } from './policy.js'
import type { CardPurpose } from './types.js'
import type { Why } from './waiting.js'

/** Blanks of a lot that are available. A plan counts down what it gives away. */
export interface BlankLot {
  readonly lot: string
  available: number
  readonly rules: LotRules | undefined
  /** Cards taken of it so far. */
  readonly cards: Record<CardPurpose, number>
}

type Asked = Pick<CardCandidate, 'purpose' | 'centreState'>

/** Of the lots that allow it: what must be used soonest first, then what has rules, so that what may be used for anything is left for the others. */
export function lotsInOrder(lots: readonly BlankLot[]): BlankLot[] {
  const restricted = ({ rules }: BlankLot) => (rules?.quota === undefined && rules?.states === undefined ? 1 : 0)
  const until = ({ rules }: BlankLot) => rules?.until ?? '~'
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return [...lots].sort((a, b) => byText(until(a), until(b)) || restricted(a) - restricted(b) || byText(a.lot, b.lot))
}

/** The first of the lots, in their order, that gives a blank for it; or why none does. `now`: ISO 8601. */
export function chooseLot(lots: readonly BlankLot[], asked: Asked, now: string): BlankLot | Why {
  let nearest: { lot: string; met: number; message: string } | undefined
  for (const lot of lots) {
    if (lot.available <= 0) continue
    const refused = refusalOf(lot, asked, now)
    if (refused === undefined) return lot
    if (nearest === undefined || refused.met > nearest.met) nearest = { lot: lot.lot, ...refused }
  }
  if (nearest === undefined) return { code: 'no-blank', message: 'no blank is available' }
  return { code: 'no-lot-allows', message: `lot ${nearest.lot}: ${nearest.message}` }
}

export function isWhy(found: BlankLot | Why): found is Why {
  return 'code' in found
}

/** Which rule forbids it; `met`: how many before that do not. */
function refusalOf(
  { rules, cards }: BlankLot,
  { purpose, centreState }: Asked,
  now: string,
): { met: number; message: string } | undefined {
  if (rules === undefined) return undefined
  if (rules.until !== undefined && now > rules.until) {
    return { met: 0, message: `no card may be printed of it after ${rules.until.slice(0, 10)}` }
  }
  const states = rules.states?.map(stateName) ?? READY_STATES
  if (!states.includes(centreState)) {
    return { met: 1, message: `only for records of which the centre says ${states.join(', ')}` }
  }
  const quota = rules.quota?.[purpose]
  if (quota !== undefined && cards[purpose] >= quota) {
    return { met: 2, message: `all ${quota} cards that it is for as ${purpose} are taken` }
  }
  return undefined
}

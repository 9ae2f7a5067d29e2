/** The blanks of this station. */
import type { StationParts } from '../station.js'
import { lotsAvailable } from '../stock/available.js'
import type { BlankLot } from './blanks.js'

/** Lots of which blanks are available, to be counted down. */
export function blankLots({ file, identity }: StationParts): BlankLot[] {
  return lotsAvailable(file, identity.id).map(({ lot, quantity, rules, taken }) => ({
    lot,
    available: quantity,
    rules,
    cards: { ...taken },
  }))
}

/** Whether moves can be booked, asked before the entry that says them is written. */
import { SidikError } from '../../errors.js'
import type { StationParts } from '../station.js'
import { lotOf } from './lots.js'
import { allowed, hasSerials } from './lying.js'
import { overlapIn } from './ranges.js'
import type { Move, NewStockLine } from './types.js'
import { anyWork, MOST_SPLITS } from './work.js'

/**
 * In the transaction in which the entry is appended.
 *
 * @param moves of one entry
 * @param described what comes in: lots that may not be known yet
 * @throws SidikError STOCK_UNKNOWN for a lot that the station knows nothing of, STOCK_FORMAT for a lot with serials of which none are named
 *   or the other way round, and for serials in too many pieces, STOCK_OVERLAP for serials that are
 *   named twice or are in stock already, STOCK_SHORT for what is not there
 */
export function checkMoves(
  { file, identity }: Pick<StationParts, 'file' | 'identity'>,
  moves: readonly Move[],
  described: readonly NewStockLine[] = [],
): void {
  const work = anyWork()
  let splits = 0
  for (const move of together(moves)) {
    const { lot, from, serials } = move
    const item = lotOf(file, lot)?.item ?? described.find(line => line.lot === lot)?.item
    if (item === undefined) throw lotUnknown(identity.id)
    const bySerials = hasSerials(file, identity.id, lot)
    if (bySerials !== undefined && bySerials !== (serials !== undefined)) throw otherKind(lot, bySerials)
    const { short, present, split } = allowed(file, identity.id, move, work, item)
    splits += split
    if (present > 0) {
      const what = `some of the serials of lot ${lot} are in the books of this station already, in this lot or another one`
      throw new SidikError('STOCK_OVERLAP', `${what}: nothing was booked`)
    }
    if (short > 0) {
      const what = serials === undefined ? 'pieces' : 'of these serials'
      throw new SidikError(
        'STOCK_SHORT',
        `lot ${lot}: ${move.quantity} ${what} were to be taken from '${from}', where ${short} of them are not`,
      )
    }
  }
  if (splits > MOST_SPLITS) {
    const what = `the serials lie in ${splits} ranges of the books more than are named`
    throw new SidikError('STOCK_FORMAT', `${what}, an entry may move ${MOST_SPLITS}: give them in parts`)
  }
}

/** Without what was asked for: it may be something else that was taken for the name of a lot. */
export function lotUnknown(station: string): SidikError {
  return new SidikError('STOCK_UNKNOWN', `station ${station} knows no lot of this name`)
}

function otherKind(lot: string, bySerials: boolean): SidikError {
  const what = bySerials ? 'has serials: name them' : 'was received without serials: say how many'
  return new SidikError('STOCK_FORMAT', `lot ${lot} ${what}`)
}

/** Lines of one lot that are taken from one account, as one. @throws SidikError STOCK_FORMAT, STOCK_OVERLAP */
function together(moves: readonly Move[]): Move[] {
  const all = new Map<string, Move>()
  for (const move of moves) {
    const key = `${move.lot} ${move.from}`
    const before = all.get(key)
    if (before === undefined) {
      all.set(key, move)
      continue
    }
    if ((before.serials === undefined) !== (move.serials === undefined)) throw otherKind(move.lot, true)
    const serials = before.serials && [...before.serials, ...move.serials!]
    all.set(key, { ...before, quantity: before.quantity + move.quantity, ...(serials && { serials }) })
  }
  for (const { lot, serials } of all.values()) {
    if (serials === undefined || overlapIn(serials) === undefined) continue
    throw new SidikError('STOCK_OVERLAP', `serials of lot ${lot} are named twice`)
  }
  return [...all.values()]
}

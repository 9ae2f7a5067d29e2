/** How many cards of each purpose were taken of a lot: what its quota is held against. */

import type { Account } from '../stock/types.js'
import type { StationFile } from '../store/database.js'

interface CardMove {
  readonly station: string
  readonly lot: string
  readonly job: string
  /** Named by the entry that reserves the blank; later ones name the job. */
  readonly request: string | undefined
  readonly from: Account
  readonly to: Account
}

/** A blank that is spoiled or free again counts no more; a card that is sent on does, where it was printed. */
export function countPurpose(file: StationFile, { station, lot, job, request, from, to }: CardMove): void {
  const change = Number(isCard(to)) - Number(isCard(from))
  const purpose = change === 0 ? undefined : purposeOf(file, station, job, request)
  if (purpose === undefined) return
  file.run(
    `INSERT INTO lot_cards (station, lot, purpose, cards) VALUES (?, ?, ?, max(0, ?))
     ON CONFLICT DO UPDATE SET cards = max(0, cards + ?)`,
    station,
    lot,
    purpose,
    change,
    change,
  )
}

function isCard(account: Account): boolean {
  return account === 'reserved' || account === 'printed' || account === 'sent'
}

/** For a card that the station prints: one that was sent to it was taken of the lot elsewhere. */
function purposeOf(file: StationFile, station: string, job: string, request: string | undefined): string | undefined {
  const sql = `SELECT purpose FROM card_request
    WHERE id = ifnull(?, (SELECT request FROM print_job WHERE id = ? AND station = ?))`
  return file.get<{ purpose: string }>(sql, request ?? null, job, station)?.purpose
}

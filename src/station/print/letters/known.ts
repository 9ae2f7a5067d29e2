/** Faults of a letter that no signature shows: what a station has heard of it, and of who signed it. */
import { stands } from '../../check/cases.js'
import { stateName } from '../../enrol/states.js'
import { entryAt, signedEntryOf } from '../../journal/read.js'
import { isRevokedStation } from '../../project/peers.js'
import { partsOf, type Station, type StationParts } from '../../station.js'
import { heard } from '../../sync/heard.js'
import type { CertifiedLetter } from './certified.js'
import { issuedText, type LetterRow } from './read.js'

export type KnownFault = 'revoked' | 'unknown-letter' | 'other-content' | 'station-revoked' | 'record-fallen'

/** What a station knows of a letter whose signature was checked. */
export type Knowledge =
  | { readonly fault: KnownFault }
  | { readonly fault?: undefined; readonly known: true }
  /** `heardUntil`: time of the last entry of its station that is here without a gap; absent where there is none. */
  | { readonly fault?: undefined; readonly known: false; readonly heardUntil?: string }

type KnownLetter = Pick<LetterRow, 'id' | 'record' | 'station' | 'state' | 'code'> & { readonly is_like: 0 | 1 }

/** Most letters of one number that are looked at. A station gives a number once. */
const MOST_OF_NUMBER = 64

/**
 * Says whether a letter stands, or is not known here: letters of others may be on their way. Those
 * of a revoked station are not: it believes none that it hears of from now on.
 *
 * @param text of the QR code, whose signature was checked
 */
export function knowledgeOf(station: Station, text: string, content: CertifiedLetter): Knowledge {
  const parts = partsOf(station)
  return parts.file.moment(() => {
    const found = ofNumber(parts, content)
    if (found.length > 0) {
      const same = found.find(row => isSame(parts, row, text))
      if (same === undefined) return { fault: 'other-content' }
      if (same.state === 'revoked') return { fault: 'revoked' }
      return hasFallenSince(parts, same) ? { fault: 'record-fallen' } : { known: true }
    }
    parts.file.watcher?.assureNoLetter(content.station, content.number)
    if (content.station === station.id) return { fault: 'unknown-letter' }
    return isRevokedStation(parts.file, content.station)
      ? { fault: 'station-revoked' }
      : { known: false, ...heardUntil(parts, content.station) }
  })
}

/** Those that the content may be of come first. */
function ofNumber({ file }: StationParts, { station, number, issued, until, code }: CertifiedLetter): KnownLetter[] {
  const rows = file.all<KnownLetter>(
    `SELECT id, record, station, state, code,
       substr(issued_at, 1, 10) = ? AND until = ? AND code = ? AS is_like
     FROM letter WHERE station = ? AND number = ? ORDER BY is_like DESC, id LIMIT ${MOST_OF_NUMBER}`,
    issued,
    until,
    code,
    station,
    number,
  )
  for (const { id, record } of rows) file.watcher?.assure(record, id)
  return rows
}

/** The table does not say whose the letter is: the text that was issued decides, where it is here. */
function isSame(parts: StationParts, row: KnownLetter, text: string): boolean {
  return row.is_like === 1 && (issuedText(parts, row) ?? text) === text
}

/**
 * Whether the record was withdrawn, or the centre has let it fall, after the letter was issued. One
 * that was issued for a duplicate or a failure says so itself.
 */
function hasFallenSince({ file }: StationParts, { record, code }: KnownLetter): boolean {
  const now = file.get<{ client_state: string; centre_state: string | null }>(
    'SELECT client_state, centre_state FROM record WHERE id = ?',
    record,
  )
  if (now === undefined || now.client_state === 'withdrawn') return true
  return !stands(now) && stands({ ...now, centre_state: stateName(code) })
}

function heardUntil({ file }: StationParts, station: string): { heardUntil?: string } {
  const last = entryAt(file, station, heard(file, station).through)
  return last === undefined ? {} : { heardUntil: signedEntryOf(last).header.at }
}

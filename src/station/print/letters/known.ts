/** Faults of a letter that no signature shows: what a station has heard of it, and of who signed it. */
import { partsOf, type Station, type StationParts } from '../../station.js'
import type { CertifiedLetter } from './certified.js'
import { issuedText, type LetterRow } from './read.js'

export type KnownFault = 'revoked' | 'unknown-letter' | 'other-content' | 'station-revoked'

type KnownLetter = Pick<LetterRow, 'id' | 'record' | 'station' | 'state' | 'code' | 'issued_at' | 'until'>

/** Most letters of one number that are looked at. A station gives a number once. */
const MOST_OF_NUMBER = 64

/**
 * Undefined for a letter that stands, or that the station has not heard of: letters of others may
 * be on their way. Those of a revoked station are not: it believes none that it hears of from now on.
 *
 * @param text of the QR code, whose signature was checked
 */
export function knownFault(station: Station, text: string, content: CertifiedLetter): KnownFault | undefined {
  const parts = partsOf(station)
  return parts.file.moment(() => {
    const found = ofNumber(parts, content)
    if (found.length > 0) {
      const same = found.find(row => isSame(parts, row, text, content))
      if (same === undefined) return 'other-content'
      return same.state === 'revoked' ? 'revoked' : undefined
    }
    if (content.station === station.id) return 'unknown-letter'
    const isRevoked = parts.file.get('SELECT 1 FROM revoked WHERE station = ?', content.station) !== undefined
    return isRevoked ? 'station-revoked' : undefined
  })
}

/** Those that the content may be of come first. */
function ofNumber({ file }: StationParts, { station, number, issued, until, code }: CertifiedLetter): KnownLetter[] {
  const rows = file.all<KnownLetter>(
    `SELECT id, record, station, state, code, issued_at, until FROM letter WHERE station = ? AND number = ?
     ORDER BY substr(issued_at, 1, 10) = ? AND until = ? AND code = ? DESC, id LIMIT ${MOST_OF_NUMBER}`,
    station,
    number,
    issued,
    until,
    code,
  )
  for (const { record } of rows) file.watcher?.assure(record)
  return rows
}

/** The table does not say whose the letter is: the text that was issued decides, where it is here. */
function isSame(parts: StationParts, row: KnownLetter, text: string, content: CertifiedLetter): boolean {
  const issued = issuedText(parts, row)
  if (issued !== undefined) return issued === text
  const { code, issued_at, until } = row
  return code === content.code && issued_at.slice(0, 10) === content.issued && until === content.until
}

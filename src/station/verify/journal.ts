/** Every entry: its header, hash, chain and signature, its body, and what is listed beside it. */
import { verifyWith } from '../identity.js'
import { decodeHeader, type EntryHeader, hashHeader } from '../journal/entry.js'
import { isEntryMac } from '../journal/entry-mac.js'
import { decodeBody, isEntryKind } from '../journal/kinds.js'
import { bodyContext, ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import { sha256 } from '../store/payloads.js'
import type { Check, Finding, FindingCode, Where } from './findings.js'
import { isFinding, type Look, plain, ROWS_AT_ONCE, readableRows, reading } from './look.js'

export function* checkJournal(look: Look): Check {
  for (const row of readableRows<EntryRow>(look, 'journal', ENTRY_COLUMNS)) {
    if (isFinding(row)) {
      yield row
      continue
    }
    look.counts.entries++
    yield* checkEntry(look, row)
    if (look.counts.entries % ROWS_AT_ONCE === 0) yield undefined
  }
  yield* checkEnds(look)
  yield* checkOrder(look)
  yield* checkHeard(look)
}

function* checkEntry(look: Look, row: EntryRow): Check {
  const { station, sequence } = row
  const where: Where = { table: 'journal', station, sequence }
  const name = `entry ${sequence} of station ${station}`
  const found = (code: FindingCode, message: string, column: string): Finding => {
    return { code, where: { ...where, column }, message: `${name}: ${message}` }
  }
  const header = reading('entry-header', { ...where, column: 'header' }, () => decodeHeader(row.header))
  if (isFinding(header)) {
    yield { ...header, message: `${name}: ${header.message}` }
    return
  }
  if (!hashHeader(row.header).equals(row.hash)) yield found('entry-hash', 'its hash is not that of its header', 'hash')
  const repeated = (['station', 'sequence', 'kind', 'direction'] as const).filter(
    column => row[column] !== header[column],
  )
  const wrong = [...repeated, ...(row.record === (header.record ?? null) ? [] : ['record'])]
  if (wrong.length > 0) yield found('entry-columns', `${wrong.join(', ')} is not what its header says`, wrong[0])
  const signature = signatureProblem(look, header, row)
  if (signature !== undefined) yield found('entry-signature', signature, 'signature')
  const before = look.file.get<{ hash: Uint8Array }>(
    'SELECT hash FROM journal WHERE station = ? AND sequence = ?',
    station,
    sequence - 1,
  )
  const previous = before === undefined ? '' : Buffer.from(before.hash).toString('hex')
  const isHeld = row.applied === null && before === undefined
  if (previous !== header.previous && !isHeld) {
    const what = before === undefined ? 'the entry before it is missing' : 'it does not follow the entry before it'
    yield found('entry-chain', what, 'header')
  }
  if (look.keys.hasMacs && !isEntryMac(look.keys, row)) {
    yield found(
      'entry-mac',
      row.mac === null ? 'nothing proves it' : 'it was changed by somebody who has no key',
      'mac',
    )
  }
  yield* checkBody(look, row, header, found)
  yield* checkPayloadList(look, header, where, name)
}

function signatureProblem({ signers, counts }: Look, header: EntryHeader, row: EntryRow): string | undefined {
  const keys = signers.get(header.station)
  if (keys === undefined) {
    counts.entriesWithoutKey++
    return undefined
  }
  const hash = hashHeader(row.header)
  // The newest key signs the most.
  return keys.some(key => verifyWith(key, hash, row.signature)) ? undefined : 'it is not signed by its station'
}

function* checkBody(
  { keys, self, counts }: Look,
  row: EntryRow,
  header: EntryHeader,
  found: (code: FindingCode, message: string, column: string) => Finding,
): Check {
  if (row.body === null) {
    if (header.station === self && header.body !== undefined) yield found('entry-body', 'its body is missing', 'body')
    return
  }
  counts.bodies++
  const sealed = row.body
  const bytes = reading('entry-body', {}, () => keys.unseal(sealed, bodyContext(row.station, row.sequence)))
  if (isFinding(bytes)) {
    yield found('entry-body', 'its body was altered: it does not open', 'body')
    return
  }
  if (bytes.length !== header.body?.size || sha256(bytes).toString('hex') !== header.body.hash) {
    yield found('entry-body', 'its body does not have the size and hash that its header states', 'body')
    return
  }
  if (!isEntryKind(header.kind)) return
  const body = reading('entry-body', {}, () => decodeBody(header.kind, bytes))
  if (typeof body === 'object' && body !== null && isFinding(body)) yield found('entry-body', body.message, 'body')
}

function* checkPayloadList({ file }: Look, header: EntryHeader, entry: Where, name: string): Check {
  const where = { ...entry, table: 'entry_payload' }
  const rows = reading('table-unreadable', where, () =>
    file.all<{ place: number; role: string; hash: Uint8Array; size: number }>(
      'SELECT place, role, hash, size FROM entry_payload WHERE station = ? AND sequence = ? ORDER BY place',
      header.station,
      header.sequence,
    ),
  )
  if (isFinding(rows)) {
    yield rows
    return
  }
  const stated = header.payloads.map(({ role, hash, size }, place) => `${place} ${role} ${hash} ${size}`)
  const listed = rows.map(
    ({ place, role, hash, size }) => `${place} ${role} ${Buffer.from(hash).toString('hex')} ${size}`,
  )
  if (stated.join() === listed.join()) return
  yield { code: 'entry-payloads', where, message: `${name}: its payloads are not listed as its header names them` }
}

/** Rows beside entries that are not there. */
function* checkEnds({ file }: Look): Check {
  const where = { table: 'entry_payload' }
  const rows = reading('table-unreadable', where, () =>
    file.all<{ station: string; sequence: number }>(
      `SELECT DISTINCT station, sequence FROM entry_payload AS p
       WHERE NOT EXISTS (SELECT 1 FROM journal WHERE station = p.station AND sequence = p.sequence)`,
    ),
  )
  if (isFinding(rows)) yield rows
  else {
    for (const { station, sequence } of rows) {
      const message = `payloads are listed of entry ${sequence} of station ${station}, which is not here`
      yield { code: 'entry-payloads', where: { ...where, station, sequence }, message }
    }
  }
}

/**
 * The station's own entries took effect in the order of their chain, all of them. Those of others do when their payloads have come, whatever
 * comes first, and some twice: of their places only that no two are one can be said, which SQLite's check says.
 */
function* checkOrder({ file, self }: Look): Check {
  const sql = 'SELECT sequence, applied FROM journal WHERE station = ? ORDER BY sequence'
  const where = { table: 'journal', column: 'applied', station: self }
  let [place, count] = [0, 0]
  try {
    for (const { sequence, applied } of file.each<{ sequence: number; applied: number | null }>(sql, self)) {
      if (applied === null || applied <= place) {
        const message = `entry ${sequence} took effect as number ${applied ?? 'none'}, the one before it as ${place}`
        yield { code: 'entry-order', where: { ...where, sequence }, message }
      }
      place = applied ?? place
      if (++count % (ROWS_AT_ONCE * 10) === 0) yield undefined
    }
  } catch (error) {
    yield { code: 'table-unreadable', where, message: plain(error) }
  }
}

/** Journals of others are here as far as is said; farther only where the next entry is held. */
function* checkHeard({ file, self }: Look): Check {
  const where = { table: 'heard', column: 'through' }
  const rows = reading('table-unreadable', where, () =>
    file.all<{ station: string; through: number | null; first: number; gapAfter: number; isNextHeld: 0 | 1 }>(
      `SELECT j.station, h.through, min(j.sequence) AS first,
         min(CASE WHEN NOT EXISTS (SELECT 1 FROM journal WHERE station = j.station AND sequence = j.sequence + 1)
           THEN j.sequence END) AS gapAfter,
         max(j.applied IS NULL AND j.sequence = ifnull(h.through, 0) + 1) AS isNextHeld
       FROM journal j LEFT JOIN heard h USING (station) GROUP BY j.station
       UNION ALL
       SELECT station, through, 1, 0, 0 FROM heard WHERE station NOT IN (SELECT station FROM journal)`,
    ),
  )
  if (isFinding(rows)) {
    yield rows
    return
  }
  for (const { station, through, first, gapAfter, isNextHeld } of rows) {
    const here = first === 1 ? gapAfter : 0
    if (station === self || (through ?? 0) === here) continue
    // It was not believed for a while, and has its turn when the journal comes again.
    if (isNextHeld === 1 && (through ?? 0) < here) continue
    const said = `is said to be here to entry ${through ?? 0}`
    const message = `the journal of station ${station} ${said}, and is to entry ${here}`
    yield { code: 'row-wrong', where: { ...where, station }, message }
  }
}

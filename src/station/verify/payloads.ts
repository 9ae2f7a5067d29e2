/** Payloads and drafts: what is sealed opens and has its hash; nothing is missing that must be there, nothing is there that nobody names. */
import { payloadContext, sha256 } from '../store/payloads.js'
import { draftContext } from '../store/sealed.js'
import type { Check } from './findings.js'
import { isFinding, type Look, ROWS_AT_ONCE, readableRows, reading } from './look.js'

interface PayloadRow {
  readonly hash: Uint8Array
  readonly size: number
  readonly sealed: Uint8Array
}

export function* checkPayloads(look: Look): Check {
  const { keys, counts } = look
  for (const row of readableRows<PayloadRow>(look, 'payload', 'hash, size, sealed')) {
    if (isFinding(row)) {
      yield row
      continue
    }
    const payload = Buffer.from(row.hash).toString('hex')
    const where = { table: 'payload', payload }
    const bytes = reading('payload-damaged', where, () => keys.unseal(row.sealed, payloadContext(row.hash)))
    if (isFinding(bytes)) yield { ...bytes, message: `payload ${payload} was altered: it does not open` }
    else if (!sha256(bytes).equals(row.hash)) {
      yield { code: 'payload-damaged', where, message: `payload ${payload} does not have that hash` }
    } else if (bytes.length !== row.size) {
      const message = `payload ${payload} has ${bytes.length} bytes, its row says ${row.size}`
      yield { code: 'payload-damaged', where: { ...where, column: 'size' }, message }
    }
    if (++counts.payloads % ROWS_AT_ONCE === 0) yield undefined
  }
  yield* checkMissing(look)
  yield* checkUnaccounted(look)
}

/**
 * An entry takes effect when all its payloads are here: those of others, and of what was declined,
 * may have still to come.
 */
function* checkMissing({ file, counts }: Look): Check {
  const where = { table: 'payload' }
  const missing = reading('table-unreadable', where, () =>
    file.all<{ station: string; sequence: number; role: string; hash: Uint8Array; isNeeded: number }>(
      `SELECT station, sequence, role, named.hash, j.applied IS NOT NULL AND j.body IS NOT NULL AS isNeeded
       FROM entry_payload AS named LEFT JOIN journal j USING (station, sequence)
       WHERE NOT EXISTS (SELECT 1 FROM payload WHERE hash = named.hash)`,
    ),
  )
  if (isFinding(missing)) {
    yield missing
    return
  }
  for (const { station, sequence, role, hash, isNeeded } of missing) {
    if (!isNeeded) {
      counts.payloadsAwaited++
      continue
    }
    const payload = Buffer.from(hash).toString('hex')
    const message = `${role} of entry ${sequence} of station ${station} is not here: payload ${payload}`
    yield { code: 'payload-missing', where: { ...where, station, sequence, payload }, message }
  }
}

function* checkUnaccounted({ file }: Look): Check {
  const where = { table: 'payload' }
  const rows = reading('table-unreadable', where, () =>
    file.all<{ hash: Uint8Array }>(
      'SELECT hash FROM payload WHERE NOT EXISTS (SELECT 1 FROM entry_payload AS named WHERE named.hash = payload.hash)',
    ),
  )
  if (isFinding(rows)) {
    yield rows
    return
  }
  for (const row of rows) {
    const payload = Buffer.from(row.hash).toString('hex')
    yield { code: 'payload-unaccounted', where: { ...where, payload }, message: `no entry names payload ${payload}` }
  }
}

export function* checkDrafts(look: Look): Check {
  for (const row of readableRows<{ id: string; sealed: Uint8Array }>(look, 'draft', 'id, sealed')) {
    if (isFinding(row)) {
      yield row
      continue
    }
    look.counts.drafts++
    const opened = reading('draft-damaged', { table: 'draft' }, () =>
      look.keys.unseal(row.sealed, draftContext(row.id)),
    )
    if (isFinding(opened)) yield { ...opened, message: 'a draft was altered: it does not open' }
    yield undefined
  }
}

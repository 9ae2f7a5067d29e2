/** Receipts: each is signed by its peer, and of the entry that is here. */
import { isSignedReceipt } from '../sync/receipt.js'
import type { Check } from './findings.js'
import { isFinding, type Look, ROWS_AT_ONCE, reading } from './look.js'

interface ReceiptRow {
  readonly station: string
  readonly sequence: number
  readonly peer: string
  readonly hash: Uint8Array
  readonly received_at: string
  readonly signature: Uint8Array
  readonly entry: Uint8Array | null
}

export function* checkReceipts({ file, self, signers, counts }: Look): Check {
  const rows = file.each<ReceiptRow>(
    `SELECT r.*, (SELECT hash FROM journal WHERE station = r.station AND sequence = r.sequence) AS entry
     FROM receipt AS r ORDER BY station, sequence, peer`,
  )
  for (const { station, sequence, peer, hash, received_at, signature, entry } of rows) {
    const where = { table: 'receipt', station, sequence, peer }
    const name = `the receipt of ${peer} for entry ${sequence} of station ${station}`
    const receipt = {
      station,
      sequence,
      hash: Buffer.from(hash).toString('hex'),
      receivedAt: received_at,
      signature: Buffer.from(signature).toString('base64'),
    }
    const keys = signers.get(peer) ?? []
    const signed = reading('receipt-signature', where, () =>
      keys.some(key => isSignedReceipt({ from: peer, to: self }, receipt, key)),
    )
    if (signed !== true) {
      const what = typeof signed === 'object' && isFinding(signed) ? signed.message : 'is not signed by it'
      yield { code: 'receipt-signature', where: { ...where, column: 'signature' }, message: `${name} ${what}` }
    }
    if (entry === null || Buffer.compare(entry, hash) !== 0) {
      yield { code: 'receipt-signature', where: { ...where, column: 'hash' }, message: `${name} is of another entry` }
    }
    if (++counts.receipts % ROWS_AT_ONCE === 0) yield undefined
  }
}

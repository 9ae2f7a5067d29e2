/**
 * A receipt: the receiver's word that it holds an entry and all of its payloads, on its disk, checked. It is signed apart from the message that
 * brings it, so that it can be shown to others and kept as evidence:
 *
 *     Ed25519 over SHA-256 of "sidik-receipt-1\n" and the JSON
 *     {"from":<receiver>,"to":<peer that sent the entry>,"station":…,"sequence":…,"hash":…,"receivedAt":…}
 */
import { createHash, type KeyObject } from 'node:crypto'
import { signWith, verifyWith } from '../identity.js'
import type { EntryName, SentReceipt } from './message-schema.js'

const PREFIX = 'sidik-receipt-1\n'

/** Between which stations a receipt counts. */
export interface ReceiptParties {
  /** Who holds the entry and signs. */
  readonly from: string
  /** Who sent it. */
  readonly to: string
}

export function signReceipt(
  parties: ReceiptParties,
  { station, sequence, hash }: EntryName,
  receivedAt: string,
  key: KeyObject,
): SentReceipt {
  const receipt = { station, sequence, hash, receivedAt }
  return { ...receipt, signature: Buffer.from(signWith(key, digestOf(parties, receipt))).toString('base64') }
}

/** Whether `parties.from` signed this receipt for `parties.to`. */
export function isSignedReceipt(parties: ReceiptParties, receipt: SentReceipt, verifyKey: KeyObject): boolean {
  return verifyWith(verifyKey, digestOf(parties, receipt), Buffer.from(receipt.signature, 'base64'))
}

function digestOf({ from, to }: ReceiptParties, receipt: Omit<SentReceipt, 'signature'>): Buffer {
  const { station, sequence, hash, receivedAt } = receipt
  const text = JSON.stringify({ from, to, station, sequence, hash, receivedAt })
  return createHash('sha256').update(PREFIX).update(text).digest()
}

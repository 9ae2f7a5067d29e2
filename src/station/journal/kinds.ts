/** The kinds of entries and what their bodies hold. A body of another shape is refused, wherever it comes from. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { SidikError } from '../../errors.js'
import { count, hash, operator, recordId, short, time, words } from './fields.js'
import { jsonOf } from './json.js'
import { CHECK_BODIES, comparison } from './kinds-check.js'
import { PRINT_BODIES } from './kinds-print.js'
import { STOCK_BODIES } from './kinds-stock.js'

const position = z.int().min(1).max(10)

const enrolment = z
  .object({
    nik: z.string().max(64),
    person: z.record(z.string(), z.unknown()),
    fingers: z
      .array(z.object({ position, quality: z.int(), minutiae: z.int() }).loose())
      .max(10)
      .optional(),
    /** By position: why a finger is not there, or has no template. */
    exceptions: z.record(z.string(), short).optional(),
    overrides: z.array(z.object({ code: short, position: position.optional(), reason: words }).loose()).optional(),
    operator,
    preCheck: comparison,
    /** Why a correction was made. */
    reason: words.optional(),
  })
  .loose()

const receipt = z.strictObject({
  station: short,
  sequence: z.int().min(1),
  hash,
  receivedAt: time,
  signature: z.base64(),
})

const refusal = z.strictObject({ station: short, sequence: z.int().min(1), code: short })

const knownStation = z.strictObject({
  id: recordId,
  verifyKey: z.string().max(64),
  sealTo: z.string().max(2_000),
  vouches: z.boolean().optional(),
})

const peer = knownStation.extend({ relation: z.enum(['upstream', 'downstream']) })

/** Which entries of which journals are on a bundle. */
export const bundleJournals = z.array(z.object({ station: short, from: z.int().min(1), through: z.int().min(1) }))

/** By kind. `loose`: fields that a newer version adds are kept. */
export const BODIES = {
  ...STOCK_BODIES,
  ...PRINT_BODIES,
  ...CHECK_BODIES,
  opened: z.object({ software: short, verifyKey: z.string().max(64), sealTo: z.string().max(2_000) }).loose(),
  /** It decides about its own records while it has no station above. */
  'own-centre': z.object({}).loose(),
  peer: z.object({ peer }).loose(),
  /** A person has decided by which key a station is known that others vouch for, and whose word it is. */
  'station-trusted': z.object({ station: knownStation, voucher: short, operator, reason: words }).loose(),
  /** A person has decided that `station` is not believed from its entry `from` on. */
  revoked: z
    .object({
      station: recordId,
      from: z.int().min(1),
      // The key that is revoked: whoever has given the station another one since is not meant.
      verifyKey: z.string().max(64).optional(),
      operator,
      reason: words,
    })
    .loose(),
  enrolled: enrolment,
  corrected: enrolment.extend({ reason: words }),
  withdrawn: z.object({ reason: words, operator }).loose(),
  adjudicated: z
    .object({
      candidate: recordId,
      verdict: z.enum(['same-person', 'different-persons', 'undecided']),
      operator,
      reason: words,
    })
    .loose(),
  decision: z
    .object({
      state: short,
      /** The record of the same person that stays. */
      duplicateOf: recordId.optional(),
      note: words.optional(),
      /**
       * In a state in which a card may be printed: whether the record was compared with all others by
       * then. `awaited`: not yet, by this station; `elsewhere`: this station compares nothing;
       * `waived`: a card may follow all the same, for the reason `unchecked`. Absent in entries of
       * programs before.
       */
      comparison: z.enum(['done', 'awaited', 'elsewhere', 'waived']).optional(),
      /** SHA-256 of the templates that the record had then; absent where it has none. */
      templates: hash.optional(),
      unchecked: words.optional(),
      by: operator,
      /** SHA-256 of the file of decisions that said so. */
      file: hash.optional(),
    })
    .loose(),
  gallery: z.object({ station: short, sequence: z.int().min(1) }).loose(),
  removal: z.object({ reason: words }).loose(),
  receipts: z.object({ peer: short, receipts: z.array(receipt) }).loose(),
  refusals: z.object({ peer: short, refusals: z.array(refusal) }).loose(),
  /** A peer was restored from an old copy: it holds nothing of this station's journal after that entry, whatever its receipts say. */
  'receipts-void': z.object({ peer: short, station: short, after: z.int().min(0) }).loose(),
  /** What an operator decided about a refusal. */
  'refusal-settled': z
    .object({
      peer: short,
      station: short,
      sequence: z.int().min(1),
      state: z.enum(['retried', 'dismissed']),
      operator,
      reason: words.optional(),
    })
    .loose(),
  /** A peer below may take more of this station, until a time. */
  'quota-raised': z.object({ peer: short, quota: short, amount: count, until: time, operator, reason: words }).loose(),
  override: z.object({ limit: short, until: time, operator, reason: words }).loose(),
  /** `about`: what it is noted under until somebody decides; of `voucher-conflict` alone. */
  anomaly: z.object({ code: short, detail: words, about: words.optional() }).loose(),
  rekeyed: z.object({}).loose(),
  /** A bundle was written for a peer: `journals` says what is in it. */
  exported: z
    .object({
      peer: short,
      bundle: short,
      entries: count,
      payloads: count,
      bytes: count,
      journals: bundleJournals,
    })
    .loose(),
  /** A peer's bundle was taken. */
  imported: z
    .object({ peer: short, bundle: short, entries: count, receipts: count, refusals: count, madeAt: time })
    .loose(),
} as const

export type EntryKind = keyof typeof BODIES

export type BodyOf<K extends EntryKind> = z.infer<(typeof BODIES)[K]>

export type Receipt = z.infer<typeof receipt>

export function isEntryKind(kind: string): kind is EntryKind {
  return Object.hasOwn(BODIES, kind)
}

const SALT_BYTES = 16

/**
 * JSON with a random salt: the hash of a body in its header must not let anybody guess a short one.
 *
 * @throws SidikError ENTRY_CORRUPT when it says what no entry can: it was made of rows that somebody edited
 */
export function encodeBody<K extends EntryKind>(kind: K, body: BodyOf<K>): Buffer {
  parsed(kind, body)
  return Buffer.from(JSON.stringify({ salt: randomBytes(SALT_BYTES).toString('base64'), ...body }))
}

/**
 * @throws SidikError ENTRY_CORRUPT when the bytes are no body of that kind, ENTRY_VERSION when the kind is none that this program knows
 */
export function decodeBody(kind: string, bytes: Uint8Array): unknown {
  if (!isEntryKind(kind)) throw new SidikError('ENTRY_VERSION', `entries of kind '${kind}' are of a newer version`)
  return parsed(kind, jsonOf(bytes))
}

function parsed(kind: EntryKind, body: unknown): unknown {
  const { success, data, error } = BODIES[kind].safeParse(body)
  if (success) return data
  // Where, not what: the values are personal data.
  const where = error.issues[0]?.path.join('.') || 'all of it'
  throw new SidikError('ENTRY_CORRUPT', `the body of an entry of kind '${kind}' is not what it must be: ${where}`)
}

/**
 * An entry of a journal: a header in the clear, which names no person, and a body that is sealed where it is stored.
 *
 * The header is JSON in one way of writing (the fields in the order of `encodeHeader`, no spaces), so that the same header has the same
 * bytes everywhere. hash = SHA-256("sidik-journal-1\n" + header), `previous` is the hash of the station's entry before: the chain. The
 * station signs each hash by Ed25519, so that an entry can be checked without those before it.
 */
import { createHash, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { SidikError } from '../../errors.js'
import { signWith, verifyWith } from '../identity.js'
import { MOST_PAYLOAD_BYTES, type PayloadReference } from '../store/payloads.js'
import type { Direction } from '../types.js'
import { jsonOf } from './json.js'

/** Before the header in what is hashed: nothing else that a station signs can be taken for an entry. */
const HASH_PREFIX = 'sidik-journal-1\n'

/** Most payloads of an entry: ten fingers, slaps, templates, photo, signature and room. */
const MOST_PAYLOADS = 64

/** Most bytes of a body: JSON without images. */
export const MOST_BODY_BYTES = 2 ** 18

const MOST_HEADER_BYTES = 2 ** 14

const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
const shortName = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)

const headerSchema = z.strictObject({
  v: z.literal(1),
  station: shortName,
  /** From 1, without gaps. */
  sequence: z.int().min(1),
  /** Hash of the entry before; '' for the first. */
  previous: z.union([z.literal(''), hex64]),
  /** ISO 8601 with milliseconds, UTC, as the station's clock said. */
  at: z.iso.datetime({ precision: 3 }),
  kind: shortName,
  direction: z.enum(['up', 'down', 'local']),
  /** Random, so that it names no person. */
  record: shortName.optional(),
  recordVersion: z.int().min(1).optional(),
  /** The one station below that it is for. */
  to: shortName.optional(),
  body: z.strictObject({ hash: hex64, size: z.int().min(0).max(MOST_BODY_BYTES) }).optional(),
  payloads: z
    .array(z.strictObject({ role: shortName, hash: hex64, size: z.int().min(0).max(MOST_PAYLOAD_BYTES) }))
    .max(MOST_PAYLOADS),
})

export interface EntryHeader {
  readonly v: 1
  readonly station: string
  readonly sequence: number
  readonly previous: string
  readonly at: string
  readonly kind: string
  readonly direction: Direction
  readonly record?: string | undefined
  readonly recordVersion?: number | undefined
  readonly to?: string | undefined
  readonly body?: { readonly hash: string; readonly size: number } | undefined
  readonly payloads: readonly PayloadReference[]
}

/** A header with what proves it. */
export interface SignedEntry {
  readonly header: EntryHeader
  /** The header as it is hashed and sent. */
  readonly headerBytes: Uint8Array
  readonly hash: Uint8Array
  readonly signature: Uint8Array
}

export function encodeHeader(header: EntryHeader): Buffer {
  const { v, station, sequence, previous, at, kind, direction, record, recordVersion, to, body, payloads } = header
  const bodyInOrder = body && { hash: body.hash, size: body.size }
  const inOrder = payloads.map(({ role, hash, size }) => ({ role, hash, size }))
  return Buffer.from(
    JSON.stringify({
      v,
      station,
      sequence,
      previous,
      at,
      kind,
      direction,
      record,
      recordVersion,
      to,
      body: bodyInOrder,
      payloads: inOrder,
    }),
  )
}

/** @throws SidikError ENTRY_CORRUPT when the bytes are no header, or one that is written in another way */
export function decodeHeader(bytes: Uint8Array): EntryHeader {
  const header = bytes.length <= MOST_HEADER_BYTES ? headerSchema.safeParse(jsonOf(bytes)).data : undefined
  if (header !== undefined && encodeHeader(header).equals(bytes)) return header
  throw new SidikError('ENTRY_CORRUPT', 'the header of an entry is not written as the journal writes it')
}

export function hashHeader(headerBytes: Uint8Array): Buffer {
  return createHash('sha256').update(HASH_PREFIX).update(headerBytes).digest()
}

export function signHeader(header: EntryHeader, key: KeyObject): SignedEntry {
  const headerBytes = encodeHeader(header)
  const hash = hashHeader(headerBytes)
  return { header, headerBytes, hash, signature: signWith(key, hash) }
}

/**
 * The entry that these bytes are.
 *
 * @throws SidikError ENTRY_CORRUPT, ENTRY_FORGED when it was not signed with the private half of `verifyKey`
 */
export function readSignedEntry(headerBytes: Uint8Array, signature: Uint8Array, verifyKey: KeyObject): SignedEntry {
  const header = decodeHeader(headerBytes)
  const hash = hashHeader(headerBytes)
  if (verifyWith(verifyKey, hash, signature)) return { header, headerBytes, hash, signature }
  throw new SidikError('ENTRY_FORGED', `entry ${header.sequence} of station ${header.station} is not signed by it`)
}

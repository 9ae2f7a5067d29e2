import * as z from 'zod'

/**
 * The text of a message and its bounds. A message says what its sender holds and lacks, and brings what the receiver
 * asked for; each list may be empty. Nothing in it is secret from the receiver, and nothing personal is outside `body`
 * and the chunks.
 */

/** Most bytes of a payload in one chunk. */
export const MAX_CHUNK_BYTES = 262_144

/** Most of what one message may carry or ask for; a sender that has more says so with `more`. */
export const MOST = Object.freeze({
  holds: 16_384,
  gaps: 256,
  entries: 4_096,
  wants: 1_024,
  chunks: 4_096,
  lacks: 1_024,
  asks: 1_024,
  receipts: 4_096,
  refusals: 4_096,
})

/** Longest header of an entry and longest body, in UTF-16 units of their JSON. */
export const MAX_HEADER_LENGTH = 16_384
export const MAX_BODY_LENGTH = 262_144

const station = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const nonce = z.string().regex(/^[A-Za-z0-9_-]{22}$/)
const signature = z.string().regex(/^[A-Za-z0-9+/]{86}==$/)
const time = z.iso.datetime({ precision: 3 })
const code = z.string().regex(/^[A-Z][A-Z_]{0,47}$/)

const sequence = z.int().min(1)

/** Of an entry: which one it is, and its hash, in case two stations call themselves the same. */
const entryName = { station, sequence, hash }
const entryNameSchema = z.strictObject(entryName)

const refusalSchema = z.strictObject({ ...entryName, code })

/** Whether a message may carry this: what lies in the file may have been edited. */
export const isEntryName = (value: unknown) => entryNameSchema.safeParse(value).success
/** The same of a refusal. */
export const isRefusal = (value: unknown) => refusalSchema.safeParse(value).success

export const messageSchema = z.strictObject({
  v: z.literal(1),
  from: station,
  to: station,
  /** 16 random bytes in base64url: an answer names the message it answers. */
  nonce,
  inReplyTo: nonce.optional(),
  at: time,
  /** Most bytes that the answer should have. */
  room: count,
  /** Of each journal that comes from the receiver: the last entry up to which there is no gap, and its hash ('' for none). */
  holds: z.array(z.strictObject({ station, through: count, hash: hash.or(z.literal('')) })).max(MOST.holds),
  /** What is missing of journals of which the sender holds later entries. */
  gaps: z.array(z.strictObject({ station, from: sequence, to: sequence })).max(MOST.gaps),
  /** In the order of their journals. `header` is the text that was hashed, letter by letter; `body` likewise. */
  entries: z
    .array(
      z.strictObject({
        header: z.string().max(MAX_HEADER_LENGTH),
        signature,
        body: z.string().max(MAX_BODY_LENGTH).optional(),
      }),
    )
    .max(MOST.entries),
  /** Payloads that the sender lacks, from the offset on that it has. */
  wants: z.array(z.strictObject({ hash, offset: count })).max(MOST.wants),
  chunks: z.array(z.strictObject({ hash, offset: count, size: count.min(1).max(MAX_CHUNK_BYTES) })).max(MOST.chunks),
  /** Payloads that the receiver wants and the sender cannot give, now or later. */
  lacks: z.array(hash).max(MOST.lacks),
  /** Entries that the receiver holds, and of which the sender has neither a receipt nor a refusal. */
  asks: z.array(entryNameSchema).max(MOST.asks),
  /** Of entries that are held with all their payloads; `signature` is that of receipt.ts. */
  receipts: z.array(z.strictObject({ ...entryName, receivedAt: time, signature })).max(MOST.receipts),
  refusals: z.array(refusalSchema).max(MOST.refusals),
  /** Whether the sender has more to say at once. */
  more: z.boolean(),
})

/** The text as it stands in the message. */
export type MessageText = z.infer<typeof messageSchema>

export type EntryName = MessageText['asks'][number]
export type SentEntry = MessageText['entries'][number]
export type SentReceipt = MessageText['receipts'][number]
export type Want = MessageText['wants'][number]

/** Part of a payload. */
export interface Chunk {
  readonly hash: string
  readonly offset: number
  readonly bytes: Uint8Array
}

/** A message with the bytes of its chunks. */
export type Message = Omit<MessageText, 'chunks'> & { readonly chunks: readonly Chunk[] }

/** What entries about blanks and consumables say. What follows from them in the books: stock/moves.ts. */
import { z } from 'zod'
import { count, operator, short, time, words } from './fields.js'

/** A lot, a shipment, a printer: names that suppliers and hosts give. They name no person. */
export const name = z.string().regex(/^[A-Za-z0-9._:/-]{1,64}$/)

const quantity = z.int().min(1).max(100_000_000)

/** Serials that follow one another: prefix and number, written with that many digits. */
export const serialRange = z
  .strictObject({
    prefix: z.string().regex(/^[A-Za-z0-9-]{0,16}$/),
    digits: z.int().min(1).max(15),
    first: count,
    last: count,
  })
  .refine(({ first, last, digits }) => first <= last && last < 10 ** digits)

/** Of one blank. */
export const blankSerial = z.strictObject({
  prefix: z.string().max(16),
  digits: z.int().min(1).max(15),
  number: z.int().min(0),
})

/** What cards of a lot may be printed for. What is not said is not limited. */
export const lotRules = z.strictObject({
  /** States of the centre of which the record must have one; PRINT_READY_RECORD and those behind it unless given. */
  states: z.array(short).min(1).max(20).optional(),
  /** Cards of each purpose that the lot is for. */
  quota: z.strictObject({ new: count.optional(), replacement: count.optional() }).optional(),
  /** After that no card of it may be printed. */
  until: time.optional(),
})

/** So many of a lot, or these serials of it. `quantity` is the number of serials where there are any. */
const line = z.strictObject({ lot: name, quantity, serials: z.array(serialRange).min(1).max(1_000).optional() })

/** What comes in says what it is, too. */
const newLine = line.extend({
  item: short,
  /** Cards that one piece of a consumable prints. */
  yieldCards: z.int().min(1).max(1_000_000).optional(),
  rules: lotRules.optional(),
})

const lines = z.array(line).min(1).max(500)
const two = z.tuple([operator, operator])

/**
 * Most ranges of serials in one entry, each of them booked in the transaction that takes the entry. A box of blanks
 * is one range.
 */
export const MOST_RANGES = 500

/** Ranges of serials that the lines of a body list. */
export function rangesIn(body: unknown): number {
  const { lines: all } = body as { readonly lines?: readonly { readonly serials?: readonly unknown[] }[] }
  return all?.reduce((sum, { serials = [] }) => sum + serials.length, 0) ?? 0
}

/** By kind. `loose`: fields that a newer version adds are kept. */
export const STOCK_BODIES = {
  /**
   * To one station below: what is on its way to it. `hearsay`: lots that the announcing station
   * knows of from the sending one alone; the note lists them, and does not say what they are.
   * `passedOn`: the station `from` has said that it sent this. `cards`: printed cards, not blanks.
   */
  shipment: z
    .object({
      shipment: name,
      from: short,
      to: short,
      lines: z.array(newLine).min(1).max(500),
      hearsay: z.array(name).max(500).optional(),
      passedOn: z.literal(true).optional(),
      cards: z.literal(true).optional(),
    })
    .loose(),
  'stock-received': z
    .object({ shipment: name, from: words, lines: z.array(newLine).min(1).max(500), operator, note: words.optional() })
    .loose(),
  /** To another office: `to` is the id of a station. */
  'stock-dispatched': z.object({ shipment: name, to: short, lines, operator }).loose(),
  /** The note of a shipment of printed cards: each of them is moved by an entry of its own. */
  'cards-sent': z.object({ shipment: name, to: short, lines, operator }).loose(),
  /** What lay in it; nothing may be nothing. */
  'cards-received': z
    .object({ shipment: name, lines: z.array(line).max(500), operator, note: words.optional() })
    .loose(),
  /** Back to who supplied it. */
  'stock-returned': z.object({ shipment: name, to: words, lines, reason: words, operator }).loose(),
  'stock-spoiled': z.object({ lines, reason: words, operator }).loose(),
  /** What lies there, counted by two: nothing of a lot may be nothing. */
  'stock-counted': z
    .object({
      lines: z
        .array(line.extend({ quantity: count }))
        .min(1)
        .max(500),
      operators: two,
    })
    .loose(),
  /** What a count showed, taken into the books by two. */
  'stock-corrected': z
    .object({
      lines: z
        .array(line.extend({ found: z.boolean() }))
        .min(1)
        .max(500),
      reason: words,
      operators: two,
    })
    .loose(),
  /**
   * Where the blank of a card lies now, for those above: of a card for a record of a station below, what is said of the card goes down.
   */
  'stock-card': z
    .object({
      job: name,
      lot: short,
      serial: blankSerial.optional(),
      account: z.enum(['available', 'reserved', 'printed', 'spoiled', 'sent']),
      printer: short,
      consumables: z.array(short).max(8),
    })
    .loose(),
  'consumable-installed': z.object({ printer: name, lot: name, operator }).loose(),
  /** `put-back`: it is available again, to be installed for the cards that are left of it. */
  'consumable-removed': z
    .object({
      printer: name,
      lot: name,
      outcome: z.enum(['used-up', 'spoiled', 'put-back']),
      reason: words.optional(),
      operator,
    })
    .loose(),
} as const

export type SerialRange = z.infer<typeof serialRange>
export type LotRules = z.infer<typeof lotRules>
export type StockLine = z.infer<typeof line>
export type NewStockLine = z.infer<typeof newLine>

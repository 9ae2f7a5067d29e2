/** What entries about cards and letters say. Entries about a card or letter name its record in their header. */
import { z } from 'zod'
import { cardId as id, operator, short, time, words } from './fields.js'
import { blankSerial, name } from './kinds-stock.js'

/**
 * Most cards that the entry of a replacement, or of a letter, may name when it comes. How many have an
 * effect: MOST_CARDS (project/letters.ts).
 */
export const MOST_NAMED = 1_000

/** Cards that a body names, or the one that it tells of. */
export function cardsNamedIn(kind: string, body: unknown): number {
  const { said } = body as { readonly said?: unknown }
  return Math.max(namedIn(body), kind === 'told-below' ? namedIn(said) : 0)
}

function namedIn(body: unknown): number {
  const { replaces, beside } = body as { readonly replaces?: readonly unknown[]; readonly beside?: readonly unknown[] }
  return Math.max(replaces?.length ?? 0, beside?.length ?? 0)
}

/** By kind. `loose`: fields that a newer version adds are kept. */
const WORDS = {
  /**
   * A card is wanted. `at`: the station that prints it, the record's own or one above. `replaces`:
   * the jobs of all cards that the person had as far as the asking station knew; absent from new
   * cards, and from replacements that versions before 0.2.0 wrote.
   */
  'card-requested': z
    .object({
      request: id,
      at: short,
      purpose: z.enum(['new', 'replacement']),
      replaces: z.array(id).optional(),
      reason: words.optional(),
      urgent: z.strictObject({ reason: words, by: operator }).optional(),
      operator,
    })
    .loose(),
  'card-cancelled': z.object({ request: id, reason: words, operator }).loose(),
  /** A blank was set aside for the request. `serial`: its own, where the lot's blanks have some; `consumables`: lots of what the printer uses up. */
  'card-reserved': z
    .object({
      request: id,
      job: id,
      lot: short,
      serial: blankSerial.optional(),
      printer: short,
      consumables: z.array(short).max(8),
    })
    .loose(),
  /**
   * Written before the first byte leaves: from here on nobody but a printer or a person knows whether
   * there is a card. `chip`: it has one, and is done when that is written.
   */
  'card-sent': z.object({ job: id, chip: z.boolean().optional() }).loose(),
  /**
   * Written before the first byte goes to the chip of a card that the printer has printed, or an
   * `operator` has put in.
   */
  'card-personalising': z.object({ job: id, operator: operator.optional() }).loose(),
  /** The printer says that the card is done, its chip too where it has one. */
  'card-printed': z.object({ job: id }).loose(),
  /** The printer does not say, or not in a way to rely on. */
  'card-uncertain': z.object({ job: id, code: short, reason: words }).loose(),
  /** A person has looked at the tray. */
  'card-resolved': z
    .object({
      job: id,
      found: z.enum(['printed', 'spoiled', 'untouched']),
      /** A reader has read the chip of a card that was found printed. */
      chip: z.literal('written').optional(),
      operator,
      note: words.optional(),
    })
    .loose(),
  /**
   * A card that was printed and is of no use, or was lost on its way: the person is back in the
   * queue. `brought`: by the station that a shipment of this number brought it to.
   */
  'card-spoiled': z.object({ job: id, reason: words, operator, brought: name.optional() }).loose(),
  /** Nothing was printed, which the printer is sure of: the blank is available again. */
  'card-released': z.object({ job: id, code: short, reason: words }).loose(),
  'card-handed-over': z
    .object({ job: id, to: words, operator, note: words.optional(), brought: name.optional() })
    .loose(),
  /**
   * A printed card leaves for the station of its record, or goes back to the one that printed it.
   * `shipment`: the note that it goes with; `brought`: the one that it came with, where it goes back.
   */
  'card-passed-on': z.object({ job: id, shipment: name, to: short, brought: name.optional(), operator }).loose(),
  /** It lies here. `shipment`: the note with which the station that printed it sent it. */
  'card-arrived': z.object({ job: id, shipment: name, lot: short, serial: blankSerial.optional(), operator }).loose(),
  /**
   * `code`: state of the record, short, as it is printed; `until`: the last day it is valid;
   * `verification`: text of its QR code. `beside`: the jobs of all cards that the person had as far
   * as the issuing station knew; absent where a version before 0.2.0 wrote the entry.
   */
  'letter-issued': z
    .object({
      number: z.string().min(1).max(100),
      letter: id,
      code: short,
      issuedAt: time,
      until: z.iso.date(),
      verification: z.string().min(1).max(4_000),
      beside: z.array(id).optional(),
      operator,
    })
    .loose(),
  'letter-revoked': z.object({ letter: id, reason: words, operator: operator.optional() }).loose(),
} as const

type WordKind = keyof typeof WORDS

export const PRINT_BODIES = {
  ...WORDS,
  /**
   * For those above: this station has said that to one below, of a card or letter of that one's record. `said` is the
   * body of the entry, which goes down alone.
   */
  'told-below': z
    .object({ kind: z.enum(Object.keys(WORDS) as [WordKind, ...WordKind[]]), said: z.record(z.string(), z.unknown()) })
    .loose()
    .refine(({ kind, said }) => WORDS[kind].safeParse(said).success, { path: ['said'] }),
} as const

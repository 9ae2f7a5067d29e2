/** Bodies of entries about who may have been recorded twice. */
import { z } from 'zod'
import { cardId, hash, operator, recordId, short, words } from './fields.js'
import { MOST_NAMED } from './kinds-print.js'

const candidate = z.object({ record: recordId, score: z.number(), fpir: z.number() }).loose()

/** A station's own search of a person: only the centre can say that somebody is unique. */
export const comparison = z
  .object({
    decision: z.enum(['clear', 'review', 'duplicate', 'not-run']),
    candidates: z.array(candidate).max(200),
    /** Persons that were searched. */
    persons: z.int().min(0),
    /** Persons who came between the search and the entry. */
    missed: z.int().min(0).optional(),
  })
  .loose()

const kind = z.enum(['nik', 'fingers'])

export const CHECK_BODIES = {
  /** The record was compared with all persons that the station knows of. */
  checked: comparison.extend({
    /** SHA-256 of the templates that were compared; absent where the record has none. */
    templates: hash.optional(),
    targetFpir: z.number().optional(),
    /** Persons among whom it was decided, where they were more than those that were compared. */
    population: z.int().min(0).optional(),
  }),
  /** All records whose ids lie between these two (both included) are to be compared once more. */
  'recheck-asked': z
    .object({
      from: recordId,
      through: recordId,
      operator,
      reason: words,
      /** The rate; where it is absent, that of the program which compares them. */
      targetFpir: z.number().optional(),
      /** Persons among whom it is decided, where they are more than the station knows of. */
      population: z.int().min(1).optional(),
      /** Another entry follows, of the records behind `through`: until then the recheck is not asked for whole. */
      more: z.literal(true).optional(),
      /** As of a case that was closed, of the record that the entry is about. */
      compareAgain: z.literal(true).optional(),
    })
    .loose(),
  /** Two records may be one person's, so that neither gets a card. `other`, of another station, may not be here. */
  'case-opened': z
    .object({
      kind,
      other: recordId,
      otherStation: short,
      /** The templates of both that a case of fingers rests on. */
      basis: z.string().max(128).optional(),
    })
    .loose(),
  'case-closed': z
    .object({
      kind,
      other: recordId,
      why: z.enum(['decided', 'corrected', 'withdrawn', 'different-persons']),
      /** Others may match: what this station has compared counts no more until it has compared the record again. */
      compareAgain: z.literal(true).optional(),
    })
    .loose(),
  /**
   * All cards of other records that bear the record's NIK, and that its station does not know of.
   * `fell`: the record that the card was printed for is nobody's any more.
   */
  'cards-of-nik': z
    .object({ cards: z.array(z.object({ job: cardId, fell: z.literal(true).optional() }).loose()).max(MOST_NAMED) })
    .loose(),
} as const

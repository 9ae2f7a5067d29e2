/** What a station's own gallery said of a person who was enrolled there: never that somebody is unique, which only the centre can say. */
import { z } from 'zod'

const finger = z.object({
  position: z.int().min(0).max(10),
  candidatePosition: z.int().min(0).max(10),
  /** Decibans, of these two fingers alone; whole ones. */
  score: z.number(),
  verdict: z.enum(['agreeing', 'undecided', 'disagreeing']),
})

const candidate = z
  .object({
    /** Id of a record. */
    record: z.string(),
    /** Decibans: -10 log10 of the false match rate of two persons; whole ones. */
    score: z.number(),
    /**
     * Share of searches of strangers in which one or more of all persons scores so high; to one
     * digit.
     */
    fpir: z.number(),
    fingers: z.array(finger).max(10).catch([]),
    /**
     * Pairs of the candidate's own positions that show one finger: somebody has to look at that
     * record.
     */
    alike: z
      .array(z.array(z.int().min(1).max(10)).length(2))
      .max(45)
      .optional()
      .catch(undefined),
  })
  .loose()

export const preCheckSchema = z
  .object({
    /** `duplicate`: a candidate is this person; `review`: somebody has to look; `clear`: none was found; `not-run`: see `reasons`. */
    decision: z.enum(['clear', 'review', 'duplicate', 'not-run']),
    /**
     * Why `review` (as `identifyPerson` says it, or `candidate-fingers-alike`), or why it was not
     * run: `no-engine`, `no-finger`, `index-unavailable` (it is compared when the index answers); of a
     * check of a record that is here: `own-fingers-alike`.
     */
    reasons: z.array(z.string().max(64)).max(16).catch([]),
    /** Best first; those below any suspicion too. */
    candidates: z.array(candidate).max(200),
    /** Persons that were searched. */
    persons: z.int().min(0),
    /** Up to which entry the gallery was known: its place in the order in which entries took effect at this station. */
    through: z.int().min(0).catch(0),
    /**
     * Persons who became known between the search and the entry, or with whom it was not compared at
     * all; at least 1 for `index-unavailable`, and where all candidates that a search names are near, as others may
     * stand behind them. The record is compared with all once more.
     */
    missed: z.int().min(0).catch(0),
    /** Persons whose templates had not come yet, or for whom there was no memory, and who were not searched. */
    absent: z.int().min(0).catch(0),
    /** Of persons who are enrolled, the share that such a search would not have noticed. */
    missRate: z.number().optional().catch(undefined),
    /** 'sidik 0.1.0' */
    software: z.string().max(64).catch(''),
    /** ISO 8601. */
    at: z.string().max(32).catch(''),
  })
  .loose()

export type PreCheck = z.infer<typeof preCheckSchema>
export type PreCheckCandidate = PreCheck['candidates'][number]

/** Most candidates that one search names. */
export const MOST_CANDIDATES = 10

/**
 * Most searches of one record: each leaves out those that were found before, as many copies of one
 * person's fingers, or near copies, would hide that person. Beyond it the record stays a case, or is to be looked at,
 * with what was found.
 */
export const MOST_SEARCHES = 16

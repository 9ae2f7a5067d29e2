/**
 * What an index of persons says, checked against what the station has put into it. A wrong answer is
 * refused as a whole: nobody is called clear by half of one, and no case is opened by an id that
 * somebody made up.
 */
import { z } from 'zod'
import { SidikError } from '../../errors.js'
import { TARGET_FPIR } from '../../persons/persons.js'
import type { Identified, IdentifyOptions, IndexedVersion } from './person-index.js'

/** Most candidates where the caller names no limit: as `identifyPerson` has it. */
const LIMIT = 10

const id = z.string().min(1).max(512)
const position = z.int().min(0).max(10)

/** Which of the fingers given; of a candidate's, which of its own. */
const fingerIndex = z.int().min(0).max(9)

const candidate = z.object({
  id,
  score: z.number(),
  fpir: z.number().min(0).max(1),
  fingers: z
    .array(
      z.object({
        probeIndex: fingerIndex,
        probePosition: position,
        enrolledIndex: fingerIndex,
        enrolledPosition: position,
        score: z.number(),
        swapped: z.boolean(),
        verdict: z.enum(['agreeing', 'undecided', 'disagreeing']),
      }),
    )
    .max(10),
})

const identified = z.object({
  decision: z.enum(['clear', 'review', 'duplicate']),
  reasons: z.array(z.enum(['near', 'disagreeing-fingers', 'strong-finger', 'too-little-to-clear'])).max(4),
  candidates: z.array(candidate),
  missRate: z.number().min(0).max(1),
  feedback: z
    .array(
      z.object({
        code: z.enum(['same-finger-twice', 'too-few-minutiae']),
        fingers: z.array(fingerIndex).min(1).max(2),
        message: z.string().max(1_024),
      }),
    )
    .max(55),
  coverage: z.object({ persons: z.int().min(0), asOf: z.int().min(0) }),
})

const page = z.array(z.object({ id, version: z.string().regex(/^[^ ]{1,64}$/) })).max(65_536)

export interface Asked extends IdentifyOptions {
  /** How many fingers were given. */
  readonly fingers: number
  /** Persons whom the station has put in, without those that it left out. */
  readonly persons: number
  /** Whether the station has put this one in. */
  readonly isKnown: (id: string) => boolean
}

/** @throws SidikError INDEX_BEHIND, INDEX_ANSWER */
export function readIdentified(answer: unknown, asked: Asked): Identified {
  const given = (answer as { candidates?: unknown } | undefined)?.candidates
  // Before all of them are read.
  if (Array.isArray(given) && given.length > (asked.limit ?? LIMIT)) throw tooMany(given.length, asked)
  const said = parsed(identified, answer, 'a search')
  const { coverage } = said
  const { asOf = 0, persons } = asked
  if (coverage.asOf < asOf) throw behind(`the answer is as of change ${coverage.asOf}, ${asOf} was asked for`)
  if (coverage.persons < persons) {
    throw behind(`${coverage.persons} persons were searched, there are ${persons}`)
  }
  const wrong = faultOf(said, asked)
  if (wrong !== undefined) throw new SidikError('INDEX_ANSWER', `of its answer to a search, ${wrong}`)
  return said
}

/** @throws SidikError INDEX_ANSWER */
export function readVersions(answer: unknown): readonly IndexedVersion[] {
  return parsed(page, answer, 'the list of its persons')
}

function faultOf(said: Identified, asked: Asked): string | undefined {
  const { candidates, feedback, decision } = said
  const { targetFpir = TARGET_FPIR, without = [] } = asked
  const ids = candidates.map(each => each.id)
  const probes = [
    ...candidates.flatMap(each => each.fingers.map(({ probeIndex }) => probeIndex)),
    ...feedback.flatMap(each => each.fingers),
  ]
  if (new Set(ids).size < ids.length) return 'a candidate is there twice'
  if (candidates.some(({ score }, i) => i > 0 && score > candidates[i - 1].score)) {
    return 'the candidates are not in the order of their scores'
  }
  if (ids.some(each => without.includes(each))) return 'a candidate was to be left out'
  if (!ids.every(asked.isKnown)) return 'a candidate is nobody whom this station has put in'
  if (probes.some(index => index >= asked.fingers)) return 'a finger is named that was not asked about'
  if (!isDecidedBy(said, targetFpir)) return `the decision ${decision} contradicts the candidates`
  return undefined
}

/** A duplicate matches somebody at the rate that was asked for; who is clear does not. */
function isDecidedBy({ decision, candidates }: Identified, targetFpir: number): boolean {
  if (decision === 'review') return true
  return candidates.some(({ fpir }) => fpir <= targetFpir) === (decision === 'duplicate')
}

function parsed<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const read = schema.safeParse(answer)
  if (read.success) return read.data
  const { path, message } = read.error.issues[0]
  throw new SidikError('INDEX_ANSWER', `${what}: ${path.join('.')}: ${message}`)
}

function tooMany(count: number, { limit = LIMIT }: Asked): SidikError {
  return new SidikError('INDEX_ANSWER', `of its answer to a search, ${count} candidates, ${limit} were asked for`)
}

function behind(detail: string): SidikError {
  return new SidikError('INDEX_BEHIND', detail)
}

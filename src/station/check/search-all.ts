/** A search of one record's fingers that finds all who match, and not those alone whom one search names. */
import { SidikError } from '../../errors.js'
import type { RecordedFinger } from '../enrol/templates-payload.js'
import { isNear } from '../project/to-look-at.js'
import type { StationParts } from '../station.js'
import type { StationFile } from '../store/database.js'
import { areSaidDifferent } from './alike-fingers.js'
import type { Doubt } from './finger-cases.js'
import type { LocalGallery } from './local-gallery.js'
import { MOST_CANDIDATES, MOST_SEARCHES, type PreCheck, type PreCheckCandidate } from './pre-check.js'
import { type SearchOptions, searchPerson } from './search.js'

/** Reason of a review: two of the record's own fingers are one. */
export const OWN_FINGERS_ALIKE = 'own-fingers-alike'

/** Two who both have no room would never be compared with each other. */
export function assertRoom({ withoutRoom }: LocalGallery): void {
  if (withoutRoom === 0) return
  const remedy = 'give this machine more memory, or check on a larger one; nothing is checked until then'
  throw new SidikError('GALLERY_FULL', `there is no memory for ${withoutRoom} persons: ${remedy}`)
}

/** Fingers that cannot be compared are as good as none. */
const NOT_COMPARED = /^(NO_USABLE_FINGER|TEMPLATE_)/

/** What a search of a record found. */
export interface Result {
  readonly preCheck: PreCheck
  /** All that match at the rate, also those that the pre-check has no room for. */
  readonly matches: readonly PreCheckCandidate[]
}

/**
 * Searches for all that match or are near, however many they are. To be called within `gallery.withAll`.
 *
 * @param of the record whose fingers these are, and the hash of its templates; null without any
 */
export async function searchAll(
  parts: StationParts,
  gallery: LocalGallery,
  fingers: readonly RecordedFinger[],
  options: SearchOptions & { readonly targetFpir: number },
  of: { readonly record: string; readonly templates: Uint8Array | null },
): Promise<Result> {
  const { record, templates } = of
  const without = [record]
  const matches: PreCheckCandidate[] = []
  const candidates: PreCheckCandidate[] = []
  let first: PreCheck | undefined
  try {
    for (let searches = 0; searches < MOST_SEARCHES; searches++) {
      const { preCheck, feedback, isFull } = await searchPerson(parts, gallery, fingers, options, without)
      const isAlike = feedback.some(({ code }) => code === 'same-finger-twice' || code === 'same-print-twice')
      if (isAlike && (templates === null || !areSaidDifferent(parts, record, templates))) {
        // Laid under all positions, one template matches many people: nobody else is doubted for it.
        const reasons = [OWN_FINGERS_ALIKE, ...preCheck.reasons]
        return { preCheck: { ...preCheck, decision: 'review', reasons }, matches: [] }
      }
      first ??= preCheck
      const found = preCheck.candidates.filter(({ fpir }) => fpir <= options.targetFpir)
      matches.push(...found)
      candidates.push(...preCheck.candidates.filter(each => !candidates.some(({ record }) => record === each.record)))
      if (found.length === 0 && !isFull) break
      without.push(...(isFull ? preCheck.candidates : found).map(each => each.record))
    }
  } catch (error) {
    if (!(error instanceof SidikError) || !NOT_COMPARED.test(error.code)) throw error
    return { preCheck: (await searchPerson(parts, gallery, [], options, [record])).preCheck, matches: [] }
  }
  return { preCheck: withFound(first!, candidates, { matches, targetFpir: options.targetFpir }), matches }
}

/**
 * The first search, with the candidates of all: those that match, and that somebody need not doubt, before the others,
 * and as many as have room, or are near.
 */
function withFound(
  first: PreCheck,
  all: readonly PreCheckCandidate[],
  { matches, targetFpir }: { readonly matches: readonly PreCheckCandidate[]; readonly targetFpir: number },
): PreCheck {
  const clean = matches.filter(({ alike }) => alike === undefined)
  const near = all.filter(each => isNear(each, { targetFpir, persons: first.persons }))
  const candidates = [...new Set([...clean, ...near, ...all])].slice(0, Math.max(MOST_CANDIDATES, near.length))
  if (clean.length === 0) return { ...first, candidates }
  const isNew = first.decision === 'clear' || first.reasons.includes('candidate-fingers-alike')
  return isNew ? { ...first, decision: 'duplicate', reasons: [], candidates } : { ...first, candidates }
}

/**
 * Doubts of records that match at the rate that was asked for, whether or not some of their fingers
 * speak against it; but for those whose own fingers are alike, which lie under several people's.
 */
export function doubtsOf(matches: readonly PreCheckCandidate[]): Doubt[] {
  return matches
    .filter(({ alike }) => alike === undefined)
    .map(({ record, fingers }) => {
      const agreeing = fingers.filter(({ verdict }) => verdict === 'agreeing').length
      const disagreeing = fingers.filter(({ verdict }) => verdict === 'disagreeing').length
      return { record, isMostlyAlike: agreeing >= disagreeing }
    })
}

/** Whether a record that was found has other fingers since, or is gone, as its station was revoked. */
export function hasChanged(file: StationFile, record: string, through: number): boolean {
  const sql = 'SELECT changed FROM gallery_entry WHERE record = ?'
  const row = file.get<{ changed: number }>(sql, record)
  return row === undefined || row.changed > through
}

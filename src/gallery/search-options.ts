import { readTemplate } from '../comparer.js'
import type { CompareDemand } from '../identify/compare.js'
import type { DescriptionDemand, DescriptionProgress } from '../identify/describe.js'
import type { SearchDemand, SearchProgress } from '../identify/search.js'
import {
  abortSignal,
  atMostOneOf,
  callback,
  DEFAULTS,
  falseMatchRate,
  flag,
  galleryId,
  readOptions,
  SHORTLIST,
  wholeNumber,
} from '../options.js'
import { namedScore, scoreOfFpir } from '../score.js'
import type { Template } from '../types.js'

/** A probe, and the ids of the templates that it is compared with. */
export interface CompareInput {
  readonly probe: Template
  readonly ids: readonly string[]
}

export interface CompareOptions {
  readonly signal?: AbortSignal
}

export interface SearchOptions {
  /** Most candidates to return, 1 to 200; 10 unless given. */
  readonly limit?: number
  /**
   * The false positive identification rate: the share of searches of fingers that are not in the
   * gallery which may return anybody, above 0, at most 1. The threshold follows from it and from
   * the templates in the gallery at the call. Given, it is used as it is; not given, it is 0.01 and
   * the threshold at least 40 decibans, whatever the size.
   */
  readonly targetFpir?: number
  /** Instead: candidates below this score, decibans, are left out. 0 ranks the best, strangers or not. */
  readonly minScore?: number
  /**
   * Instead: the false match rate of one comparison, above 0, at most 1. The same as `minScore:
   * scoreOfFmr(targetFmr)`.
   */
  readonly targetFmr?: number
  readonly signal?: AbortSignal
  /** Look at every template, also where an index would name the few that are worth it; false unless given. */
  readonly exhaustive?: boolean
  /**
   * Read half of what the index would otherwise: for a search with several fingers of one person, of whom
   * one that is missed is found by another; false unless given.
   */
  readonly quick?: boolean
  /** Called about 20 times a second while the search runs and once at its end. */
  readonly onProgress?: (progress: SearchProgress) => void
}

export interface DescriptionOptions {
  readonly signal?: AbortSignal
  /** Called about 20 times a second with the count of templates that are yet to be described, and once at the end. */
  readonly onProgress?: (progress: DescriptionProgress) => void
}

const THRESHOLDS = ['minScore', 'targetFmr', 'targetFpir'] as const
const NAMES = [...THRESHOLDS, 'limit', 'exhaustive', 'quick', 'signal', 'onProgress'] as const

/** What a search is asked for. @throws TypeError, RangeError naming the option */
export function demandOf(options: SearchOptions | undefined): SearchDemand {
  const asked = readOptions('search', options, NAMES)
  const [exhaustive, quick] = [flag('exhaustive', asked.exhaustive), flag('quick', asked.quick)]
  if (exhaustive && quick) throw new TypeError('search: exhaustive and quick exclude each other')
  return {
    limit: wholeNumber('limit', asked.limit ?? DEFAULTS.limit, 1, SHORTLIST),
    leastScore: thresholdOf(asked),
    exhaustive,
    quick,
    signal: abortSignal('signal', asked.signal),
    onProgress: callback('onProgress', asked.onProgress),
  }
}

function thresholdOf(asked: SearchOptions): SearchDemand['leastScore'] {
  atMostOneOf(asked, THRESHOLDS)
  const { targetFpir } = asked
  if (targetFpir !== undefined) {
    const fpir = falseMatchRate('targetFpir', targetFpir)
    return searched => scoreOfFpir(fpir, searched)
  }
  const score = namedScore(asked)
  if (score !== undefined) return () => score
  return searched => Math.max(DEFAULTS.leastScore, scoreOfFpir(DEFAULTS.targetFpir, searched))
}

/**
 * A comparison whose arguments have these names.
 *
 * @throws TypeError, RangeError, SidikError as `search`
 */
export function compareDemandOf({ probe, ids }: CompareInput, names: { probe: string; ids: string }): CompareDemand {
  if (!Array.isArray(ids)) throw new TypeError(`${names.ids} must be an array`)
  for (const id of ids) galleryId(id)
  return { probe: readTemplate(names.probe, probe), ids }
}

/** The same of several, by the name of the first argument. */
export function compareDemandsOf(inputs: readonly CompareInput[]): CompareDemand[] {
  if (!Array.isArray(inputs)) throw new TypeError('comparisons must be an array')
  return inputs.map((input: CompareInput, i) => {
    const name = `comparisons[${i}]`
    if (input === null || typeof input !== 'object') throw new TypeError(`${name} must be an object of probe and ids`)
    const asked = readOptions(name, input, ['probe', 'ids'])
    return compareDemandOf(asked, { probe: `${name}.probe`, ids: `${name}.ids` })
  })
}

/** What a description is asked for. @throws TypeError naming the option */
export function descriptionDemandOf(options: DescriptionOptions | undefined): DescriptionDemand {
  const asked = readOptions('buildGeometricCodes', options, ['signal', 'onProgress'])
  return { signal: abortSignal('signal', asked.signal), onProgress: callback('onProgress', asked.onProgress) }
}

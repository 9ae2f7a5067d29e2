/** How a station compares records, as it is opened. */
import { falseMatchRate, readOptions, wholeNumber } from '../../options.js'
import { TARGET_FPIR } from '../../persons/persons.js'
import type { CheckSettings } from './check.js'

export interface CheckOptions {
  /**
   * Whether records that come are checked by themselves while the station is open; `true` unless
   * given. `checkRecords` does it otherwise.
   */
  readonly background?: boolean
  /** Share of checks of strangers that may end in a case, above 0, at most 1; 0.001 unless given. */
  readonly targetFpir?: number
  /** Persons among whom it is decided, where they are more than this station knows of. */
  readonly population?: number
  /**
   * Longest that an enrolment waits for the index of persons before it is recorded uncompared, and
   * that one call of an `index` that was given may take, ms: 100 to 600,000; 30,000 unless given.
   */
  readonly deadlineMs?: number
}

const DEADLINE_MS = 30_000
const LEAST_DEADLINE_MS = 100
const MOST_DEADLINE_MS = 600_000

/** @throws TypeError, RangeError naming the option */
export function readCheckOptions(options: CheckOptions | undefined): {
  readonly background: boolean
  readonly deadlineMs: number
  readonly settings: CheckSettings
} {
  const {
    background = true,
    targetFpir,
    population,
    deadlineMs = DEADLINE_MS,
  } = readOptions('check', options, ['background', 'targetFpir', 'population', 'deadlineMs'])
  if (typeof background !== 'boolean') throw new TypeError('check.background must be true or false')
  return {
    background,
    deadlineMs: wholeNumber('check.deadlineMs', deadlineMs, LEAST_DEADLINE_MS, MOST_DEADLINE_MS),
    settings: {
      targetFpir: falseMatchRate('check.targetFpir', targetFpir ?? TARGET_FPIR),
      ...(population !== undefined && {
        population: wholeNumber('check.population', population, 1, Number.MAX_SAFE_INTEGER),
      }),
    },
  }
}

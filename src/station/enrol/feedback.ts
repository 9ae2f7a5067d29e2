/** What stands against recording a person, in words that somebody at the station can act on, and what an operator may overrule. */
import { readOptions, wholeNumber } from '../../options.js'
import type { NikProblemCode } from './nik.js'
import { nonEmptyText } from './texts.js'

export type EnrolFeedbackCode =
  | `nik-${NikProblemCode}`
  /** The NIK is recorded at this station already, under the record that `record` names. */
  | 'nik-recorded'
  | 'person-missing'
  | 'person-invalid'
  /** Fingers of ten that are neither given nor excepted: one feedback for all, with their positions. */
  | 'finger-absent'
  | 'finger-repeated'
  /** A finger that is given, and excepted too. */
  | 'finger-excepted'
  /** A finger of which no template comes that could be compared. */
  | 'finger-unusable'
  /** A finger whose template has minutiae as no finger has them. */
  | 'finger-implausible'
  /** Two positions show one finger. */
  | 'same-finger-twice'
  /** Two positions have one print, as it is or moved and changed in part. */
  | 'same-print-twice'
  | 'photo-unusable'
  | 'signature-unusable'

export interface EnrolFeedback {
  readonly code: EnrolFeedbackCode
  /** In plain words: what is wrong, and what to do. No name, number or other data of the person. */
  readonly message: string
  /**
   * The same in Indonesian, where an operator has to capture a finger again because of what it
   * shows.
   */
  readonly messageId?: string
  /** Which field of the person. */
  readonly field?: string
  /** Which fingers: 1 right thumb to 10 left little. */
  readonly positions?: readonly number[]
  /** Which digits of the NIK, from and to before, counted from 0. */
  readonly digits?: readonly [from: number, to: number]
  /** Id of the record that is there already. */
  readonly record?: string
  /** Whether an operator may record the person all the same, with a reason (`overrides`). */
  readonly overridable: boolean
}

/** An operator's word that feedback of this code does not stand in the way. */
export type EnrolOverride = {
  readonly code: EnrolFeedbackCode
  /** Of a finger: which one; all that the code names unless given. */
  readonly position?: number
  readonly reason: string
}

/**
 * A NIK is for life, also where it does not agree with the true date of birth, and codes of regions may come that are not known here.
 * A finger may be so worn that no try gives a print; two fingers may look alike to a machine.
 */
const OVERRIDABLE: ReadonlySet<EnrolFeedbackCode> = new Set([
  'nik-province-unknown',
  'nik-regency-unknown',
  'nik-district-unknown',
  'nik-birth-date-impossible',
  'nik-serial-zero',
  'nik-birth-date-differs',
  'nik-sex-differs',
  'finger-unusable',
  'same-finger-twice',
])

/** All that there is to overrule, finger by finger, and some to spare. */
const MOST_OVERRIDES = 40

export function feedback(
  code: EnrolFeedbackCode,
  message: string,
  about: Omit<EnrolFeedback, 'code' | 'message' | 'overridable'> = {},
): EnrolFeedback {
  return { code, message, ...about, overridable: OVERRIDABLE.has(code) }
}

/** @throws TypeError, RangeError naming the override, also for feedback that may not be overridden */
export function readOverrides(given: readonly EnrolOverride[] = []): EnrolOverride[] {
  if (!Array.isArray(given)) throw new TypeError('overrides must be an array')
  if (given.length > MOST_OVERRIDES) throw new RangeError(`overrides has ${given.length}, may have ${MOST_OVERRIDES}`)
  return given.map((override, i) => {
    const name = `overrides[${i}]`
    const { code, position, reason } = readOptions(name, override, ['code', 'position', 'reason'])
    if (!OVERRIDABLE.has(code)) throw new RangeError(`${name}.code must be one of ${[...OVERRIDABLE].join(', ')}`)
    if (position !== undefined) wholeNumber(`${name}.position`, position, 1, 10)
    return { code, ...(position !== undefined && { position }), reason: nonEmptyText(`${name}.reason`, reason) }
  })
}

/** The feedback that still stands, and the overrides that took others away. */
export function overrule(
  found: readonly EnrolFeedback[],
  overrides: readonly EnrolOverride[],
): { standing: EnrolFeedback[]; used: EnrolOverride[] } {
  const overridden = ({ code, positions = [] }: EnrolFeedback, override: EnrolOverride) =>
    override.code === code && (override.position === undefined || positions.includes(override.position))
  return {
    standing: found.filter(each => !overrides.some(override => overridden(each, override))),
    used: overrides.filter(override => found.some(each => overridden(each, override))),
  }
}

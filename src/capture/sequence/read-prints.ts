/** What was given as the prints of an enrolment, checked and in an order of its own. */
import { readNamedTemplate } from '../../comparer.js'
import { oneOf, readOptions, wholeNumber } from '../../options.js'
import { LEAST_MINUTIAE } from '../../same-finger.js'
import type { Template } from '../../types.js'
import type { Impression } from '../source.js'
import type { SequencePrint } from './types.js'

/** Three prints of each finger and some to spare: 2,016 comparisons, half a second. */
const MOST_PRINTS = 64

const IMPRESSIONS: readonly Impression[] = ['plain', 'rolled', 'swipe', 'contactless']

/**
 * What a print shows, and the score below which it and another that shows as much are not of one finger. Of mated pairs, real and
 * synthetic, none of 5,309 was below the first, 1 of 4,243 below the second (docs/sequence-check.md); of strangers' pairs 8 of 10 are
 * below 8, 19 of 20 below 15.
 */
const FAIR = { minutiae: 16, quality: 20, failsBelow: 8 }
const GOOD = { minutiae: 25, quality: 30, failsBelow: 15 }

export interface ReadPrint {
  /** Which of those given, from 0. */
  readonly index: number
  readonly position: number
  readonly impression: Impression
  readonly template: Template
  readonly label?: string | undefined
  /** Absent where it is the only print of its capture. */
  readonly group?: string | undefined
  readonly minutiae: number
  readonly comparable: boolean
  /** Decibans below which it and another print of the same finger hardly ever come; 0 for a poor print. */
  readonly failsBelow: number
}

/**
 * The prints in an order that does not depend on the one they were given in.
 *
 * @throws TypeError, RangeError naming the print; SidikError TEMPLATE_FORMAT, TEMPLATE_VERSION, TEMPLATE_CORRUPT, naming it too
 */
export function readPrints(given: readonly SequencePrint[]): ReadPrint[] {
  if (!Array.isArray(given)) throw new TypeError('prints must be an array')
  if (given.length > MOST_PRINTS) throw new RangeError(`prints has ${given.length}, may have ${MOST_PRINTS}`)
  const read = given.map(readPrint)
  for (const { index, group, position } of read) {
    const first = read.findIndex(other => group !== undefined && other.group === group && other.position === position)
    if (first < 0 || first === index) continue
    throw new RangeError(`prints[${index}] has position ${position} in '${group}', as has prints[${first}]`)
  }
  const alone = (group?: string) => read.filter(other => other.group === group).length === 1
  return read.map(print => (alone(print.group) ? { ...print, group: undefined } : print)).sort(inOrder)
}

function readPrint(print: SequencePrint, index: number): ReadPrint {
  const name = `prints[${index}]`
  const given = readOptions(name, print, ['position', 'impression', 'template', 'label', 'group'])
  const position = wholeNumber(`${name}.position`, given.position, 1, 10)
  const impression = oneOf(`${name}.impression`, given.impression, IMPRESSIONS)
  const { minutiae, quality } = readNamedTemplate(`${name}.template`, given.template)
  return {
    index,
    position,
    impression,
    template: given.template,
    label: text(`${name}.label`, given.label),
    group: text(`${name}.group`, given.group),
    minutiae: minutiae.length,
    comparable: minutiae.length >= LEAST_MINUTIAE,
    failsBelow:
      [GOOD, FAIR].find(least => minutiae.length >= least.minutiae && quality >= least.quality)?.failsBelow ?? 0,
  }
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw new TypeError(`${name} must be a string that is not empty`)
}

function inOrder(a: ReadPrint, b: ReadPrint): number {
  return (
    a.position - b.position ||
    compareText(a.impression, b.impression) ||
    compareText(a.group ?? '', b.group ?? '') ||
    compareBytes(a.template, b.template)
  )
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const differing = a.findIndex((byte, i) => byte !== b[i])
  return differing < 0 ? a.length - b.length : a[differing] - (b[differing] ?? -1)
}

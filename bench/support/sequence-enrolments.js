/** Enrolments of synthetic fingers, clean ones and ones with a mistake: bench/sequence.js. */
import { decodeTemplate } from '../../dist/formats/index.js'
import { newRandom, shuffled } from './virtual-persons.js'

const FINGERS = 10
const SLAP_OF = { 2: 'right slap', 3: 'right slap', 4: 'right slap', 5: 'right slap', 1: 'thumbs', 6: 'thumbs' }
const slapOf = position => SLAP_OF[position] ?? 'left slap'
const mirrored = position => ((position + 4) % FINGERS) + 1
const reversed = position => 12 - position
/** Impressions of a finger (IMPRESSIONS of sequence-prints.js) that the rounds take: each finger is in four enrolments, no pair of prints in two. */
const ROUNDS = [
  { rolled: 0, plain: 2 },
  { rolled: 1, plain: 3 },
  { rolled: 0, plain: 3 },
  { rolled: 1, plain: 2 },
]

/** What a station that asks for another capture of poor prints lets through. */
export const ACCEPTED = { quality: 20, minutiae: 12 }

/**
 * Persons of ten of the fingers, a round after another: { fingers: ten of them, round, random, strangers: fingers of nobody here }.
 *
 * @param fingers of each its impressions (sequencePrints)
 */
export function drawPersons(fingers, count, seed) {
  const perRound = Math.floor(fingers.length / FINGERS)
  const random = newRandom(seed)
  const persons = []
  for (let r = 0; r < ROUNDS.length && persons.length < count; r++) {
    const order = shuffled([...fingers.keys()], random)
    for (let k = 0; k < perRound && persons.length < count; k++) {
      const own = order.slice(k * FINGERS, (k + 1) * FINGERS)
      const strangers = order.filter(i => !own.includes(i)).slice(0, FINGERS)
      persons.push({ own: own.map(i => fingers[i]), strangers: strangers.map(i => fingers[i]), ...ROUNDS[r] })
    }
  }
  return persons
}

/**
 * The prints of a person. A capture that is not accepted is made once more, and left out if that is not either.
 *
 * @param takes impression and position -> { finger: impressions of what is put down there, again: whether it was captured before }
 */
export function enrol(person, accepted, takes = (_, position) => ({ finger: person.own[position - 1] }), only) {
  const kinds = only ?? ['rolled', 'plain']
  return kinds.flatMap(impression =>
    Array.from({ length: FINGERS }, (_, i) => i + 1).flatMap(position => {
      const { finger, again = false } = takes(impression, position) ?? { finger: person.own[position - 1] }
      const first = person[impression]
      const other = impression === 'rolled' ? 1 - first : 5 - first
      const template = (again ? [other, first] : [first, other])
        .map(index => finger[index])
        .find((each, attempt) => accepts(each, accepted) && (accepted !== undefined || attempt === 0))
      if (template === undefined) return []
      return [{ position, impression, template, ...(impression === 'plain' && { group: slapOf(position) }) }]
    }),
  )
}

function accepts(template, accepted) {
  if (template === null) return false
  if (accepted === undefined) return true
  const { quality, minutiae } = decodeTemplate(template)
  return quality >= accepted.quality && minutiae.length >= accepted.minutiae
}

const at = (impression, positions) => print => print.impression === impression && positions.includes(print.position)
const hand = [2, 3, 4, 5]
const otherHand = [7, 8, 9, 10]
const swap = (a, b) => position => (position === a ? b : position === b ? a : undefined)

/** A take of another of the person's fingers at some positions: `to` gives the finger, undefined where it is the right one. */
const taking =
  (kind, to, again = false) =>
  person =>
  (impression, position) => {
    const other = impression === kind ? to(position) : undefined
    return other === undefined ? undefined : { finger: person.own[other - 1], again }
  }

/**
 * Mistakes, for a position a from 2 to 4: what is taken, the code of the one finding that is wanted, which prints it has to name and which
 * it may name beside them, because matching cannot tell.
 */
export const PLANTS = {
  'single: next finger once more': a => ({
    takes: taking('rolled', p => (p === a ? a + 1 : undefined), true),
    code: 'same-finger-twice',
    wanted: at('rolled', [a]),
    allowed: at('rolled', [a + 1]),
  }),
  'single: same finger of the other hand once more': a => ({
    takes: taking('rolled', p => (p === a ? mirrored(a) : undefined), true),
    code: 'same-finger-twice',
    wanted: at('rolled', [a]),
    allowed: at('rolled', [mirrored(a)]),
  }),
  'slap: one finger in two places': a => ({
    takes: taking('plain', p => (p === a ? a + 1 : undefined), true),
    code: 'same-finger-twice',
    wanted: at('plain', [a]),
  }),
  'ten singles alone: one finger twice': a => ({
    takes: taking('rolled', p => (p === a ? mirrored(a) : undefined), true),
    only: ['rolled'],
    code: 'same-finger-twice',
    wanted: at('rolled', [a, mirrored(a)]),
  }),
  'singles: two neighbours swapped': a => ({
    takes: taking('rolled', swap(a, a + 1)),
    code: 'fingers-swapped',
    wanted: at('rolled', [a, a + 1]),
  }),
  'singles: a finger of each hand swapped': a => ({
    takes: taking('rolled', swap(a, mirrored(a))),
    code: 'fingers-swapped',
    wanted: at('rolled', [a, mirrored(a)]),
  }),
  'both slaps: hands swapped, numbered from left to right': () => ({
    takes: taking('plain', p => (slapOf(p) === 'thumbs' ? undefined : reversed(p))),
    code: 'hands-swapped',
    wanted: at('plain', [...hand, ...otherHand]),
  }),
  'both slaps: hands swapped, numbered by the hand': () => ({
    takes: taking('plain', p => (slapOf(p) === 'thumbs' ? undefined : mirrored(p))),
    code: 'hands-swapped',
    wanted: at('plain', [...hand, ...otherHand]),
  }),
  'left slap: the right hand once more': () => ({
    takes: taking('plain', p => (slapOf(p) === 'left slap' ? reversed(p) : undefined), true),
    code: 'hands-swapped',
    wanted: at('plain', otherHand),
  }),
  'singles: all of both hands swapped': () => ({
    takes: taking('rolled', mirrored),
    code: 'hands-swapped',
    wanted: at('rolled', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
  }),
  'thumbs swapped in the slap of both': () => ({
    takes: taking('plain', swap(1, 6)),
    code: 'fingers-swapped',
    wanted: at('plain', [1, 6]),
    allowed: at('rolled', [1, 6]),
  }),
  'single: finger of another person': a => ({
    takes: person => (impression, position) =>
      impression === 'rolled' && position === a ? { finger: person.strangers[0] } : undefined,
    code: 'prints-disagree',
    wanted: at('rolled', [a]),
    allowed: at('plain', [a]),
  }),
  'left slap: another person': () => ({
    takes: person => (impression, position) =>
      impression === 'plain' && slapOf(position) === 'left slap'
        ? { finger: person.strangers[position - 1] }
        : undefined,
    code: 'prints-disagree',
    wanted: at('plain', otherHand),
  }),
}

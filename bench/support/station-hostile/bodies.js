/**
 * Makes bodies of every kind of entry from its own schema: valid ones, up to the longest lists that
 * it allows. Strings and numbers are tried until the schema takes one.
 */
import { BODIES } from '../../../dist/station/journal/kinds.js'

export const KINDS = Object.keys(BODIES)

const SALT = 'AAAAAAAAAAAAAAAAAAAAAA=='
const MOST_BYTES = 2 ** 18

/** Most items of all lists of a body together. */
const MOST_ITEMS = 3_000

/**
 * A body that the kind allows, as bytes.
 *
 * @param random of sidik's own generator, by a seed
 * @param known names that refer to something: ids of records, stations, jobs and lots
 * @param length of lists, from 0 to 1 of what is allowed
 * @param items of all lists together, at most
 */
export function hostileBody(kind, random, known, length, items = MOST_ITEMS) {
  for (let share = length; ; share /= 2) {
    const body = sample(BODIES[kind], { random, known, share, left: items })
    const bytes = Buffer.from(JSON.stringify({ salt: SALT, ...body }))
    if (bytes.length <= MOST_BYTES) return bytes
  }
}

function sample(schema, draw) {
  const { def } = schema
  const of = each => sample(each, draw)
  switch (def.type) {
    case 'object':
      if (def.shape.first !== undefined && def.shape.digits !== undefined) return serials(draw)
      return Object.fromEntries(Object.entries(def.shape).map(([name, each]) => [name, of(each)]))
    case 'array': {
      const [least, most] = [bound(schema, 'min_length', 0), bound(schema, 'max_length', 50)]
      const count = Math.max(least, Math.min(draw.left, Math.floor(most * draw.share)))
      draw.left -= count
      return Array.from({ length: count }, () => of(def.element))
    }
    case 'tuple':
      return def.items.map(of)
    case 'optional':
      return draw.random.chance(0.6) ? of(def.innerType) : undefined
    case 'nullable':
      return draw.random.chance(0.5) ? of(def.innerType) : null
    case 'enum':
      return one(Object.values(def.entries), draw)
    case 'literal':
      return one(def.values, draw)
    case 'union':
      return of(one(def.options, draw))
    case 'record':
      return { name: 'x', more: [{ deep: [1, 2, 3] }] }
    case 'boolean':
      return draw.random.chance(0.5)
    case 'unknown':
    case 'any':
      return 1
    default:
      return accepted(schema, draw)
  }
}

/** A range of serials: many overlap, and some are of a million. */
function serials({ random }) {
  const first = random.below(100_000)
  return { prefix: 'AB', digits: 9, first, last: first + random.below(random.chance(0.01) ? 1_000_000 : 50) }
}

const STRINGS = [
  'a',
  'AB',
  '00',
  'x'.repeat(64),
  'ab'.repeat(32),
  '2026-01-02T03:04:05.678Z',
  '2026-01-02',
  'QUFB',
  'job-1',
  'R_1',
]

/**
 * The first value that the schema takes, of known names, some strings, and numbers small and huge.
 */
function accepted(schema, draw) {
  const { random, known } = draw
  const numbers = [0, 1, 2, random.below(1_000), random.below(1e9), 99_999_999, 9_007_199_254_740_991]
  const all = schema.def.type === 'string' ? [...known, ...STRINGS] : [...numbers, ...known, ...STRINGS]
  const from = random.below(all.length)
  for (let i = 0; i < all.length; i++) {
    const value = all[(from + i) % all.length]
    if (schema.safeParse(value).success) return value
  }
  throw new Error(`nothing is known that a schema of type ${schema.def.type} takes`)
}

function bound(schema, check, unless) {
  const found = (schema.def.checks ?? []).find(each => each._zod?.def.check === check)
  return found === undefined ? unless : (found._zod.def.minimum ?? found._zod.def.maximum)
}

const one = (all, { random }) => all[random.below(all.length)]

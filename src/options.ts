/** What callers may ask for: every default and bound once, and the checks at the boundary. Nothing given is altered. */

/** Templates that are screened after the scan of a search: SCAN_CAPACITY of assembly/parameters-search.ts. */
export const SCANNED = 512

/**
 * Templates that are compared exactly after the screening of a search, and so the most candidates a search returns:
 * SCREEN_CAPACITY of assembly/parameters-search.ts, where the number is reasoned.
 */
export const SHORTLIST = 200

/**
 * The same where all were screened by learned codes, whose screen ranks nearly as comparison does: of 555 real mates that score 25
 * and more, all were first of the screened among 1,000,000 (docs/experiments.md, Search). More where more candidates are asked for.
 */
export const LEARNED_SHORTLIST = 32

export const DEFAULTS = Object.freeze({
  /** Candidates that a search returns. */
  limit: 10,
  /**
   * Least score from which two prints count as of one finger, decibans: one false match in 10,000
   * comparisons. No threshold that follows from a size falls below it.
   */
  leastScore: 40,
  /** Share of searches of a stranger that may return anybody. */
  targetFpir: 0.01,
  /** Pairs of different fingers that may be expected in a whole deduplication. */
  targetFalsePairs: 1,
  /** Most worker threads taken unless told: past this many, one process shares memory bandwidth, not work. */
  threads: 16,
  /** Of the machine's memory, what a gallery may come to take. */
  galleryShare: 0.75,
})

/** Most worker threads that may be asked for. */
export const MAX_THREADS = 256

/** Longest id of a gallery, in bytes of UTF-8. */
export const MAX_ID_BYTES = 1_024

/**
 * `options` as an object whose own names are all among `known`; an absent one is empty.
 *
 * @throws TypeError when it is no object, or names an option that does not exist (with the one probably meant)
 */
export function readOptions<T extends object>(call: string, options: T | undefined, known: readonly (keyof T)[]): T {
  if (options === undefined) return {} as T
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${call}: options must be an object`)
  }
  for (const name of Object.keys(options)) {
    if ((known as readonly string[]).includes(name)) continue
    const meant = nearest(name, known as readonly string[])
    throw new TypeError(
      `${call}: there is no option '${name}'${meant === undefined ? '' : `, did you mean '${meant}'?`} ` +
        `(known: ${known.join(', ')})`,
    )
  }
  return options
}

/** @throws TypeError when more than one of the options `names` is given: all of them say the same thing */
export function atMostOneOf<T extends object>(options: T, names: readonly (keyof T & string)[]): void {
  const given = names.filter(name => options[name] !== undefined)
  if (given.length < 2) return
  throw new TypeError(`${given.join(' and ')} say the same thing: give only one of them`)
}

/** @throws TypeError when it is no whole number, RangeError when it is out of range */
export function wholeNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, not ${kind(value)}`)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${name} is ${value}, must be a whole number from ${least} to ${most}`)
}

/** @throws TypeError when it is no number, RangeError when it is not finite */
export function finiteNumber(name: string, value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, not ${kind(value)}`)
  if (Number.isFinite(value)) return value
  throw new RangeError(`${name} is ${value}, must be finite`)
}

/** @throws TypeError when it is no number, RangeError when it is not above 0 and at most 1 */
export function falseMatchRate(name: string, value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, not ${kind(value)}`)
  if (value > 0 && value <= 1) return value
  throw new RangeError(`${name} is ${value}, must be above 0 and at most 1`)
}

/** @throws TypeError when it is no number, RangeError when it is not finite and above 0 */
export function positiveNumber(name: string, value: unknown): number {
  if (finiteNumber(name, value) > 0) return value as number
  throw new RangeError(`${name} is ${value}, must be above 0`)
}

/** @throws TypeError when it is given and no string, or an empty one */
export function fileName(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw new TypeError(`${name} must be the name of a file`)
}

/** Bytes of a secret key: AES-256. */
export const SECRET_KEY_BYTES = 32

/**
 * A copy of the key. Throws TypeError when it is no Uint8Array, RangeError when it has not 32
 * bytes.
 */
export function secretKey(name: string, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} must be a Uint8Array, not ${kind(value)}`)
  if (value.length === SECRET_KEY_BYTES) return Uint8Array.from(value)
  throw new RangeError(`${name} has ${value.length} bytes, must have ${SECRET_KEY_BYTES}`)
}

/** @throws TypeError when it is given and no boolean */
export function flag(name: string, value: unknown): boolean {
  if (value === undefined) return false
  if (typeof value === 'boolean') return value
  throw new TypeError(`${name} must be true or false, not ${kind(value)}`)
}

/** @throws TypeError when it is none of `values` */
export function oneOf<T extends string>(name: string, value: T, values: readonly T[]): T {
  if (values.includes(value)) return value
  throw new TypeError(`${name} must be ${values.map(known => `'${known}'`).join(' or ')}`)
}

/** @throws TypeError when it is given and no AbortSignal */
export function abortSignal(name: string, value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value
  throw new TypeError(`${name} must be an AbortSignal, not ${kind(value)}`)
}

/** @throws TypeError when it is given and no function */
export function callback<F>(name: string, value: F | undefined): F | undefined {
  if (value === undefined || typeof value === 'function') return value
  throw new TypeError(`${name} must be a function, not ${kind(value)}`)
}

/** @throws TypeError when it is no string that UTF-8 can carry, RangeError when it is empty or too long */
export function galleryId(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`id must be a string, not ${kind(value)}`)
  if (value === '') throw new RangeError('id is empty')
  if (/\p{Surrogate}/u.test(value)) throw new TypeError('id holds half of a surrogate pair, which UTF-8 cannot carry')
  const most = MAX_ID_BYTES
  if (value.length > most || (value.length * 3 > most && new TextEncoder().encode(value).length > most)) {
    throw new RangeError(`id is longer than ${most} bytes of UTF-8`)
  }
  return value
}

function kind(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
}

/** The known name that is at most two letters away, or differs only in case. */
/** The one of `known` that was probably meant: two letters away at most. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase()
  const ranked = known
    .map(candidate => ({ candidate, distance: editDistance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  return ranked[0] !== undefined && ranked[0].distance <= 2 ? ranked[0].candidate : undefined
}

/** Levenshtein's distance: letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]
}

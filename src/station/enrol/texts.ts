/** Longest name of an operator, and reason. */
const MOST_TEXT = 1_000

/** @throws TypeError when it is no string, RangeError when it is empty, too long or cannot be printed */
export function nonEmptyText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`)
  if (value.trim() === '') throw new RangeError(`${name} is empty`)
  if (value.length > MOST_TEXT) throw new RangeError(`${name} is longer than ${MOST_TEXT} characters`)
  if (/\p{Surrogate}/u.test(value)) throw new RangeError(`${name} holds half of a surrogate pair`)
  return value
}

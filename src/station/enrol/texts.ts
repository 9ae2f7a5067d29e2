/** Longest reason, and name of who acts. */
const MOST_TEXT = 1_000
const MOST_NAME = 200

/** @throws TypeError when it is no string, RangeError when it is empty, too long or cannot be printed */
export function nonEmptyText(name: string, value: unknown, most = MOST_TEXT): string {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string`)
  if (value.trim() === '') throw new RangeError(`${name} is empty`)
  if (value.length > most) throw new RangeError(`${name} is longer than ${most} characters`)
  if (/\p{Surrogate}/u.test(value)) throw new RangeError(`${name} holds half of a surrogate pair`)
  return value
}

/** Who acts: an operator, an expert. Throws as {@link nonEmptyText}. */
export function personName(name: string, value: unknown): string {
  return nonEmptyText(name, value, MOST_NAME)
}

import { SidikError } from '../../../errors.js'
import { fingerName } from './fingers.js'

/**
 * That the fingers asked for came, each once; where any would do, that one came.
 *
 * @throws SidikError CAPTURE_INCOMPLETE saying which are missing and which are too many
 */
export function checkFingers(asked: readonly number[], prints: readonly { readonly finger: number }[]): void {
  const came = prints.map(({ finger }) => finger)
  if (asked.length === 0) {
    if (came.length === 1) return
    throw incomplete(`${came.length} images came, where one was asked for`)
  }
  const missing = asked.filter(finger => !came.includes(finger))
  const extra = came.filter((finger, i) => !asked.includes(finger) || came.indexOf(finger) !== i)
  if (missing.length === 0 && extra.length === 0) return
  const parts = [
    ...(missing.length === 0 ? [] : [`${named(missing)} did not come`]),
    ...(extra.length === 0 ? [] : [`${named(extra)} came that was not asked for`]),
  ]
  throw incomplete(parts.join(', and '))
}

function named(fingers: readonly number[]): string {
  return fingers.map(fingerName).join(', ')
}

function incomplete(what: string): SidikError {
  return new SidikError('CAPTURE_INCOMPLETE', `${what}: capture again, and name fingers that are not there (missing)`)
}

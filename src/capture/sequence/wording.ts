/** What an operator reads. */
import { FRICTION_RIDGE_POSITIONS } from '../../formats/finger-positions.js'
import type { ReadPrint } from './read-prints.js'

/** 'the right thumb'. */
export function fingerName(position: number): string {
  return `the ${FRICTION_RIDGE_POSITIONS.get(position)!.name}`
}

/** 'the rolled right thumb', or as the caller named it. */
export function printName({ label, impression, position, group }: ReadPrint): string {
  if (label !== undefined) return `'${label}'`
  const name = `the ${impression} ${FRICTION_RIDGE_POSITIONS.get(position)!.name}`
  return group === undefined ? name : `${name} of '${group}'`
}

/** What has to be captured again to have these prints anew: single prints by their names, others by that of their capture. */
export function captureNames(prints: readonly ReadPrint[]): string {
  return listed([...new Set(prints.map(print => (print.group === undefined ? printName(print) : `'${print.group}'`)))])
}

/** 'a, b and c'. */
export function listed(names: readonly string[], last = 'and'): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} ${last} ${names[names.length - 1]}`
}

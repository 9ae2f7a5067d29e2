/**
 * Rules for the payloads that an entry may name: a closed list of roles, each once, each with a
 * bound.
 */
import {
  MOST_PHOTO_BYTES,
  MOST_PRINT_BYTES,
  MOST_SIGNATURE_BYTES,
  MOST_TEMPLATES_BYTES,
} from '../store/payload-sizes.js'
import type { PayloadReference } from '../store/payloads.js'

const FINGERS = Array.from({ length: 10 }, (_, i) => [`finger-${i + 1}`, MOST_PRINT_BYTES] as const)

/** Most bytes of each role that an entry of a kind may name. Kinds that are not here name no payloads. */
const MOST_BYTES: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map([
  ['enrolled', ofPerson()],
  ['corrected', ofPerson()],
  ['gallery', new Map([['templates', MOST_TEMPLATES_BYTES]])],
])

function ofPerson(): ReadonlyMap<string, number> {
  return new Map<string, number>([
    ['templates', MOST_TEMPLATES_BYTES],
    ...FINGERS,
    ['photo', MOST_PHOTO_BYTES],
    ['signature', MOST_SIGNATURE_BYTES],
  ])
}

/** Whether an entry of this kind may name these payloads: each role at most once, none empty, none above its bound. */
export function mayName(kind: string, payloads: readonly PayloadReference[]): boolean {
  const bounds = MOST_BYTES.get(kind)
  const roles = new Set(payloads.map(({ role }) => role))
  if (roles.size !== payloads.length) return false
  return payloads.every(({ role, size }) => size > 0 && size <= (bounds?.get(role) ?? 0))
}

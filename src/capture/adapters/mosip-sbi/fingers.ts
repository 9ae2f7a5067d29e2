/** The names of fingers in this protocol, and which module of a slap scanner sees which. */
import { SidikError } from '../../../errors.js'
import { FRICTION_RIDGE_POSITIONS } from '../../../formats/finger-positions.js'

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'Right Thumb'],
  [2, 'Right IndexFinger'],
  [3, 'Right MiddleFinger'],
  [4, 'Right RingFinger'],
  [5, 'Right LittleFinger'],
  [6, 'Left Thumb'],
  [7, 'Left IndexFinger'],
  [8, 'Left MiddleFinger'],
  [9, 'Left RingFinger'],
  [10, 'Left LittleFinger'],
])

const CODES: ReadonlyMap<string, number> = new Map([...NAMES].map(([finger, name]) => [name, finger]))

export const UNKNOWN_FINGER = 'UNKNOWN'

/** Sub-id of a device, and the fingers that it captures: left slap, right slap, both thumbs. */
const SLAPS: readonly (readonly [subId: number, fingers: readonly number[]])[] = [
  [1, [7, 8, 9, 10]],
  [2, [2, 3, 4, 5]],
  [3, [6, 1]],
]

/** From here on, positions are tips of fingers, which no slap shows. */
const FIRST_TIPS = 51

/** What one capture is asked for. */
export interface AskedFingers {
  /** 0 of a device that has one sensor for single fingers. */
  readonly deviceSubId: number
  /** 1 to 10; empty where any one finger will do. */
  readonly fingers: readonly number[]
  /** Fingers that the sensor could see and shall not wait for. */
  readonly excluded: readonly number[]
}

export function fingerName(finger: number): string {
  return NAMES.get(finger) ?? UNKNOWN_FINGER
}

/** 1 to 10, 0 for an unknown finger, undefined for what is no name of one. */
export function fingerOfName(name: string): number | undefined {
  return name === UNKNOWN_FINGER || name === '' ? 0 : CODES.get(name)
}

/**
 * @param subIds of the device
 * @throws RangeError where the request leaves no finger to capture
 * @throws SidikError DEVICE_REFUSED where this device cannot capture it at a time
 */
export function askedFingers(
  subIds: readonly number[],
  position: number | undefined,
  missing: readonly number[],
): AskedFingers {
  const takesSlaps = SLAPS.some(([subId]) => subIds.includes(subId))
  if (position === undefined) {
    if (!takesSlaps) return { deviceSubId: 0, fingers: [], excluded: [] }
    throw new SidikError('DEVICE_REFUSED', 'this device captures slaps: say which (position 13, 14, 15 or a finger)')
  }
  const shown = FRICTION_RIDGE_POSITIONS.get(position)
  const fingers = shown?.fingers.filter(finger => !missing.includes(finger)) ?? []
  if (fingers.length === 0) throw new RangeError(`missing leaves no finger of position ${position} to capture`)
  if (!takesSlaps && fingers.length === 1) return { deviceSubId: 0, fingers, excluded: [] }
  const slap = SLAPS.find(([subId, seen]) => subIds.includes(subId) && fingers.every(finger => seen.includes(finger)))
  if (slap !== undefined && position < FIRST_TIPS) {
    const [deviceSubId, seen] = slap
    return { deviceSubId, fingers, excluded: seen.filter(finger => !fingers.includes(finger)) }
  }
  const name = shown?.name ?? `position ${position}`
  throw new SidikError('DEVICE_REFUSED', `this device cannot capture '${name}' at a time: ask for what one slap shows`)
}

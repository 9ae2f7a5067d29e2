/** What was given to enrol, checked for what only a mistake of the program can cause. */
import { oneOf, readOptions, wholeNumber } from '../../options.js'
import type { ImageInput, RawFrame } from '../../types.js'
import { MOST_PAYLOAD_BYTES } from '../store/payloads.js'
import { readOverrides } from './feedback.js'
import { MISSING_REASONS } from './missing.js'
import { personName } from './texts.js'
import type { Enrolment, Exceptions, GivenFinger, PartialEnrolment } from './types.js'

/** A finger given twice is for the operator to sort out; so many are not. */
const MOST_FINGERS = 20

const POSITION = /^([1-9]|10)$/

const MEMBERS = ['nik', 'person', 'fingers', 'exceptions', 'photo', 'signature', 'operator', 'overrides'] as const

/** @throws TypeError, RangeError naming what is not as its type says */
export function readEnrolment(call: string, given: Enrolment): Enrolment {
  const { draft, ...rest } = readOptions(call, given, [...MEMBERS, 'draft'])
  if (draft !== undefined && typeof draft !== 'string')
    throw new TypeError('draft must be the id of a draft (a string)')
  const { nik, person, fingers, operator } = rest
  if (typeof nik !== 'string') throw new TypeError('nik must be a string')
  if (typeof person !== 'object' || person === null) throw new TypeError('person must be an object')
  if (fingers === undefined) throw new TypeError('fingers must be an array')
  personName('operator', operator)
  return { ...(readPartial(rest as PartialEnrolment) as Enrolment), ...(draft !== undefined && { draft }) }
}

/** @throws TypeError, RangeError naming what is not as its type says; what is not there yet is fine */
export function readPartial(given: PartialEnrolment): PartialEnrolment {
  if (given === undefined) throw new TypeError('an enrolment must be an object')
  const { nik, person, fingers, exceptions, photo, signature, operator, overrides } = readOptions('enrolment', given, [
    ...MEMBERS,
  ])
  if (nik !== undefined && typeof nik !== 'string') throw new TypeError('nik must be a string')
  if (person !== undefined && (typeof person !== 'object' || person === null)) {
    throw new TypeError('person must be an object')
  }
  if (operator !== undefined && typeof operator !== 'string') throw new TypeError('operator must be a string')
  return {
    ...(nik !== undefined && { nik }),
    ...(person !== undefined && { person }),
    ...(fingers !== undefined && { fingers: readFingers(fingers) }),
    ...(exceptions !== undefined && { exceptions: readExceptions(exceptions) }),
    ...(photo !== undefined && { photo: bytesOf('photo', photo) }),
    ...(signature !== undefined && { signature: bytesOf('signature', signature) }),
    ...(operator !== undefined && { operator }),
    ...(overrides !== undefined && { overrides: readOverrides(overrides) }),
  }
}

export function readFingers(given: readonly GivenFinger[]): GivenFinger[] {
  if (!Array.isArray(given)) throw new TypeError('fingers must be an array')
  if (given.length > MOST_FINGERS) throw new RangeError(`fingers has ${given.length}, may have ${MOST_FINGERS}`)
  return given.map((finger: GivenFinger, i) => {
    const name = `fingers[${i}]`
    const { position, image, ppi, template } = readOptions(name, finger, ['position', 'image', 'ppi', 'template'])
    if (image === undefined && template === undefined) throw new TypeError(`${name} has neither image nor template`)
    if (ppi !== undefined && typeof ppi !== 'number') throw new TypeError(`${name}.ppi must be a number`)
    return {
      position: wholeNumber(`${name}.position`, position, 1, 10),
      ...(image !== undefined && { image: imageOf(`${name}.image`, image) }),
      ...(ppi !== undefined && { ppi }),
      ...(template !== undefined && { template: bytesOf(`${name}.template`, template) }),
    }
  })
}

export function readExceptions(given: Exceptions): Exceptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError('exceptions must be an object: a reason by position')
  }
  return Object.fromEntries(
    Object.entries(given).map(([position, reason]) => {
      if (!POSITION.test(position))
        throw new TypeError(`exceptions has '${position}', which is no position from 1 to 10`)
      return [Number(position), oneOf(`exceptions[${position}]`, reason, MISSING_REASONS)]
    }),
  )
}

export function bytesOf(name: string, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} must be bytes (a Uint8Array)`)
  if (value.length <= MOST_PAYLOAD_BYTES) return value
  throw new RangeError(`${name} has ${value.length} bytes, more than the ${MOST_PAYLOAD_BYTES} that can be kept`)
}

function imageOf(name: string, image: ImageInput): ImageInput {
  if (image instanceof ArrayBuffer) return bytesOf(name, new Uint8Array(image))
  if (image instanceof Uint8Array) return bytesOf(name, image)
  const { data, widthPx, heightPx } = (image ?? {}) as RawFrame
  const isPixels = data instanceof Uint8Array || data instanceof Uint16Array
  if (isPixels && Number.isInteger(widthPx) && Number.isInteger(heightPx)) {
    bytesOf(`${name}.data`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    return image
  }
  throw new TypeError(`${name} must be the bytes of a file, or a frame {data, widthPx, heightPx}`)
}

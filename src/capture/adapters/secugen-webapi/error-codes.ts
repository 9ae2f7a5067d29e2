/**
 * What SecuGen's WebAPI says with ErrorCode, and what to do about it. 0 to 999 are those of the vendor's library (SgFplib.h), 1,000 to
 * 9,999 the service's, 10,000 and more say that its licence does not hold; 51 to 63 and the ranges stand in the vendor's demonstration
 * pages, 10001 to 10004, 101 and 105 in what users of the service report.
 */
import { type ErrorCode, SidikError } from '../../../errors.js'

/** No finger came in the time that the service was told. */
export const TIMED_OUT = 54

const LEAST_LICENCE_CODE = 10_000

type Meaning = readonly [code: ErrorCode, message: string]

const MEANINGS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [51, ['DEVICE_NOT_READY', 'a file of its software does not load: install the WebAPI client again']],
  [52, ['DEVICE_NOT_READY', "the reader's chip does not start: unplug the reader and plug it in again"]],
  [53, ['DEVICE_NOT_READY', 'no reader is found: plug it in, and see whether its driver is installed']],
  [TIMED_OUT, ['CAPTURE_TIMEOUT', 'no finger came in time: put it on the sensor, or allow more time']],
  [55, ['DEVICE_NOT_READY', 'no reader is attached: plug it in, and capture again']],
  [56, ['DEVICE_NOT_READY', 'its driver does not load: install it again']],
  [57, ['DEVICE_REFUSED', 'the image was no good: lift the finger, and put it down again']],
  [58, ['DEVICE_REFUSED', "the reader's USB connection is too slow: plug it into a port of the machine, not a hub"]],
  [59, ['DEVICE_BUSY', 'the reader is at another capture: wait, or close the program that uses it']],
  [60, ['DEVICE_REFUSED', "the reader's serial number cannot be read: unplug the reader and plug it in again"]],
  [61, ['DEVICE_REFUSED', 'this model of reader is not supported: install a newer WebAPI client']],
  [63, ['DEVICE_NOT_READY', 'the service had not started yet: capture again']],
  [101, ['DEVICE_REFUSED', 'it found too few minutiae: press the finger flat on the sensor, and try again']],
  [105, ['DEVICE_REFUSED', 'it found no minutiae: clean the sensor, and press the finger flat on it']],
  [10_001, ['DEVICE_REFUSED', 'there is no licence: give the key that SecuGen sold (licenceKey)']],
  [10_002, ['DEVICE_REFUSED', 'its licence is for another domain: give the one that it was sold for (origin)']],
  [10_003, ['DEVICE_REFUSED', 'its licence has expired: get a new key from SecuGen (licenceKey)']],
  [10_004, ['DEVICE_REFUSED', 'it wants the domain that its licence is for: give it (origin)']],
])

/** @param code any but 0 */
export function errorOfCode(code: number): SidikError {
  const unknown =
    code >= LEAST_LICENCE_CODE
      ? 'its licence does not hold: see the key (licenceKey) and the domain that it was sold for (origin)'
      : "an error of its own, which SecuGen's manual may explain"
  const [family, message] = MEANINGS.get(code) ?? (['DEVICE_REFUSED', unknown] as const)
  return new SidikError(family, `SecuGen's WebAPI reports ErrorCode ${code}: ${message}`)
}

export function isLicenceCode(code: number): boolean {
  return code >= LEAST_LICENCE_CODE
}

/** FpDeviceRetry and FpDeviceError of libfprint 1.94.9 (libfprint/fp-device.h): what their numbers mean. */
import { type ErrorCode, SidikError } from '../../../errors.js'

export type FingerFeedbackCode = 'try-again' | 'too-short' | 'not-centred' | 'remove-finger' | 'too-fast'

/** What a person can do about a scan that failed. */
export interface FingerFeedback {
  readonly code: FingerFeedbackCode
  readonly message: string
}

const RETRIES: readonly FingerFeedback[] = [
  { code: 'try-again', message: 'The scan failed: try again.' },
  { code: 'too-short', message: 'The swipe was too short: draw the whole finger over the sensor.' },
  { code: 'not-centred', message: 'The finger was off the middle of the sensor: put it on the middle.' },
  { code: 'remove-finger', message: 'Take the finger off the sensor, and put it on again.' },
  { code: 'too-fast', message: 'The swipe was too fast: draw the finger over the sensor more slowly.' },
]

/** A number that is not known says at least that the scan failed. */
export function feedbackOf(retry: number): FingerFeedback {
  return RETRIES[retry] ?? RETRIES[0]
}

const ERRORS: ReadonlyMap<number, readonly [code: ErrorCode, meaning: string]> = new Map([
  [0, ['DEVICE_REFUSED', 'a general error']],
  [1, ['DEVICE_REFUSED', 'this is not supported']],
  [2, ['DEVICE_NOT_READY', 'the device is not open']],
  [3, ['DEVICE_BUSY', 'the device is open already']],
  [4, ['DEVICE_BUSY', 'the device is busy']],
  [5, ['DEVICE_REFUSED', 'an error of its protocol']],
  [6, ['DEVICE_REFUSED', 'the data passed is invalid']],
  [7, ['DEVICE_REFUSED', 'the print is not on the device']],
  [8, ['DEVICE_REFUSED', 'no room on the device']],
  [9, ['DEVICE_REFUSED', 'the print is on the device already']],
  [0x100, ['DEVICE_DISCONNECTED', 'the device was removed']],
  [0x101, ['DEVICE_NOT_READY', 'the device is too hot: let it cool down']],
])

export function errorOf(number: number): SidikError {
  const [code, meaning] = ERRORS.get(number) ?? ['DEVICE_REFUSED', 'an error that is not known here']
  return new SidikError(code, `the virtual image device reports ${meaning} (FpDeviceError ${number})`)
}

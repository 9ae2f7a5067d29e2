/** Errors of devices (specification 0.9.5, Error Codes) as errors of ours. */
import { type ErrorCode, SidikError } from '../../../errors.js'
import { printable } from './json.js'
import { checked, ERROR_MESSAGE } from './messages.js'

/** What is no code of this list (5xx are the vendors' own) is DEVICE_REFUSED. */
const ERRORS: ReadonlyMap<string, readonly [ErrorCode, string]> = new Map([
  ['100', ['DEVICE_NOT_READY', 'the device is not registered: register it with its provider']],
  ['101', ['CAPTURE_TIMEOUT', 'the device saw no finger: put the finger on the sensor']],
  ['102', ['DEVICE_REFUSED', 'the device could not extract what it captured: capture again']],
  ['103', ['CAPTURE_TAMPERED', 'the device says that it was tampered with: do not use it']],
  ['104', ['DEVICE_NOT_READY', "the device cannot reach its provider's server: see to the connection"]],
  ['105', ['DEVICE_REFUSED', 'the device sees the fingers the wrong way round: place the hand as asked']],
  ['106', ['DEVICE_NOT_READY', 'the device is not attached: see to its cable']],
  ['107', ['DEVICE_NOT_READY', "the device's key is out of date: register it again"]],
  ['108', ['DEVICE_NOT_READY', 'the device lacks the key of its domain: register it again']],
  ['109', ['DEVICE_REFUSED', 'the device cannot capture so many fingers at a time']],
  ['110', ['DEVICE_NOT_READY', 'the device is not ready: wait, or see to its cable']],
  ['111', ['DEVICE_BUSY', 'the device is at another capture: end that one, or wait']],
  ['112', ['DEVICE_PROTOCOL', 'the device did not take the number of the transaction']],
  ['202', ['DEVICE_NOT_READY', 'no device is attached: see to its cable']],
])

const INFO_SHOWN = 200

/** What a device says went wrong: a code of the specification or of its vendor, and its own words. */
export interface SbiReportedError {
  readonly errorCode: string
  readonly errorInfo: string
}

export function isError({ errorCode }: SbiReportedError): boolean {
  return errorCode !== '0'
}

export function deviceError({ errorCode, errorInfo }: SbiReportedError): SidikError {
  const [code, message] = ERRORS.get(errorCode) ?? ['DEVICE_REFUSED', 'the device reports an error of its own']
  const info = printable(errorInfo, INFO_SHOWN)
  return new SidikError(code, `${message} (error ${printable(errorCode, 20)}${info === '' ? '' : `: ${info}`})`)
}

/** @throws SidikError where an answer, or the first piece of one that is a list, says nothing but that there was an error */
export function throwReported(answer: unknown): void {
  const said = Array.isArray(answer) ? answer[0] : answer
  if (typeof said !== 'object' || said === null) return
  // Streams say it without a member around it.
  const { error } = checked(ERROR_MESSAGE, 'errorCode' in said ? { error: said } : said, 'the answer of the device')
  if (isError(error)) throw deviceError(error)
}

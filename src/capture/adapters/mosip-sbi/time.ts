import { SidikError } from '../../../errors.js'
import { printable } from './json.js'

/** As the specification has it, in UTC; some add fractions of seconds, or another zone. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/** What the specification's own client allows clocks of devices to differ from its own: 5 minutes. */
const MOST_DIFFERENCE_MS = 300_000

/** @throws SidikError DEVICE_PROTOCOL for what is no time, or not about now */
export function checkedTime(text: string, now: Date): Date {
  const time = new Date(TIME.test(text) ? text : Number.NaN)
  const differenceMs = Math.abs(time.getTime() - now.getTime())
  if (differenceMs <= MOST_DIFFERENCE_MS) return time
  throw new SidikError(
    'DEVICE_PROTOCOL',
    Number.isNaN(differenceMs)
      ? `the time of the capture is '${printable(text, 40)}', which is none`
      : `the time of the capture is ${time.toISOString()}, and it is ${now.toISOString()}: set the clocks of both`,
  )
}

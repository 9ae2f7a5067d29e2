import { SidikError } from '../../../errors.js'
import { bytesOfBase64Url } from './base64.js'

/** Of what is no JSON, in a message. */
const SHOWN = 60

/** @throws SidikError DEVICE_PROTOCOL */
export function jsonOfBytes(bytes: Uint8Array, what: string): unknown {
  const text = new TextDecoder().decode(bytes)
  try {
    return JSON.parse(text)
  } catch (cause) {
    const begins = printable(text, SHOWN)
    throw new SidikError('DEVICE_PROTOCOL', `${what} is not JSON${begins === '' ? '' : ` (it begins '${begins}')`}`, {
      cause,
    })
  }
}

/** @throws SidikError DEVICE_PROTOCOL */
export function jsonOfBase64Url(text: string, what: string): unknown {
  return jsonOfBytes(bytesOfBase64Url(text, what), what)
}

/** The beginning of what a device says, fit for a message: on one line, without control characters. */
export function printable(text: string, most: number): string {
  const line = text
    .slice(0, most)
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\s]+/gu, ' ')
    .trim()
  return text.length > most ? `${line}...` : line
}

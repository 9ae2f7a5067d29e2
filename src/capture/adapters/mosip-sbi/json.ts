import { SidikError } from '../../../errors.js'
import { bytesOfBase64Url } from './base64.js'

/** Of what is no JSON, in a message. */
const SHOWN = 60

/** Members and items of a message are some hundred: millions in its megabytes would take gigabytes once they are read. */
const MOST_PIECES = 20_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** What stands before each piece: a comma, a bracket, a brace. */
const BEFORE_PIECES = [0x2c, 0x5b, 0x7b]

/** @throws SidikError DEVICE_PROTOCOL */
export function jsonOfBytes(bytes: Uint8Array, what: string): unknown {
  if (!hasFewPieces(bytes)) throw new SidikError('DEVICE_PROTOCOL', `${what} has more than ${MOST_PIECES} members`)
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

/** Of what is JSON: it looks at nothing but quotes and what stands before pieces. */
function hasFewPieces(bytes: Uint8Array): boolean {
  let pieces = 0
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) i = endOfText(bytes, i)
    else if (BEFORE_PIECES.includes(bytes[i]) && ++pieces > MOST_PIECES) return false
  }
  return true
}

/** Where the text ends that begins with a quote, or the bytes. */
function endOfText(bytes: Uint8Array, begin: number): number {
  for (let end = bytes.indexOf(QUOTE, begin + 1); end >= 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let backslashes = 0
    while (bytes[end - 1 - backslashes] === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return end
  }
  return bytes.length
}

/**
 * Text of a transaction. Type-1 records and all tags are 7-bit ASCII; other records are in the character set that field 1.015 (DCS,
 * directory of character sets) lists, ASCII where it lists none (ANSI/NIST-ITL 1-2011, 5.6 and table 4).
 */
import { DCS, subfieldsOf, type TaggedRecord } from './transaction.js'

export const FS = 0x1c
export const GS = 0x1d
export const RS = 0x1e
export const US = 0x1f
export const COLON = 0x3a

export const RS_TEXT = '\x1e'
export const US_TEXT = '\x1f'

export type CharacterSet = 'ascii' | 'latin-1' | 'utf-8' | 'unread'

/** Indices of the directory: 0 ASCII, 1 Latin 1, 3 UTF-8; 2 and 4 are UTF-16 and UTF-32, which have separators in their letters. */
const CHARACTER_SETS: Readonly<Record<number, CharacterSet>> = { 0: 'ascii', 1: 'latin-1', 3: 'utf-8' }

/** The character set of all records behind this Type-1 record. */
export function characterSetOf(typeOne: TaggedRecord): CharacterSet {
  const indices = subfieldsOf(typeOne, DCS).map(([index]) => (/^\d{1,3}$/.test(index ?? '') ? Number(index) : -1))
  const beyondAscii = indices.filter(index => index !== 0)
  if (beyondAscii.length === 0) return 'ascii'
  return (beyondAscii.length === 1 ? CHARACTER_SETS[beyondAscii[0]] : undefined) ?? 'unread'
}

/** Every valid text is decoded to itself, a byte order mark too. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of some bytes, undefined where they are none. Without a known set one character stands for one byte. */
export function decodeText(bytes: Uint8Array, set: CharacterSet): string | undefined {
  if (set !== 'utf-8') return latin1(bytes)
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** @throws RangeError naming the field, where the set does not have the text */
export function encodeText(field: string, text: string, set: CharacterSet): Uint8Array {
  if (set === 'utf-8') {
    if (!/\p{Surrogate}/u.test(text)) return new TextEncoder().encode(text)
    throw new RangeError(`${field} has half a surrogate pair, which is no character`)
  }
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0xff) {
      throw new RangeError(
        `${field} has ${JSON.stringify(text[i])}: list UTF-8 in field 1.015 (003, UTF-8) to write it`,
      )
    }
    bytes[i] = code
  }
  return bytes
}

export function hasSeparator(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= FS && text.charCodeAt(i) <= US) return true
  return false
}

export function isAscii(bytes: Uint8Array): boolean {
  return bytes.every(byte => byte < 0x80)
}

/** Not by one call of String.fromCharCode, whose arguments a long field would be too many of. */
function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096))
  return text
}

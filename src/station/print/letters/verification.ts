/**
 * What a letter's QR code says, so that whoever scans it can tell without a line whether it is genuine:
 *
 *     "SDKL1:"  then, in base45 (RFC 9285):
 *     64        Ed25519 signature of the station that issued it, of "sidik-letter-1\n" and what follows (RFC 8032)
 *      n        JSON in UTF-8: ["number", "station", "NIK", "name", "issued", "until", "code"], dates as YYYY-MM-DD
 */
import type { KeyObject } from 'node:crypto'
import { SidikError } from '../../../errors.js'
import { callback, readOptions, wholeNumber } from '../../../options.js'
import { verifyKeyOf as keyFrom, signWith, verifyWith } from '../../identity.js'
import { partsOf, type Station } from '../../station.js'
import { fromBase45, toBase45 } from './base45.js'
import type { CertifiedLetter } from './certified.js'
import { type KnownFault, knowledgeOf } from './known.js'
import { boundedUntil, daysLater, isDay } from './numbering.js'

const PREFIX = 'SDKL1:'
const SIGNED = 'sidik-letter-1\n'
const SIGNATURE_BYTES = 64

/** What the largest QR code holds (ISO/IEC 18004, version 40-L). */
const MOST_TEXT = 4_296

export type LetterFault =
  /** Another text than that of a letter. */
  | 'not-a-letter'
  /** A letter's text that was altered or cut, or that the station did not sign. */
  | 'altered'
  /** `verifyKeyOf` knows no key of the station. */
  | 'unknown-station'
  /** The station that was given is the one that signed it, and has no such letter: its file was restored from an old copy, or its key is in other hands. */
  | 'unknown-letter'
  /** Signed, but the days are none, or further apart than those of any letter. */
  | 'impossible-dates'
  /** Signed, but of a day after tomorrow: the clock of the station that signed it was wrong, or the one here is. */
  | 'not-yet'
  /** The station that was given knows another letter of this number. */
  | 'other-content'
  /** The station that was given knows that the one that signed it was revoked, and knew no such letter before. */
  | 'station-revoked'
  | 'revoked'
  /**
   * The station that was given knows the letter; its record was withdrawn since, or called a
   * duplicate or a failure.
   */
  | 'record-fallen'
  | 'expired'

export type LetterVerdict =
  /** Signed, within its days, known to the station that was given, and not revoked. */
  | { readonly valid: true; readonly known: true; readonly content: CertifiedLetter }
  /**
   * Signed and within its days, which is all that was checked: no station was given, or it has not
   * heard of the letter. `message` says so. `heardUntil` (ISO 8601): the last word that is here of
   * the station that signed; a letter that was issued long before should be here.
   */
  | {
      readonly valid: true
      readonly known: false
      readonly message: string
      readonly content: CertifiedLetter
      readonly heardUntil?: string
    }
  /** `content` is there where the station has signed it. */
  | { readonly valid: false; readonly why: LetterFault; readonly message: string; readonly content?: CertifiedLetter }

export interface VerifyLetterOptions {
  /** One that may know the letter, or of a revocation of it or of the station that signed it. */
  readonly station?: Station
  /** Milliseconds since 1970; the station's clock unless given, or the machine's. */
  readonly now?: number
}

/** @internal */
export function certificateText(letter: CertifiedLetter, key: KeyObject): string {
  const { number, station, nik, name, issued, until, code } = letter
  const content = Buffer.from(JSON.stringify([number, station, nik, name, issued, until, code]))
  return PREFIX + toBase45(Buffer.concat([signWith(key, signedBytes(content)), content]))
}

/**
 * Whether a letter is what it claims to be, and stands. Look at `known` too: without it, nobody was
 * asked who could know that the letter was revoked.
 *
 * @param text of the QR code
 * @param verifyKeyOf the key of a station (`verifyKey` of its public identity); undefined for one that is not known
 * @throws TypeError, RangeError naming the argument; SidikError STATION_IDENTITY when what `verifyKeyOf` gives is no key
 */
export function verifyLetter(
  text: string,
  verifyKeyOf: (station: string) => string | undefined,
  options?: VerifyLetterOptions,
): LetterVerdict {
  if (typeof text !== 'string') throw new TypeError('text must be a string')
  if (callback('verifyKeyOf', verifyKeyOf) === undefined) throw new TypeError('verifyKeyOf must be a function')
  const asked = readOptions('verifyLetter', options, ['station', 'now'])
  const parts = asked.station === undefined ? undefined : partsOf(asked.station)
  const now = asked.now === undefined ? (parts?.clock ?? Date.now)() : wholeNumber('now', asked.now, 0, LAST_MS)
  if (!text.startsWith(PREFIX)) return fault('not-a-letter', 'this is not the code of a letter')
  const read = readText(text)
  if (read === undefined) return fault('altered', 'the code was altered, or cut')
  const { content, signed, signature } = read
  const key = verifyKeyOf(content.station)
  if (key !== undefined && typeof key !== 'string') {
    throw new TypeError('verifyKeyOf must return a key (a string) or undefined, and no promise')
  }
  if (key === undefined) return fault('unknown-station', 'no key of the station is known that the code names')
  if (!verifyWith(keyFrom({ id: content.station, verifyKey: key }), signed, signature)) {
    return fault('altered', 'the code was altered: the station did not sign it')
  }
  if (!hasPossibleDates(content)) {
    return fault('impossible-dates', `no letter is valid from ${content.issued} until ${content.until}`, content)
  }
  const found = asked.station && knowledgeOf(asked.station, text, content)
  if (found?.fault !== undefined) return fault(found.fault, KNOWN_FAULTS[found.fault], content)
  const today = new Date(now).toISOString().slice(0, 10)
  if (daysLater(today, MOST_DAYS_AHEAD) < content.issued) {
    return fault(
      'not-yet',
      `the letter is of ${content.issued}, and the clock here says ${today}: one is wrong`,
      content,
    )
  }
  if (today > content.until) {
    return fault('expired', `the letter was valid until ${content.until}`, content)
  }
  if (found?.known) return { valid: true, known: true, content }
  const heard = found?.heardUntil
  const message = found === undefined ? NOT_ASKED : notKnown(content, heard)
  return { valid: true, known: false, message, content, ...(heard !== undefined && { heardUntil: heard }) }
}

/** Clocks differ by less, and days begin at different times. */
const MOST_DAYS_AHEAD = 1

/** The end of the last year whose days are in the order of their letters. */
const LAST_MS = Date.UTC(9999, 11, 30)

const NOT_ASKED = 'the signature is genuine; no station was asked whether it knows the letter'

/** Clocks differ, so that a letter which should be here proves nothing: a person asks. */
function notKnown({ station, issued }: CertifiedLetter, heard: string | undefined): string {
  const what = 'the signature is genuine, but this station does not know the letter: '
  if (heard === undefined || heard.slice(0, 10) <= issued) {
    return `${what}${station} may not have synchronised since it was issued`
  }
  const ask = `ask ${station} whether the letter is its own`
  return `${what}it has heard of ${station} until ${heard}, after the day of issue; ${ask}`
}

const KNOWN_FAULTS: Readonly<Record<KnownFault, string>> = {
  revoked: 'the letter was revoked',
  'record-fallen': 'the record was withdrawn, or called a duplicate or a failure, after the letter was issued',
  'unknown-letter': 'the station that signed it has issued no such letter',
  'other-content': 'the station has issued another letter under this number',
  'station-revoked': 'the station that signed it was revoked, and no such letter of it was known before',
}

function hasPossibleDates({ issued, until }: CertifiedLetter): boolean {
  return isDay(issued) && isDay(until) && until >= issued && boundedUntil(issued, until) === until
}

function fault(why: LetterFault, message: string, content?: CertifiedLetter): LetterVerdict {
  return { valid: false, why, message, ...(content && { content }) }
}

function readText(text: string): { content: CertifiedLetter; signed: Uint8Array; signature: Uint8Array } | undefined {
  const bytes = text.length > MOST_TEXT ? undefined : fromBase45(text.slice(PREFIX.length))
  if (bytes === undefined || bytes.length <= SIGNATURE_BYTES) return undefined
  const body = bytes.subarray(SIGNATURE_BYTES)
  const fields = fieldsOf(body)
  if (fields === undefined) return undefined
  const [number, station, nik, name, issued, until, code] = fields
  const content = { number, station, nik, name, issued, until, code }
  return { content, signed: signedBytes(body), signature: bytes.subarray(0, SIGNATURE_BYTES) }
}

function fieldsOf(body: Uint8Array): string[] | undefined {
  try {
    const fields: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    const isList = Array.isArray(fields) && fields.length === 7 && fields.every(field => typeof field === 'string')
    return isList ? fields : undefined
  } catch {
    return undefined
  }
}

function signedBytes(content: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(SIGNED), content])
}

/** @internal @throws SidikError LETTER_REFUSED where no QR code holds it */
export function assertFits(text: string): string {
  if (text.length <= MOST_TEXT) return text
  throw new SidikError('LETTER_REFUSED', 'number and name are longer than a QR code holds')
}

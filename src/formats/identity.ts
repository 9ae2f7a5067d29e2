import { type ErrorCode, SidikError } from '../errors.js'
import { type RecordFormat, STANDARDS } from './record-formats.js'

/** That bytes are a record of some family, and of one format of it: all begin with four bytes of the family and a version. */

const VERSION_OFFSET = 4
/** Of identifier and version. */
export const IDENTITY_BYTES = 8

/** Records that begin alike. */
export interface RecordFamily<Format extends RecordFormat> {
  /** What its records begin with: 'FMR\0'. */
  readonly identifier: string
  /** For messages: 'a minutiae record'. */
  readonly name: string
  /** Its versions as JSON has them, for messages. */
  readonly versions: string
  /** The function that reads all of them. */
  readonly reader: string
  /** By more than the version, which standards share; undefined for a version that none has. */
  readonly formatOf: (bytes: Uint8Array) => Format | undefined
}

/**
 * Which format of a family these bytes are.
 *
 * @throws SidikError RECORD_FORMAT for bytes of no such record, RECORD_VERSION for another version, RECORD_CORRUPT where they end
 *   before it
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function familyFormatOf<Format extends RecordFormat>(bytes: Uint8Array, family: RecordFamily<Format>): Format {
  const { identifier, name, versions } = family
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  if (!beginsAs(bytes, identifier)) {
    const three = identifier.slice(0, 3)
    throw new SidikError('RECORD_FORMAT', `${bytes.length} bytes that do not begin with '${three}': not ${name}`)
  }
  if (bytes.length < IDENTITY_BYTES) {
    throw new SidikError('RECORD_CORRUPT', `${name} of ${bytes.length} bytes, which end before its version`)
  }
  const format = family.formatOf(bytes)
  if (format !== undefined) return format
  throw new SidikError('RECORD_VERSION', `${name} of version ${versionText(bytes)}; ${versions} are read`)
}

/**
 * That they are of one format, for its reader.
 *
 * @throws as {@link familyFormatOf}; SidikError RECORD_FORMAT for another standard, RECORD_VERSION for another edition
 */
export function expectFormat<Format extends RecordFormat>(
  bytes: Uint8Array,
  family: RecordFamily<Format>,
  expected: Format,
): void {
  const found = familyFormatOf(bytes, family)
  if (found === expected) return
  const code: ErrorCode = bodyOf(found) === bodyOf(expected) ? 'RECORD_VERSION' : 'RECORD_FORMAT'
  throw new SidikError(
    code,
    `what looks like ${family.name} of ${STANDARDS[found]} (version ${versionText(bytes)}), not of ${STANDARDS[expected]}: ` +
      `read it with ${family.reader}, which reads all of them`,
  )
}

export function beginsAs(bytes: Uint8Array, identifier: string): boolean {
  return String.fromCharCode(...bytes.subarray(0, identifier.length)) === identifier
}

export function versionOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(VERSION_OFFSET, IDENTITY_BYTES))
}

const versionText = (bytes: Uint8Array) => JSON.stringify(versionOf(bytes))

/** 'iso' or 'ansi': who made the standard. */
const bodyOf = (format: RecordFormat) => format.slice(0, format.indexOf('-'))

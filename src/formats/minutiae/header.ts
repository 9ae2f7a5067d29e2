import type { FieldReader } from '../field-reader.js'
import { FieldWriter } from '../field-writer.js'

/** What the headers of minutiae records have in common. */

export const FORMAT_IDENTIFIER = 'FMR\0'

const LENGTH_BYTES = 4

/** 11 finger positions of 16 views. */
export const MAX_VIEWS = 176

/**
 * What a header has against its standard and can still be read past, as it was found; a record without such things has
 * none of these. They are written as they are, so that a record that was read is written byte for byte.
 */
export interface HeaderAsFound {
  /** Where it is not the standard's: '020\0' instead of ' 20\0'. */
  readonly version?: string
  /** Length of the record as stated, where its views end elsewhere. */
  readonly statedLength?: number
  /** Length in 6 bytes where 2 would do (ANSI INCITS 378-2004). */
  readonly hasLongLength?: boolean
  /** Where it is not 0. */
  readonly reservedByte?: number
}

/** Past the identifier and the version. */
export function readVersion(fields: FieldReader, version: string): HeaderAsFound {
  fields.latin1('format identifier', FORMAT_IDENTIFIER.length)
  const offset = fields.offset
  const found = fields.latin1('version', version.length)
  if (found === version) return {}
  fields.deviation('version', offset, `is ${JSON.stringify(found)}, not ${JSON.stringify(version)}`)
  return { version: found }
}

export function readReservedByte(fields: FieldReader): HeaderAsFound {
  const offset = fields.offset
  const reservedByte = fields.u8('reserved byte')
  if (reservedByte === 0) return {}
  fields.deviation('reserved byte', offset, `is ${reservedByte}, not 0`)
  return { reservedByte }
}

/** @param offset of the field that states it */
export function checkLength(fields: FieldReader, offset: number, statedLength: number): HeaderAsFound {
  if (statedLength === fields.end) return {}
  fields.deviation('length of the record', offset, `says ${statedLength} bytes, there are ${fields.end}`)
  return { statedLength }
}

/** Once all views are read. */
export function checkEnd(fields: FieldReader, views: number): void {
  if (fields.leftBytes === 0) return
  fields.damage('end of the record', fields.offset, `is ${fields.leftBytes} bytes behind its ${views} views`)
}

/** The record with what its header has against the standard, if anything. */
export function withAsFound<T extends object>(record: T, ...found: readonly HeaderAsFound[]): T {
  const asFound: HeaderAsFound = Object.assign({}, ...found)
  return Object.keys(asFound).length > 0 ? { ...record, asFound } : record
}

/** Identifier and version. */
export function writeVersion(out: FieldWriter, version: string, asFound: HeaderAsFound | undefined): void {
  const written = asFound?.version ?? version
  if (written.length !== version.length)
    throw new RangeError(`asFound.version is ${JSON.stringify(written)}, not 4 bytes`)
  out.latin1(FORMAT_IDENTIFIER + written)
}

/** A whole record: identifier, version, length in 4 bytes, and the rest. */
export function withLength(
  version: string,
  rest: FieldWriter,
  asFound: HeaderAsFound | undefined,
): Uint8Array<ArrayBuffer> {
  const out = new FieldWriter()
  writeVersion(out, version, asFound)
  out.u32('asFound.statedLength', asFound?.statedLength ?? out.offset + LENGTH_BYTES + rest.offset)
  out.bytes(rest.finish())
  return out.finish()
}

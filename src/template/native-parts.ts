import { checkTemplate, u32 } from './native-decode.js'
import {
  CODE_KINDS_AT,
  COMMON_BYTES,
  CRC_AT,
  crcOfTemplate,
  MAGIC,
  METHOD_VERSION_AT,
  NETWORK_VERSION_AT,
  type Sections,
  sectionsOf,
  versionOf,
} from './native-layout.js'

/**
 * A template that was checked, and where its pieces lie in it: bytes are moved as they are, because a million templates are
 * opened in seconds.
 */
export interface TemplateParts {
  readonly template: Uint8Array
  /** Where in it. */
  readonly at: Sections
  /** Minutiae. */
  readonly count: number
  /** Of the network that made the learned codes; 0 without them. */
  readonly networkVersion: number
  /** Of the method that made the geometric codes, if there are any. */
  readonly methodVersion: number
}

/** The pieces that {@link joinPieces} makes a template of. */
export interface TemplatePieces {
  /** x, then y, then direction, of all minutiae: 5 bytes a minutia. */
  readonly places: Uint8Array
  readonly types: Uint8Array
  readonly qualities: Uint8Array
  /** Geometric codes, then masks: 20 bytes a minutia, or none. */
  readonly geometry: Uint8Array
  /** 16 bytes a minutia, or none. */
  readonly learnedBits: Uint8Array
  /** What the header says after the fields that every version has: 16 or 24 bytes. */
  readonly header: Uint8Array
}

/** Bytes that positions and direction of a minutia take. */
export const PLACE_BYTES = 5

/** Throws as decodeTemplate does. */
export function partsOf(template: Uint8Array): TemplateParts {
  const at = checkTemplate(template)
  return {
    template,
    at,
    count: at.type - at.direction,
    networkVersion: at.totalLength > at.learnedBits ? u32(template, NETWORK_VERSION_AT) : 0,
    methodVersion: u32(template, METHOD_VERSION_AT),
  }
}

/** Whether the template has geometric codes. */
export function hasGeometry({ at }: TemplateParts): boolean {
  return at.learnedBits > at.bits
}

/** A template of these pieces. */
export function joinPieces(pieces: TemplatePieces): Uint8Array {
  const template = new Uint8Array(sectionsOfPieces(pieces).totalLength)
  writePieces(pieces, template, 0)
  return template
}

function sectionsOfPieces({ types, header }: TemplatePieces): Sections {
  return sectionsOf(types.length, header[CODE_KINDS_AT - COMMON_BYTES])
}

/**
 * Writes a template of these pieces.
 *
 * @returns its bytes
 * @throws RangeError where it reaches past the end of `target`
 */
export function writePieces(pieces: TemplatePieces, target: Uint8Array, offset: number): number {
  const { places, types, qualities, geometry, learnedBits, header } = pieces
  const at = sectionsOfPieces(pieces)
  const template = target.subarray(offset, offset + at.totalLength)
  const view = new DataView(template.buffer, template.byteOffset, at.totalLength)
  // Between the sections too, where there may be what was written before.
  template.fill(0)
  template.set(MAGIC)
  view.setUint16(4, versionOf(header[CODE_KINDS_AT - COMMON_BYTES]), true)
  view.setUint16(6, at.headerLength, true)
  view.setUint32(8, at.totalLength, true)
  template.set(header, COMMON_BYTES)
  template.set(places, at.x)
  template.set(types, at.type)
  template.set(qualities, at.quality)
  template.set(geometry, at.bits)
  template.set(learnedBits, at.learnedBits)
  view.setUint32(CRC_AT, crcOfTemplate(template), true)
  return at.totalLength
}

import { checkTemplate } from './native-decode.js'
import {
  CODE_KINDS_AT,
  COMMON_BYTES,
  CRC_AT,
  crcOfTemplate,
  MAGIC,
  METHOD_VERSION_AT,
  NETWORK_VERSION_AT,
  sectionsOf,
  versionOf,
} from './native-layout.js'

/**
 * A template cut into the pieces that a gallery's record is made of, and put together again: bytes are moved as they
 * are, because a million templates are opened in seconds.
 */
export interface TemplateParts {
  /** Minutiae. */
  readonly count: number
  /** Of the network that made the learned codes; 0 without them. */
  readonly networkVersion: number
  /** Of the method that made the geometric codes, if there are any. */
  readonly methodVersion: number
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

/** Views of `template`. Throws as decodeTemplate does. */
export function partsOf(template: Uint8Array): TemplateParts {
  const at = checkTemplate(template)
  const header = template.subarray(COMMON_BYTES, at.headerLength)
  const word = new DataView(template.buffer, template.byteOffset, template.byteLength)
  const learned = at.totalLength > at.learnedBits
  return {
    count: at.type - at.direction,
    networkVersion: learned ? word.getUint32(NETWORK_VERSION_AT, true) : 0,
    methodVersion: word.getUint32(METHOD_VERSION_AT, true),
    places: template.subarray(at.x, at.type),
    types: template.subarray(at.type, at.quality),
    qualities: template.subarray(at.quality, at.padding),
    geometry: template.subarray(at.bits, at.learnedBits),
    learnedBits: template.subarray(at.learnedBits),
    header,
  }
}

/** The template that {@link partsOf} cut into these. */
export function joinParts(parts: Omit<TemplateParts, 'count' | 'networkVersion' | 'methodVersion'>): Uint8Array {
  const { places, types, qualities, geometry, learnedBits, header } = parts
  const codeKinds = header[CODE_KINDS_AT - COMMON_BYTES]
  const at = sectionsOf(types.length, codeKinds)
  const template = new Uint8Array(at.totalLength)
  const view = new DataView(template.buffer)
  template.set(MAGIC)
  view.setUint16(4, versionOf(codeKinds), true)
  view.setUint16(6, at.headerLength, true)
  view.setUint32(8, at.totalLength, true)
  template.set(header, COMMON_BYTES)
  template.set(places, at.x)
  template.set(types, at.type)
  template.set(qualities, at.quality)
  template.set(geometry, at.bits)
  template.set(learnedBits, at.learnedBits)
  view.setUint32(CRC_AT, crcOfTemplate(template), true)
  return template
}

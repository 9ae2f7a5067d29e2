/**
 * A value of JSON that holds bytes, as bytes: what a draft is kept as. Version 1, big-endian:
 *
 *     at 0   version, u8: 1
 *        1   length of the JSON, u32
 *        5   JSON (UTF-8); bytes stand in it as {"$bytes": [offset, length]}, counted from behind the JSON
 *            the bytes
 */
import { SidikError } from '../../errors.js'

export type Packable =
  | null
  | undefined
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Packable[]
  | { readonly [name: string]: Packable }

const VERSION = 1
const HEADER_BYTES = 5
const MARK = '$bytes'

/** @throws TypeError when it holds what JSON cannot, or a member of our own name */
export function pack(value: Packable): Uint8Array {
  const pieces: Uint8Array[] = []
  let offset = 0
  const plain = (each: Packable): unknown => {
    if (each instanceof Uint8Array) {
      pieces.push(each)
      offset += each.length
      return { [MARK]: [offset - each.length, each.length] }
    }
    if (Array.isArray(each)) return each.map(plain)
    if (each !== null && typeof each === 'object') {
      if (Object.hasOwn(each, MARK)) throw new TypeError(`a member must not be named ${MARK}`)
      return Object.fromEntries(Object.entries(each).map(([name, member]) => [name, plain(member)]))
    }
    if (typeof each === 'function' || typeof each === 'symbol' || typeof each === 'bigint') {
      throw new TypeError(`a ${typeof each} cannot be kept`)
    }
    return each
  }
  const json = new TextEncoder().encode(JSON.stringify(plain(value)))
  const bytes = new Uint8Array(HEADER_BYTES + json.length + offset)
  bytes[0] = VERSION
  new DataView(bytes.buffer).setUint32(1, json.length)
  bytes.set(json, HEADER_BYTES)
  let at = HEADER_BYTES + json.length
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/** @throws SidikError STATE_VERSION, STATE_CORRUPT */
export function unpack(bytes: Uint8Array): Packable {
  if (bytes[0] !== VERSION)
    throw new SidikError('STATE_VERSION', `a draft of version ${bytes[0]}, this program reads 1`)
  const length = bytes.length < HEADER_BYTES ? Infinity : new DataView(bytes.buffer, bytes.byteOffset).getUint32(1)
  const from = HEADER_BYTES + length
  if (from > bytes.length) throw new SidikError('STATE_CORRUPT', 'the draft ends within its JSON')
  return JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_BYTES, from)), (_, member) => {
    if (member === null || typeof member !== 'object' || !Object.hasOwn(member, MARK)) return member
    const [offset, size] = member[MARK]
    if (from + offset + size > bytes.length) throw new SidikError('STATE_CORRUPT', 'the draft ends within its bytes')
    // A copy, also of a Buffer, whose slice is none.
    return new Uint8Array(bytes.subarray(from + offset, from + offset + size))
  })
}

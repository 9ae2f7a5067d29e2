/**
 * Where reading goes on behind a record that is damaged, or whose length is wrong. Records of types
 * 3 to 8 have no tag: one seems to begin where a header stands that 1.003 CNT lists by type and
 * IDC, whose numbers can be, and whose image is of the kind and size that the header states.
 */
import { FRICTION_RIDGE_POSITIONS } from '../finger-positions.js'
import { endOfImage, NO_STATED_END } from '../image-end.js'
import { compressionOf, KIND_OF_COMPRESSION, statedImage } from './compression.js'
import type { Listed } from './contents.js'
import { mayBeLength, nextTaggedAt, tagAt } from './read-tagged.js'
import type { Located, Source } from './source.js'
import { FS } from './text.js'
import {
  type AnsiNistRecord,
  FIXED_IMAGE_HEADER_BYTES,
  isBinaryType,
  LEN,
  NO_POSITION,
  POSITIONS_OF_FIXED_IMAGE,
} from './transaction.js'

/** Headers and tags of one transaction that are looked at closely; none is sought after that. */
const MOST_CANDIDATES = 10_000

/** Digits of a length. */
const LONGEST_LENGTH = 9

const HIGHEST_IMPRESSION = 29
const FIXED_IMAGE_TYPES = [3, 4, 5, 6]

/** By code: whether it is one. A table, because it is asked of every byte. */
const IS_POSITION = Uint8Array.from({ length: 256 }, (_, code) => (FRICTION_RIDGE_POSITIONS.has(code) ? 1 : 0))

export interface Found {
  readonly offset: number
  /** Its place in the list; the length of the list where it is not listed any more. */
  readonly index: number
}

/** Looks for the next record of a transaction. */
export class Resync {
  readonly #bytes: Uint8Array
  readonly #listed: readonly Listed[]
  /** Places in the list by type and IDC, those before the one that is sought taken away. */
  readonly #places = new Map<number, number[]>()
  #candidatesLeft = MOST_CANDIDATES
  /** The last search: files of many damaged records are not searched anew for each. */
  #tagged: { readonly from: number; readonly at: number | undefined } = { from: Number.POSITIVE_INFINITY, at: 0 }

  constructor({ bytes }: Source, listed: readonly Listed[]) {
    this.#bytes = bytes
    this.#listed = listed
    for (let i = listed.length - 1; i >= 0; i--) {
      const key = keyOf(listed[i].type, listed[i].idc)
      const places = this.#places.get(key)
      if (places === undefined) this.#places.set(key, [i])
      else places.push(i)
    }
  }

  /**
   * The first record that seems to begin from `from` on and before `before`.
   *
   * @param first place in the list from which on a record is sought
   */
  next(from: number, first: number, before = this.#bytes.length): Found | undefined {
    const tagged = this.#nextTagged(Math.max(from - 1, 0))
    const end = Math.min(tagged ?? before, before)
    const isSought = this.#listed.slice(first).some(({ type }) => FIXED_IMAGE_TYPES.includes(type))
    for (let at = from; at < end && this.#candidatesLeft > 0; at++) {
      const index = this.#taggedAt(at, first) ?? (isSought ? this.#fixedImageAt(at, first) : undefined)
      if (index !== undefined) return { offset: at, index }
    }
    if (tagged === undefined || tagged >= before) return undefined
    const type = tagAt(this.#bytes, tagged)?.type
    const index = this.#listed.findIndex((one, i) => i >= first && one.type === type)
    return { offset: tagged, index: index < 0 ? this.#listed.length : index }
  }

  /** Whether a record of types 3 to 6 has a header that can be, as listed. */
  isPlausible(at: number, index: number): boolean {
    return isHeader(this.#bytes, at, this.#listed[index])
  }

  #nextTagged(from: number): number | undefined {
    const { from: lookedFrom, at } = this.#tagged
    // The FS before it must be behind `from` too.
    if (from >= lookedFrom && (at === undefined || from < at)) return at
    this.#tagged = { from, at: nextTaggedAt(this.#bytes, from) }
    return this.#tagged.at
  }

  /**
   * The place of the tagged record that begins here without an FS before it: by its own length it
   * ends with one.
   */
  #taggedAt(at: number, first: number): number | undefined {
    if (!mayBeLength(this.#bytes, at)) return undefined
    const tag = tagAt(this.#bytes, at)
    if (tag?.number !== LEN || tag.type === 1 || isBinaryType(tag.type)) return undefined
    this.#candidatesLeft--
    const text = String.fromCharCode(...this.#bytes.subarray(tag.valueAt, tag.valueAt + LONGEST_LENGTH))
    if (this.#bytes[at + Number.parseInt(text, 10) - 1] !== FS) return undefined
    const index = this.#listed.findIndex(({ type }, i) => i >= first && type === tag.type)
    return index < 0 ? undefined : index
  }

  #fixedImageAt(at: number, first: number): number | undefined {
    const bytes = this.#bytes
    if (!hasNumbers(bytes, at)) return undefined
    for (const type of FIXED_IMAGE_TYPES) {
      const index = this.#placeOf(keyOf(type, bytes[at + 4]), first)
      if (index === undefined) continue
      this.#candidatesLeft--
      if (isHeader(bytes, at, this.#listed[index])) return index
    }
    return undefined
  }

  #placeOf(key: number, first: number): number | undefined {
    const places = this.#places.get(key)
    while (places !== undefined && places[places.length - 1] < first) places.pop()
    return places?.at(-1)
  }
}

function keyOf(type: number, idc: number): number {
  return type * 1000 + idc
}

/**
 * Where the record behind this one must begin: behind its image, whatever its length says; its end
 * where that is not known.
 */
export function soundEnd({ record, start, end }: Located<AnsiNistRecord>): number {
  if (record.kind !== 'fixed-image' || record.type > 4) return end
  const { compression, widthPx, heightPx, data } = record
  const stated = compressionOf(compression) === 'NONE' ? widthPx * heightPx : endOfImage(data)
  if (stated === undefined || stated === NO_STATED_END || stated > data.length) return end
  return start + FIXED_IMAGE_HEADER_BYTES + stated
}

/** Whether the numbers of a header of types 3 to 6 are such as can be. */
function hasNumbers(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 5] > HIGHEST_IMPRESSION || bytes[at + 12] > 1 || IS_POSITION[bytes[at + 6]] === 0) return false
  if (at + FIXED_IMAGE_HEADER_BYTES > bytes.length) return false
  const length = bytes[at] * 2 ** 24 + bytes[at + 1] * 2 ** 16 + bytes[at + 2] * 2 ** 8 + bytes[at + 3]
  if (length <= FIXED_IMAGE_HEADER_BYTES || length > bytes.length - at) return false
  if ((bytes[at + 13] | bytes[at + 14]) === 0 || (bytes[at + 15] | bytes[at + 16]) === 0) return false
  for (let i = at + 7; i < at + 6 + POSITIONS_OF_FIXED_IMAGE; i++) {
    if (IS_POSITION[bytes[i]] === 0 && bytes[i] !== NO_POSITION) return false
  }
  return true
}

function isHeader(bytes: Uint8Array, at: number, { type, idc }: Listed): boolean {
  if (!hasNumbers(bytes, at) || bytes[at + 4] !== idc) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset + at)
  const end = at + view.getUint32(0)
  // Two-level images state nothing by themselves: whether another record follows tells.
  if (type > 4) return end === bytes.length || tagAt(bytes, end)?.number === LEN
  const compression = compressionOf(view.getUint8(17))
  if (compression === undefined) return false
  const [widthPx, heightPx] = [view.getUint16(13), view.getUint16(15)]
  const data = bytes.subarray(at + FIXED_IMAGE_HEADER_BYTES, end)
  if (compression === 'NONE') return data.length === widthPx * heightPx
  const image = statedImage(data)
  return image?.kind === KIND_OF_COMPRESSION[compression] && image.widthPx === widthPx && image.heightPx === heightPx
}

import { fieldName, fieldTag } from './field-names.js'
import type { Located, Source } from './source.js'
import { COLON, decodeText, FS, GS, isAscii, RS, RS_TEXT, US, US_TEXT } from './text.js'
import { DATA, FIRST_TYPE_WITH_DATA, isBinaryType, LEN, type TaggedField, type TaggedRecord } from './transaction.js'

/** A type has 1 or 2 digits, the number of a field up to 9. */
const LONGEST_TAG = '99.999999999:'.length
const TAG = /^(\d{1,2})\.(\d{1,9})$/

/** Digits of a length beyond which no file reaches. */
const LONGEST_LENGTH = 15

interface Tag {
  readonly type: number
  readonly number: number
  readonly text: string
  readonly valueAt: number
}

/** The tag that begins at `offset`, or undefined where none does. */
export function tagAt(bytes: Uint8Array, offset: number): Tag | undefined {
  const head = bytes.subarray(offset, offset + LONGEST_TAG)
  const colon = head.indexOf(COLON)
  const text = String.fromCharCode(...head.subarray(0, Math.max(colon, 0)))
  const match = TAG.exec(text)
  if (!match) return undefined
  return { type: Number(match[1]), number: Number(match[2]), text, valueAt: offset + colon + 1 }
}

/**
 * The tagged record that begins at `start`. It ends with the first FS, or, where it has a field 999
 * of bytes, with that at the end of its LEN. A LEN that is wrong in a record of text alone is a
 * deviation: the FS says where it ends. So is a field of another type, where the LEN is right: the
 * record is whole.
 */
export function readTagged(source: Source, start: number): Located<TaggedRecord> {
  const { bytes, reader } = source
  const first = tagAt(bytes, start)
  if (first?.number !== LEN) {
    throw reader.corrupt('LEN', start, 'is not there: a record begins with its tag, as in "14.001:"')
  }
  const { type } = first
  if (type === 0 || isBinaryType(type)) throw reader.corrupt(fieldName(type, LEN), start, 'is of a type without tags')
  const fields: TaggedField[] = []
  const fieldOffsets: number[] = []
  let statedLength = ''
  let offset = start
  for (;;) {
    const tag = tagAt(bytes, offset)
    const previous = fields.at(-1)
    const isForeign = tag?.type !== type
    if (tag === undefined || (isForeign && bytes[start + Number(statedLength) - 1] !== FS)) {
      const after = previous ? `field after ${fieldName(type, previous.number)}` : 'LEN'
      throw reader.corrupt(after, offset, `has no tag of a Type-${type} record`)
    }
    fieldOffsets.push(offset)
    const name = fieldName(tag.type, tag.number)
    if (--source.fieldsLeft < 0) throw reader.corrupt(name, offset, 'is one field more than are read')
    const usual = fieldTag(tag.type, tag.number)
    if (isForeign) reader.deviation(name, offset, `is a field of another type, in a Type-${type} record`)
    if (tag.text !== usual) reader.deviation(name, offset, `has the tag ${JSON.stringify(tag.text)}, not ${usual}`)
    const base = {
      number: tag.number,
      ...(tag.text !== usual && { tag: tag.text }),
      ...(isForeign && { foreignType: tag.type }),
    }
    if (tag.number === DATA && type >= FIRST_TYPE_WITH_DATA && !isForeign) {
      const { dataEnd, end } = endOfData(source, start, Number(statedLength), tag, offset)
      fields.push({ ...base, data: bytes.slice(tag.valueAt, dataEnd) })
      return { record: { kind: 'tagged', type, fields }, start, end, fieldOffsets }
    }
    if (offset === start) statedLength = lengthOf(source, tag.valueAt, start, name)
    const textEnd = endOfText(source, tag.valueAt, offset, name, start + Number(statedLength))
    fields.push({ ...base, ...contentOf(source, tag.valueAt, textEnd, offset, name, type) })
    offset = textEnd
    if (bytes[textEnd] !== FS && bytes[textEnd] !== GS) break
    offset++
    if (bytes[textEnd] === FS) break
  }
  const record = { kind: 'tagged', type, fields } as const
  if (offset - start === Number(statedLength)) return { record, start, end: offset, fieldOffsets }
  const problem = `says ${Number(statedLength)} bytes, the record ends after ${offset - start}`
  reader.deviation(fieldName(type, LEN), start, problem)
  return { record: { ...record, asFound: { statedLength } }, start, end: offset, fieldOffsets }
}

/** The digits of a length; none where it is damaged. */
function lengthOf({ bytes, reader }: Source, from: number, start: number, name: string): string {
  const text = String.fromCharCode(...bytes.subarray(from, from + LONGEST_LENGTH + 1))
  const digits = /^\d*/.exec(text)?.[0] ?? ''
  const after = text.charCodeAt(digits.length)
  if (digits !== '' && (after === GS || after === FS)) return digits
  reader.damage(name, start, `begins with ${JSON.stringify(text)}, which is no length followed by GS or FS`)
  return ''
}

/**
 * Where the value that begins at `from` has its GS or FS; of a damaged record, where its bytes or
 * the record end without one.
 *
 * @param recordEnd by its LEN
 */
function endOfText({ bytes, reader }: Source, from: number, fieldAt: number, name: string, recordEnd: number): number {
  // A record that lost its FS has the next one's tag where that was.
  const lostAt = recordEnd - 1
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] === GS || bytes[i] === FS) return i
    if (i !== lostAt || !reader.takesDamage || tagAt(bytes, i)?.number !== LEN) continue
    reader.damage(name, fieldAt, `has no FS at ${i}, where the record ends by its length and another begins`)
    return i
  }
  reader.damage(name, fieldAt, `has neither GS nor FS up to the end at ${bytes.length}`)
  return bytes.length
}

/**
 * The end of an image and of its record, which has an FS more, by its length alone: an image may
 * hold any byte. Where that is damaged, the image goes on to the next record that begins behind an
 * FS, or else to the end.
 */
function endOfData({ bytes, reader }: Source, start: number, length: number, tag: Tag, fieldAt: number) {
  const end = start + length
  const name = fieldName(tag.type, LEN)
  if (bytes[end - 1] === FS && end > tag.valueAt) return { dataEnd: end - 1, end }
  if (end > bytes.length || end <= tag.valueAt) {
    const available = `there are ${bytes.length - start} up to the end at ${bytes.length}, the image begins at ${tag.valueAt}`
    reader.damage(name, start, `says ${length} bytes, ${available}`)
  } else {
    const problem = `does not end with FS at ${end - 1}, where ${name} says that it ends`
    reader.damage(fieldName(tag.type, tag.number), fieldAt, problem)
  }
  // It lost its FS where the next record begins a byte early.
  if (end > tag.valueAt && tagAt(bytes, end - 1)?.number === LEN) return { dataEnd: end - 1, end: end - 1 }
  const next = nextTaggedAt(bytes, tag.valueAt) ?? bytes.length
  return { dataEnd: bytes[next - 1] === FS ? Math.max(next - 1, tag.valueAt) : next, end: next }
}

const POINT = 0x2e
const ZERO = 0x30
const ONE = 0x31
const NINE = 0x39

/**
 * Whether a tag of LEN may begin here: one or two digits, a point, zeros, 1 and a colon. Much
 * cheaper than `tagAt`.
 */
export function mayBeLength(bytes: Uint8Array, at: number): boolean {
  if (!(bytes[at] >= ZERO && bytes[at] <= NINE)) return false
  let i = bytes[at + 1] === POINT ? at + 2 : bytes[at + 2] === POINT ? at + 3 : bytes.length
  const last = i + LONGEST_TAG
  while (bytes[i] === ZERO && i < last) i++
  return bytes[i] === ONE && bytes[i + 1] === COLON
}

/** Where the next tagged record seems to begin: behind an FS, with a LEN. */
export function nextTaggedAt(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(FS, from); at >= 0; at = bytes.indexOf(FS, at + 1)) {
    if (!mayBeLength(bytes, at + 1)) continue
    const tag = tagAt(bytes, at + 1)
    if (tag?.number === LEN && tag.type > 1 && !isBinaryType(tag.type)) return at + 1
  }
  return undefined
}

/** Text, or bytes where the character set of the transaction knows no such text. */
function contentOf(source: Source, from: number, to: number, fieldAt: number, name: string, type: number) {
  const { bytes, reader } = source
  const value = bytes.subarray(from, to)
  const characterSet = type === 1 ? 'ascii' : source.characterSet
  source.itemsLeft -= value.reduce((count, byte) => (byte === RS || byte === US ? count + 1 : count), 1)
  if (source.itemsLeft < 0) throw reader.corrupt(name, fieldAt, 'is one item more than are read')
  if (characterSet === 'ascii' && !isAscii(value)) {
    reader.deviation(name, fieldAt, 'is not ASCII, and field 1.015 DCS lists no other character set')
  }
  const text = decodeText(value, characterSet)
  if (text === undefined) {
    reader.deviation(name, fieldAt, 'is not UTF-8, which field 1.015 DCS lists')
    return { data: value.slice() }
  }
  return { subfields: text.split(RS_TEXT).map(subfield => subfield.split(US_TEXT)) }
}

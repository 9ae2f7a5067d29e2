import { whole } from '../../template/ranges.js'
import { FieldWriter } from '../field-writer.js'
import { fieldName, fieldTag } from './field-names.js'
import { type CharacterSet, characterSetOf, encodeText, FS, GS, hasSeparator, RS_TEXT, US_TEXT } from './text.js'
import {
  type AnsiNistRecord,
  type AnsiNistTransaction,
  CNT,
  DATA,
  FIRST_TYPE_WITH_DATA,
  FIXED_IMAGE_HEADER_BYTES,
  type FixedImageRecord,
  fieldOf,
  idcOf,
  isBinaryType,
  LEN,
  NO_POSITION,
  OPAQUE_HEADER_BYTES,
  POSITIONS_OF_FIXED_IMAGE,
  SIGNATURE_HEADER_BYTES,
  subfieldsOf,
  type TaggedField,
  type TaggedRecord,
  textOf,
} from './transaction.js'

/**
 * The bytes of a transaction. Lengths (LEN) and the list of records (1.003 CNT) are made from the
 * records, but for those that deviated when they were read: these are written as they were found
 * (`asFound`). All else is written as it is, in order.
 *
 * @throws RangeError naming what the encoding cannot hold: a first record that is not of type 1, a separator within an item, a
 *   number beyond its bytes
 */
export function writeAnsiNist(transaction: AnsiNistTransaction): Uint8Array {
  const [typeOne, ...others] = transaction.records
  if (typeOne?.type !== 1 || typeOne.kind !== 'tagged') throw new RangeError('records[0] must be the Type-1 record')
  if (others.some(({ type }) => type === 1)) throw new RangeError('records has a second Type-1 record')
  const characterSet = characterSetOf(typeOne)
  const writer = new FieldWriter()
  writeTagged(writer, withContents(typeOne, others), 'ascii', 'records[0]')
  others.forEach((record, i) => {
    const path = `records[${i + 1}]`
    if (record.kind === 'tagged') writeTagged(writer, record, characterSet, path)
    else writeBinary(writer, record, path)
  })
  if (transaction.trailing) writer.bytes(transaction.trailing)
  return writer.finish()
}

/** 1.003 CNT made anew; what it said of a record stays as it is where it is right ('1' for '01'). */
export function contentsOf(typeOne: TaggedRecord, others: readonly AnsiNistRecord[]): readonly (readonly string[])[] {
  const said = subfieldsOf(typeOne, CNT)
  const keep = (i: number, items: readonly [string, string]) => {
    const old = said[i]
    return old?.length === 2 && old.every((item, k) => /^\d{1,3}$/.test(item) && Number(item) === Number(items[k]))
      ? old
      : items
  }
  return [
    keep(0, ['1', String(others.length)]),
    ...others.map((record, i) => {
      const idc = idcOf(record)
      // A record without an IDC keeps what the list says of it.
      const listed = idc !== undefined && /^\d{1,3}$/.test(idc) ? idc : (said[i + 1]?.[1] ?? '00')
      return keep(i + 1, [String(record.type), listed])
    }),
  ]
}

function withContents(typeOne: TaggedRecord, others: readonly AnsiNistRecord[]): TaggedRecord {
  const subfields = typeOne.asFound?.statedContents ?? contentsOf(typeOne, others)
  const counted = fieldOf(typeOne, CNT)
  if (counted === undefined) throw new RangeError(`records[0] has no field ${fieldName(1, CNT)}`)
  const { number, tag } = counted
  const made = tag === undefined ? { number, subfields } : { number, tag, subfields }
  return { ...typeOne, fields: typeOne.fields.map(field => (field === counted ? made : field)) }
}

function writeTagged(writer: FieldWriter, record: TaggedRecord, characterSet: CharacterSet, path: string): void {
  const { type, fields } = record
  whole(`${path}.type`, type, 1, 99)
  if (isBinaryType(type)) throw new RangeError(`${path}.type is ${type}, which has no tags`)
  if (fields[0]?.number !== LEN) throw new RangeError(`${path}.fields[0] must be ${fieldName(type, LEN)}`)
  const body = new FieldWriter()
  fields.slice(1).forEach((field, i) => {
    body.u8('separator', GS)
    writeField(body, record, field, characterSet, `${path}.fields[${i + 1}]`)
  })
  body.u8('separator', FS)
  const lengthTag = tagOf(type, fields[0], `${path}.fields[0]`)
  const stated = record.asFound?.statedLength
  if (stated !== undefined && !/^\d+$/.test(stated)) {
    throw new RangeError(`${path}.asFound.statedLength is ${JSON.stringify(stated)}, must be digits`)
  }
  writer.latin1(lengthTag + (stated ?? lengthText(lengthTag.length + body.offset, textOf(record, LEN) ?? '')))
  writer.bytes(body.finish())
}

/** The length of `others` bytes and of its own digits, as many as it had where it began with zeros. */
function lengthText(others: number, said: string): string {
  const width = said.startsWith('0') ? said.length : 1
  for (let digits = width; ; digits++) {
    const text = String(others + digits).padStart(digits, '0')
    if (text.length === digits) return text
  }
}

function tagOf(type: number, field: TaggedField, path: string): string {
  whole(`${path}.number`, field.number, 0, 999_999_999)
  const usual = fieldTag(type, field.number)
  if (field.tag === undefined) return `${usual}:`
  const [, tagType, tagNumber] = /^(\d{1,2})\.(\d{1,9})$/.exec(field.tag) ?? []
  if (Number(tagType) === type && Number(tagNumber) === field.number) return `${field.tag}:`
  throw new RangeError(`${path}.tag is ${JSON.stringify(field.tag)}, which is no tag of ${usual}`)
}

function writeField(
  writer: FieldWriter,
  record: TaggedRecord,
  field: TaggedField,
  characterSet: CharacterSet,
  path: string,
): void {
  const type = field.foreignType ?? record.type
  writer.latin1(tagOf(type, field, path))
  const isImage = field.number === DATA && record.type === type && type >= FIRST_TYPE_WITH_DATA
  if ('data' in field) {
    if (isImage ? field !== record.fields.at(-1) : field.data.some(byte => byte === FS || byte === GS)) {
      throw new RangeError(`${path}.data must ${isImage ? 'be the last field' : 'not have FS or GS in it'}`)
    }
    writer.bytes(field.data)
    return
  }
  if (isImage) throw new RangeError(`${path} is ${fieldName(record.type, DATA)}, which holds data`)
  field.subfields.forEach((items, i) => {
    items.forEach((item, k) => {
      if (hasSeparator(item)) throw new RangeError(`${path}.subfields[${i}][${k}] has a separator within it`)
    })
  })
  const text = field.subfields.map(items => items.join(US_TEXT)).join(RS_TEXT)
  writer.bytes(encodeText(path, text, characterSet))
}

function writeBinary(writer: FieldWriter, record: Exclude<AnsiNistRecord, TaggedRecord>, path: string): void {
  if (record.kind === 'fixed-image') {
    writeFixedImage(writer, record, path)
    return
  }
  const headerBytes = record.kind === 'signature' ? SIGNATURE_HEADER_BYTES : OPAQUE_HEADER_BYTES
  writer.u32(`${path}.data.length`, headerBytes + record.data.length)
  writer.u8(`${path}.idc`, record.idc)
  if (record.kind === 'signature') {
    writer.u8(`${path}.signer`, record.signer)
    writer.u8(`${path}.representation`, record.representation)
    writer.u8(`${path}.scanningResolution`, record.scanningResolution)
    writer.u16(`${path}.widthPx`, record.widthPx)
    writer.u16(`${path}.heightPx`, record.heightPx)
  }
  writer.bytes(record.data)
}

function writeFixedImage(writer: FieldWriter, record: FixedImageRecord, path: string): void {
  whole(`${path}.type`, record.type, 3, 6)
  whole(`${path}.positions.length`, record.positions.length, 0, POSITIONS_OF_FIXED_IMAGE)
  writer.u32(`${path}.data.length`, FIXED_IMAGE_HEADER_BYTES + record.data.length)
  writer.u8(`${path}.idc`, record.idc)
  writer.u8(`${path}.impression`, record.impression)
  for (let i = 0; i < POSITIONS_OF_FIXED_IMAGE; i++) {
    writer.u8(`${path}.positions[${i}]`, record.positions[i] ?? NO_POSITION)
  }
  writer.u8(`${path}.scanningResolution`, record.scanningResolution)
  writer.u16(`${path}.widthPx`, record.widthPx)
  writer.u16(`${path}.heightPx`, record.heightPx)
  writer.u8(`${path}.compression`, record.compression)
  writer.bytes(record.data)
}

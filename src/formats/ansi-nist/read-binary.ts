import { FieldReader } from '../field-reader.js'
import { fieldName } from './field-names.js'
import type { Located, Source } from './source.js'
import {
  FIXED_IMAGE_HEADER_BYTES,
  type FixedImageRecord,
  NO_POSITION,
  OPAQUE_HEADER_BYTES,
  type OpaqueRecord,
  POSITIONS_OF_FIXED_IMAGE,
  SIGNATURE_HEADER_BYTES,
  type SignatureRecord,
} from './transaction.js'

/** Where the fields of types 3 to 6 and 8 begin, from the beginning of the record. */
const FIXED_IMAGE_FIELDS = [0, 4, 5, 6, 12, 13, 15, 17, 18]
const SIGNATURE_FIELDS = [0, 4, 5, 6, 7, 8, 10, 12]
const OPAQUE_FIELDS = [0, 4]

/** The record of types 3 to 8 that begins at `start`. */
export function readBinary(
  source: Source,
  start: number,
  type: number,
): Located<FixedImageRecord | SignatureRecord | OpaqueRecord> {
  if (type === 7) return readOpaque(source, start)
  return type === 8 ? readSignature(source, start) : readFixedImage(source, start, type as FixedImageRecord['type'])
}

function readFixedImage(source: Source, start: number, type: FixedImageRecord['type']): Located<FixedImageRecord> {
  const { reader, end } = openRecord(source, start, type, FIXED_IMAGE_HEADER_BYTES)
  const idc = reader.u8(fieldName(type, 2))
  const impression = reader.u8(fieldName(type, 3))
  const positions = [...reader.bytes(fieldName(type, 4), POSITIONS_OF_FIXED_IMAGE)]
  while (positions.at(-1) === NO_POSITION) positions.pop()
  const record: FixedImageRecord = {
    kind: 'fixed-image',
    type,
    idc,
    impression,
    positions,
    scanningResolution: reader.u8(fieldName(type, 5)),
    widthPx: reader.u16(fieldName(type, 6)),
    heightPx: reader.u16(fieldName(type, 7)),
    compression: reader.u8(fieldName(type, 8)),
    data: reader.bytes(fieldName(type, 9), reader.leftBytes),
  }
  return { record, start, end, fieldOffsets: FIXED_IMAGE_FIELDS.map(offset => start + offset) }
}

function readSignature(source: Source, start: number): Located<SignatureRecord> {
  const { reader, end } = openRecord(source, start, 8, SIGNATURE_HEADER_BYTES)
  const record: SignatureRecord = {
    kind: 'signature',
    type: 8,
    idc: reader.u8(fieldName(8, 2)),
    signer: reader.u8(fieldName(8, 3)),
    representation: reader.u8(fieldName(8, 4)),
    scanningResolution: reader.u8(fieldName(8, 5)),
    widthPx: reader.u16(fieldName(8, 6)),
    heightPx: reader.u16(fieldName(8, 7)),
    data: reader.bytes(fieldName(8, 8), reader.leftBytes),
  }
  return { record, start, end, fieldOffsets: SIGNATURE_FIELDS.map(offset => start + offset) }
}

function readOpaque(source: Source, start: number): Located<OpaqueRecord> {
  const { reader, end } = openRecord(source, start, 7, OPAQUE_HEADER_BYTES)
  const idc = reader.u8(fieldName(7, 2))
  const record: OpaqueRecord = {
    kind: 'opaque',
    type: 7,
    idc,
    data: reader.bytes('rest of the record', reader.leftBytes),
  }
  return { record, start, end, fieldOffsets: OPAQUE_FIELDS.map(offset => start + offset) }
}

/** A reader behind the length of the record, which ends where the record does. */
function openRecord({ bytes, reader }: Source, start: number, type: number, headerBytes: number) {
  const name = fieldName(type, 1)
  const left = bytes.length - start
  if (left < 4) throw reader.corrupt(name, start, `needs 4 bytes, there are ${left} up to the end at ${bytes.length}`)
  const length = new DataView(bytes.buffer, bytes.byteOffset + start, 4).getUint32(0)
  if (length < headerBytes) throw reader.corrupt(name, start, `says ${length} bytes, its header has ${headerBytes}`)
  if (length > left) {
    throw reader.corrupt(name, start, `says ${length} bytes, there are ${left} up to the end at ${bytes.length}`)
  }
  const end = start + length
  return { reader: new FieldReader(bytes, `Type-${type} record`, {}, start + 4, end), end }
}

import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import type { Ansi381v2004Record } from './ansi381-2004.js'
import { checkFormat } from './format-of.js'
import { readFromDevice, readIdentityAndLength } from './iso19794-4-2005-read.js'
import { writeRecord } from './iso19794-4-2005-write.js'

/**
 * Reads a finger image record of ANSI INCITS 381-2004. Nothing of `bytes` is kept, and `writeAnsi381v2004` gives the same bytes
 * again.
 *
 * @param options as for `readIso19794p4v2005`
 * @throws SidikError RECORD_FORMAT for bytes that are no such record (ISO/IEC 19794-4:2005 among them), RECORD_VERSION,
 *   RECORD_CORRUPT as `readIso19794p4v2005`
 * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` not a function
 */
export function readAnsi381v2004(bytes: Uint8Array, options: ReadOptions = {}): Ansi381v2004Record {
  const reader = new FieldReader(bytes, 'ANSI INCITS 381-2004 record', options)
  checkFormat(bytes, 'ansi-381-2004')
  readIdentityAndLength(reader)
  const ownerId = reader.u16('product owner')
  const productTypeId = reader.u16('product type')
  return { ownerId, productTypeId, ...readFromDevice(reader) }
}

/**
 * The bytes of a finger image record of ANSI INCITS 381-2004, by the rule of `writeIso19794p4v2005`.
 *
 * @throws RangeError naming the field that the record format cannot hold
 */
export function writeAnsi381v2004(record: Ansi381v2004Record): Uint8Array<ArrayBuffer> {
  return writeRecord(record, writer => {
    writer.u16('ownerId', record.ownerId)
    writer.u16('productTypeId', record.productTypeId)
  })
}

import type { ReadOptions } from '../deviation.js'
import { familyFormatOf } from '../identity.js'
import type { Ansi381v2004Record } from './ansi381-2004.js'
import { readAnsi381v2004, writeAnsi381v2004 } from './ansi381-2004-codec.js'
import { IMAGE_RECORDS } from './format-of.js'
import type { Iso19794p4v2005Record } from './iso19794-4-2005.js'
import { readIso19794p4v2005 } from './iso19794-4-2005-read.js'
import { writeIso19794p4v2005 } from './iso19794-4-2005-write.js'
import type { Iso19794p4v2011Record } from './iso19794-4-2011.js'
import { readIso19794p4v2011 } from './iso19794-4-2011-read.js'
import { writeIso19794p4v2011 } from './iso19794-4-2011-write.js'

/** A finger image record and what kind of one it is. */
export type ImageRecord =
  | { readonly format: 'iso-19794-4-2005'; readonly record: Iso19794p4v2005Record }
  | { readonly format: 'iso-19794-4-2011'; readonly record: Iso19794p4v2011Record }
  | { readonly format: 'ansi-381-2004'; readonly record: Ansi381v2004Record }

/**
 * Reads a finger image record of any of the standards, told apart by `imageRecordFormatOf`.
 *
 * @param options as for the readers of each
 * @throws SidikError RECORD_FORMAT, RECORD_VERSION, RECORD_CORRUPT
 * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` not a function
 */
export function readImageRecord(bytes: Uint8Array, options: ReadOptions = {}): ImageRecord {
  const format = familyFormatOf(bytes, IMAGE_RECORDS)
  if (format === 'iso-19794-4-2011') return { format, record: readIso19794p4v2011(bytes, options) }
  if (format === 'ansi-381-2004') return { format, record: readAnsi381v2004(bytes, options) }
  return { format, record: readIso19794p4v2005(bytes, options) }
}

/**
 * The bytes of a record: those it was read from, where it was.
 *
 * @throws RangeError naming the field that the record format cannot hold
 */
export function writeImageRecord(tagged: ImageRecord): Uint8Array<ArrayBuffer> {
  if (tagged.format === 'iso-19794-4-2011') return writeIso19794p4v2011(tagged.record)
  if (tagged.format === 'ansi-381-2004') return writeAnsi381v2004(tagged.record)
  return writeIso19794p4v2005(tagged.record)
}

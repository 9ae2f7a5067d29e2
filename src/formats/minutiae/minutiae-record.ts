import type { ReadOptions } from '../deviation.js'
import { familyFormatOf } from '../identity.js'
import { type Ansi378v2004Record, readAnsi378v2004, writeAnsi378v2004 } from './ansi378-2004.js'
import { type Ansi378v2009Record, readAnsi378v2009, writeAnsi378v2009 } from './ansi378-2009.js'
import { MINUTIAE_RECORDS } from './format-of.js'
import { type Iso19794p2v2005Record, readIso19794p2v2005, writeIso19794p2v2005 } from './iso19794-2-2005.js'
import { type Iso19794p2v2005Card, writeIso19794p2v2005Card } from './iso19794-2-2005-card.js'
import { type Iso19794p2v2011Record, readIso19794p2v2011, writeIso19794p2v2011 } from './iso19794-2-2011.js'

/** A record that its bytes tell by themselves. */
export type DetectableRecord =
  | { readonly format: 'iso-19794-2-2005'; readonly record: Iso19794p2v2005Record }
  | { readonly format: 'iso-19794-2-2011'; readonly record: Iso19794p2v2011Record }
  | { readonly format: 'ansi-378-2004'; readonly record: Ansi378v2004Record }
  | { readonly format: 'ansi-378-2009'; readonly record: Ansi378v2009Record }

/** A minutiae record of any format. */
export type MinutiaeRecord =
  | DetectableRecord
  | { readonly format: 'iso-19794-2-2005-card'; readonly record: Iso19794p2v2005Card }

/**
 * Reads a minutiae record of whichever format `minutiaeFormatOf` finds: all but the card formats.
 *
 * @throws SidikError RECORD_FORMAT, RECORD_VERSION or RECORD_CORRUPT as the reader of the format
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function readMinutiaeRecord(bytes: Uint8Array, options?: ReadOptions): DetectableRecord {
  const format = familyFormatOf(bytes, MINUTIAE_RECORDS)
  switch (format) {
    case 'iso-19794-2-2005':
      return { format, record: readIso19794p2v2005(bytes, options) }
    case 'iso-19794-2-2011':
      return { format, record: readIso19794p2v2011(bytes, options) }
    case 'ansi-378-2004':
      return { format, record: readAnsi378v2004(bytes, options) }
    case 'ansi-378-2009':
      return { format, record: readAnsi378v2009(bytes, options) }
  }
}

/**
 * The bytes of a minutiae record.
 *
 * @throws RangeError naming the field that the format cannot hold
 */
export function writeMinutiaeRecord(tagged: MinutiaeRecord): Uint8Array<ArrayBuffer> {
  switch (tagged.format) {
    case 'iso-19794-2-2005':
      return writeIso19794p2v2005(tagged.record)
    case 'iso-19794-2-2011':
      return writeIso19794p2v2011(tagged.record)
    case 'ansi-378-2004':
      return writeAnsi378v2004(tagged.record)
    case 'ansi-378-2009':
      return writeAnsi378v2009(tagged.record)
    case 'iso-19794-2-2005-card':
      return writeIso19794p2v2005Card(tagged.record)
  }
}

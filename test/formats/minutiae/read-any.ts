import {
  type MinutiaeRecord,
  type ReadOptions,
  readAnsi378v2004,
  readAnsi378v2009,
  readIso19794p2v2005,
  readIso19794p2v2005Card,
  readIso19794p2v2011,
  writeMinutiaeRecord,
} from 'sidik/formats'
import { outcomeOfReading } from '../damage.js'

export type Kind = Exclude<MinutiaeRecord['format'], 'iso-19794-2-2005-card'> | 'normal' | 'compact'

export function kindOf(tagged: MinutiaeRecord): Kind {
  return tagged.format === 'iso-19794-2-2005-card' ? tagged.record.size : tagged.format
}

/** With the reader of the format, whatever the bytes may say. */
export function readAs(kind: Kind, bytes: Uint8Array, options?: ReadOptions): MinutiaeRecord {
  switch (kind) {
    case 'iso-19794-2-2005':
      return { format: kind, record: readIso19794p2v2005(bytes, options) }
    case 'iso-19794-2-2011':
      return { format: kind, record: readIso19794p2v2011(bytes, options) }
    case 'ansi-378-2004':
      return { format: kind, record: readAnsi378v2004(bytes, options) }
    case 'ansi-378-2009':
      return { format: kind, record: readAnsi378v2009(bytes, options) }
    default:
      return { format: 'iso-19794-2-2005-card', record: readIso19794p2v2005Card(bytes, kind, options) }
  }
}

/** As {@link outcomeOfReading} says. */
export function outcomeOf(kind: Kind, bytes: Uint8Array): string {
  return outcomeOfReading(bytes, (given, options) => readAs(kind, given, options), writeMinutiaeRecord)
}

import { SidikError } from 'sidik'
import {
  type Deviation,
  type MinutiaeRecord,
  type ReadOptions,
  readAnsi378v2004,
  readAnsi378v2009,
  readIso19794p2v2005,
  readIso19794p2v2005Card,
  readIso19794p2v2011,
  writeMinutiaeRecord,
} from 'sidik/formats'
import { expect } from 'vitest'

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

/**
 * What becomes of bytes: a SidikError's code, 'deviates' or 'read'. Fails when anything else is thrown, when what was read is
 * not written byte for byte, or when reading without a listener takes what deviates.
 */
export function outcomeOf(kind: Kind, bytes: Uint8Array): string {
  const heard: Deviation[] = []
  const read = attempt(() => readAs(kind, bytes, { onDeviation: deviation => heard.push(deviation) }))
  const strictly = attempt(() => readAs(kind, bytes))
  if (typeof read === 'string') {
    expect(strictly).toBe(heard.length > 0 ? 'RECORD_CORRUPT' : read)
    return read
  }
  expect(Buffer.compare(writeMinutiaeRecord(read), bytes)).toBe(0)
  expect(typeof strictly).toBe(heard.length > 0 ? 'string' : 'object')
  return heard.length > 0 ? 'deviates' : 'read'
}

function attempt(read: () => MinutiaeRecord): MinutiaeRecord | string {
  try {
    return read()
  } catch (error) {
    if (error instanceof SidikError) return error.code
    throw error
  }
}

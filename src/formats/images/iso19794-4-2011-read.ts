import { readCapture } from '../capture.js'
import { IMPRESSIONS_2011 } from '../code-names.js'
import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { IDENTITY_BYTES } from '../identity.js'
import { checkPayload, MAX_IMAGES, readBitDepth, readScaleUnits } from './checks.js'
import { COMPRESSIONS_2011 } from './compressions.js'
import { readExtendedBlocks } from './extended-blocks-2011.js'
import { checkFormat } from './format-of.js'
import type { Iso19794p4v2011Record, Iso19794p4v2011Representation } from './iso19794-4-2011.js'
import { POSITIONS_2011 } from './positions.js'

/** Of a whole record: the standard sets no limit, and no image needs more than a few. */
const MAX_EXTENDED_BLOCKS = 10_000

/**
 * Reads a finger image record of ISO/IEC 19794-4:2011. Nothing of `bytes` is kept, and `writeIso19794p4v2011` gives the same bytes
 * again.
 *
 * @param options what the standard does not allow but can only mean one thing (reserved codes, times that are none, a count of
 *   positions that is not theirs, packed rows that are padded, extended data that do not read as their type says) is reported,
 *   or thrown where nobody listens; a count is reported after what it counts
 * @throws SidikError RECORD_FORMAT for bytes that are no such record, RECORD_VERSION for another edition, RECORD_CORRUPT for
 *   lengths, counts or values that contradict each other, naming field and offset
 * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` not a function
 */
export function readIso19794p4v2011(bytes: Uint8Array, options: ReadOptions = {}): Iso19794p4v2011Record {
  const reader = new FieldReader(bytes, 'ISO/IEC 19794-4:2011 record', options)
  checkFormat(bytes, 'iso-19794-4-2011')
  reader.bytes('format identifier and version', IDENTITY_BYTES)
  const lengthOffset = reader.offset
  const length = reader.u32('length of the record')
  if (length !== bytes.length) {
    reader.damage('length of the record', lengthOffset, `says ${length} bytes, there are ${bytes.length}`)
  }
  const countOffset = reader.offset
  const count = reader.u16('count of representations')
  if (count > MAX_IMAGES) {
    throw reader.corrupt('count of representations', countOffset, `is ${count}, ${MAX_IMAGES} are read`)
  }
  const hasCertificationBlocks = reader.u8('certification flag', 0, 1) === 1
  const positionCountOffset = reader.offset
  const positionCount = reader.u8('count of positions')
  let blocksLeft = MAX_EXTENDED_BLOCKS
  const views = reader.several('representation', count, i => {
    const view = readRepresentation(reader, i, hasCertificationBlocks, blocksLeft)
    blocksLeft -= view.extensions.length
    return view
  })
  if (reader.leftBytes > 0) {
    const problem = `is ${bytes.length}, its ${count} representations end at ${reader.offset}`
    reader.damage('length of the record', lengthOffset, problem)
  }
  const positions = new Set(views.map(({ fingerPosition }) => fingerPosition)).size
  if (positionCount !== positions) {
    reader.deviation('count of positions', positionCountOffset, `is ${positionCount}, the record has ${positions}`)
  }
  return { hasCertificationBlocks, positionCount, views }
}

function readRepresentation(
  record: FieldReader,
  index: number,
  hasCertificationBlocks: boolean,
  blocksLeft: number,
): Iso19794p4v2011Representation {
  const path = `representation ${index}`
  const of = (field: string) => `${field} of ${path}`
  const lengthOffset = record.offset
  const length = record.u32(of('length'))
  if (length < 4) throw record.corrupt(of('length'), lengthOffset, `is ${length}, itself alone has 4 bytes`)
  const reader = record.part(path, length - 4)
  const capture = readCapture(reader, hasCertificationBlocks, of)
  const fingerPosition = reader.code(of('finger position'), POSITIONS_2011)
  const viewNumber = reader.u8(of('representation number'))
  const scaleUnits = readScaleUnits(reader)
  const xScanResolution = reader.u16(of('scan resolution in x'))
  const yScanResolution = reader.u16(of('scan resolution in y'))
  const xImageResolution = reader.u16(of('image resolution in x'))
  const yImageResolution = reader.u16(of('image resolution in y'))
  const bitDepth = readBitDepth(reader)
  const compression = reader.code(of('compression'), COMPRESSIONS_2011)
  const impression = reader.code(of('impression'), IMPRESSIONS_2011)
  const widthPx = reader.u16(of('width'), 1)
  const heightPx = reader.u16(of('height'), 1)
  const payloadLength = reader.u32(of('length of the image'))
  const payloadOffset = reader.offset
  const payload = reader.bytes(of('image'), payloadLength)
  const shape = { widthPx, heightPx, bitDepth, scaleUnits, xImageResolution, yImageResolution }
  checkPayload(reader, of('image'), payloadOffset, COMPRESSIONS_2011.get(compression), shape, payload)
  return {
    ...capture,
    fingerPosition,
    viewNumber,
    scaleUnits,
    xScanResolution,
    yScanResolution,
    xImageResolution,
    yImageResolution,
    bitDepth,
    compression,
    impression,
    widthPx,
    heightPx,
    payload,
    extensions: readExtendedBlocks(reader, path, blocksLeft),
  }
}

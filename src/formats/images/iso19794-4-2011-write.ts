import { writeCapture } from '../capture.js'
import { FieldWriter } from '../field-writer.js'
import { writeExtendedBlock } from './extended-blocks-2011.js'
import { FORMAT_IDENTIFIER, MAX_BIT_DEPTH } from './iso19794-4-2005.js'
import { type Iso19794p4v2011Record, type Iso19794p4v2011Representation, VERSION_2011 } from './iso19794-4-2011.js'

const LENGTH_OFFSET = 8

/**
 * The bytes of a finger image record of ISO/IEC 19794-4:2011. Codes and counts are written as they are, so that a record which was
 * read with deviations comes out as it went in: a reader without a listener says whether they are the standard's.
 *
 * @throws RangeError naming the field that the record format cannot hold
 */
export function writeIso19794p4v2011(record: Iso19794p4v2011Record): Uint8Array<ArrayBuffer> {
  const writer = new FieldWriter()
  writer.latin1(FORMAT_IDENTIFIER + VERSION_2011)
  writer.u32('length of the record', 0)
  writer.u16('views.length', record.views.length)
  writer.u8('hasCertificationBlocks', record.hasCertificationBlocks ? 1 : 0)
  writer.u8('positionCount', record.positionCount)
  record.views.forEach((view, i) => {
    writeRepresentation(writer, view, record.hasCertificationBlocks, `views[${i}]`)
  })
  writer.setU32('length of the record', LENGTH_OFFSET, writer.offset)
  return writer.finish()
}

function writeRepresentation(
  writer: FieldWriter,
  view: Iso19794p4v2011Representation,
  hasCertificationBlocks: boolean,
  path: string,
): void {
  const { payload, extensions } = view
  const start = writer.offset
  writer.u32('length', 0)
  writeCapture(writer, view, path, hasCertificationBlocks)
  writer.u8(`${path}.fingerPosition`, view.fingerPosition)
  writer.u8(`${path}.viewNumber`, view.viewNumber)
  writer.u8(`${path}.scaleUnits`, view.scaleUnits, 1, 2)
  writer.u16(`${path}.xScanResolution`, view.xScanResolution)
  writer.u16(`${path}.yScanResolution`, view.yScanResolution)
  writer.u16(`${path}.xImageResolution`, view.xImageResolution)
  writer.u16(`${path}.yImageResolution`, view.yImageResolution)
  writer.u8(`${path}.bitDepth`, view.bitDepth, 1, MAX_BIT_DEPTH)
  writer.u8(`${path}.compression`, view.compression)
  writer.u8(`${path}.impression`, view.impression)
  writer.u16(`${path}.widthPx`, view.widthPx, 1)
  writer.u16(`${path}.heightPx`, view.heightPx, 1)
  writer.u32(`${path}.payload.length`, payload.length)
  writer.bytes(payload)
  extensions.forEach((block, i) => {
    if (block.kind === 'cut-short' && i + 1 < extensions.length) {
      throw new RangeError(`${path}.extensions[${i}] is cut short, but not the last`)
    }
    writeExtendedBlock(writer, block, `${path}.extensions[${i}]`)
  })
  writer.setU32(`the length of ${path}`, start, writer.offset - start)
}

/**
 * JP2, the file round a JPEG 2000 codestream (ISO/IEC 15444-1, annex I): boxes of a length, a type of four letters and contents,
 * some of which are boxes again.
 *
 *     'jP  ' signature   'ftyp' kind of file
 *     'jp2h' header:  'ihdr' size  'colr' colour  'res ' resolution: 'resc' of capture, 'resd' for display  ...
 *     'jp2c' the codestream
 */
import { SidikError } from '../../errors.js'
import { corrupt, type StatedResolution } from '../pixels.js'

export interface Jp2File {
  readonly codestream: Uint8Array
  /** As the header states it, which must be that of the codestream. Absent for a codestream by itself. */
  readonly header?: { readonly widthPx: number; readonly heightPx: number; readonly components: number } | undefined
  /** Three components are luma and two of colour, and not red, green and blue. */
  readonly lumaFirst: boolean
  readonly resolution?: StatedResolution | undefined
}

interface Box {
  readonly type: string
  readonly contents: Uint8Array
}

const INCH_M = 0.0254
/** Enumerated colour space: luma and colour (I.5.3.3). */
const SYCC = 18

/**
 * A JP2 file, or a codestream by itself, which states no resolution.
 *
 * @throws SidikError IMAGE_CORRUPT for boxes that do not fit, IMAGE_FORMAT for a palette
 */
export function openJp2(bytes: Uint8Array): Jp2File {
  if (bytes[0] === 0xff) return { codestream: bytes, lumaFirst: false }
  const boxes = boxesOf(bytes)
  const find = (among: readonly Box[], type: string) => among.find(box => box.type === type)?.contents
  const codestream = find(boxes, 'jp2c')
  const headerBox = find(boxes, 'jp2h')
  if (codestream === undefined || headerBox === undefined) {
    throw corrupt('JPEG 2000', 'its header or its codestream is absent')
  }
  const header = boxesOf(headerBox)
  const size = find(header, 'ihdr')
  if (size === undefined || size.length !== 14) throw corrupt('JPEG 2000', 'its header states no size')
  if (find(header, 'pclr') !== undefined) {
    throw new SidikError(
      'IMAGE_FORMAT',
      'this is a JPEG 2000 image with a palette, which is not read: save it as 8-bit gray, or as PNG',
    )
  }
  const colour = find(header, 'colr')
  const resolutions = find(header, 'res ')
  const captureAndDisplay = resolutions === undefined ? [] : boxesOf(resolutions)
  const resolution = find(captureAndDisplay, 'resc') ?? find(captureAndDisplay, 'resd')
  const view = viewOf(size)
  return {
    codestream,
    header: { heightPx: view.getUint32(0), widthPx: view.getUint32(4), components: view.getUint16(8) },
    lumaFirst: colour !== undefined && colour.length >= 7 && colour[0] === 1 && viewOf(colour).getUint32(3) === SYCC,
    resolution: resolution && readResolution(resolution),
  }
}

/** A file, its header and its resolution have fewer than ten each: more boxes than this hold no image. */
const MOST_BOXES = 1000

/** I.4: a length of 1 is followed by one of eight bytes, 0 is up to the end. */
function boxesOf(bytes: Uint8Array): Box[] {
  const view = viewOf(bytes)
  const boxes: Box[] = []
  let at = 0
  while (at < bytes.length) {
    if (boxes.length === MOST_BOXES) throw corrupt('JPEG 2000', `it has more than ${MOST_BOXES} boxes`)
    if (at + 8 > bytes.length) throw corrupt('JPEG 2000', 'it ends within the head of a box')
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    let length = view.getUint32(at)
    let headBytes = 8
    if (length === 1 && at + 16 <= bytes.length) {
      length = view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12)
      headBytes = 16
    }
    const end = length === 0 ? bytes.length : at + length
    if (end < at + headBytes || end > bytes.length) {
      throw corrupt('JPEG 2000', `box ${JSON.stringify(type)} has ${length} bytes, which do not fit`)
    }
    boxes.push({ type, contents: bytes.subarray(at + headBytes, end) })
    at = end
  }
  return boxes
}

/** I.5.3.7.1: pixels a metre down and across, each a fraction and a power of ten. */
function readResolution(contents: Uint8Array): StatedResolution | undefined {
  if (contents.length !== 10) throw corrupt('JPEG 2000', 'its resolution is cut short')
  const view = viewOf(contents)
  const ppi = (fractionAt: number, exponentAt: number) => {
    const denominator = view.getUint16(fractionAt + 2)
    if (denominator === 0) return 0
    return (view.getUint16(fractionAt) / denominator) * 10 ** view.getInt8(exponentAt) * INCH_M
  }
  return { xPpi: ppi(4, 9), yPpi: ppi(0, 8) }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

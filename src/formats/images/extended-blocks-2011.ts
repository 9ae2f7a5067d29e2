/** The extended data blocks of ISO/IEC 19794-4:2011; iso19794-4-2011.ts draws the bytes. */
import type { FieldReader } from '../field-reader.js'
import { FieldWriter } from '../field-writer.js'

export interface Corner {
  readonly xPx: number
  readonly yPx: number
}

export interface FingerSegment {
  /** A code of FRICTION_RIDGE_POSITIONS. */
  readonly fingerPosition: number
  /** 0 to 100; 255 where it could not be computed. */
  readonly quality: number
  /** Two are opposite corners of a box. */
  readonly corners: readonly Corner[]
  /** As recorded: what a unit of it is could not be confirmed. */
  readonly orientation: number
}

/** Where the fingers of a slap are (type 1). */
export interface SegmentationBlock {
  readonly kind: 'segmentation'
  readonly vendorId: number
  readonly algorithmId: number
  /** Of the segmentation, 0 to 100. */
  readonly quality: number
  /** Of what made the quality of each segment. */
  readonly qualityVendorId: number
  readonly qualityAlgorithmId: number
  readonly segments: readonly FingerSegment[]
}

/** Why fingers are not to be seen (type 2): code 1 amputated, 2 unusable image. */
export interface AnnotationBlock {
  readonly kind: 'annotation'
  readonly annotations: readonly { readonly fingerPosition: number; readonly code: number }[]
}

/** A comment (type 3), UTF-8. */
export interface CommentBlock {
  readonly kind: 'comment'
  readonly text: string
}

/** A block of another type, a vendor's own from 256 on, or one that does not read as its type says: kept as it is. */
export interface OpaqueBlock {
  readonly kind: 'opaque'
  readonly type: number
  readonly data: Uint8Array
}

/**
 * The last block of a representation, where it says that it is longer than what is left: a deviation. Records of MOSIP's
 * registration client have comments that are one byte short of their length.
 */
export interface CutShortBlock {
  readonly kind: 'cut-short'
  readonly type: number
  /** With its header, more than is there. */
  readonly statedLength: number
  readonly data: Uint8Array
}

export type ExtendedBlock = SegmentationBlock | AnnotationBlock | CommentBlock | OpaqueBlock | CutShortBlock

const SEGMENTATION = 1
const ANNOTATION = 2
const COMMENT = 3
const HEADER_BYTES = 4

/**
 * All that is left to `reader`.
 *
 * @param most more would be damage: four bytes of a block make many times that here
 */
export function readExtendedBlocks(reader: FieldReader, path: string, most: number): ExtendedBlock[] {
  const blocks: ExtendedBlock[] = []
  while (reader.leftBytes > 0) {
    const field = `extended data block ${blocks.length} of ${path}`
    const typeOffset = reader.offset
    if (blocks.length === most) throw reader.corrupt(field, typeOffset, 'is one of more than any record needs')
    const type = reader.u16(`type of ${field}`)
    const lengthOffset = reader.offset
    const length = reader.u16(`length of ${field}`)
    if (length < HEADER_BYTES) {
      throw reader.corrupt(
        `length of ${field}`,
        lengthOffset,
        `is ${length}, its header alone has ${HEADER_BYTES} bytes`,
      )
    }
    if (type === 0) reader.deviation(`type of ${field}`, typeOffset, 'is 0, which is reserved')
    const isWhole = length - HEADER_BYTES <= reader.leftBytes
    const inside = reader.fork()
    const data = reader.bytes(field, isWhole ? length - HEADER_BYTES : reader.leftBytes)
    if (!isWhole) {
      reader.deviation(`length of ${field}`, lengthOffset, `is ${length}, only ${HEADER_BYTES + data.length} are left`)
      blocks.push({ kind: 'cut-short', type, statedLength: length, data })
      continue
    }
    const block = understood(type, data, inside.part(field, data.length))
    if (block === undefined) reader.deviation(field, lengthOffset + 2, `does not read as type ${type} says`)
    blocks.push(block ?? { kind: 'opaque', type, data })
  }
  return blocks
}

/** Absent where the data do not fill what their type says exactly: nothing of them would be lost otherwise. */
function understood(type: number, data: Uint8Array, reader: FieldReader): ExtendedBlock | undefined {
  if (type !== SEGMENTATION && type !== ANNOTATION && type !== COMMENT) return { kind: 'opaque', type, data }
  try {
    if (type === COMMENT) {
      return { kind: 'comment', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data) }
    }
    const block = type === SEGMENTATION ? readSegmentation(reader) : readAnnotation(reader)
    return reader.leftBytes === 0 ? block : undefined
  } catch {
    return undefined
  }
}

function readSegmentation(reader: FieldReader): SegmentationBlock {
  const vendorId = reader.u16('vendor')
  const algorithmId = reader.u16('algorithm')
  const quality = reader.u8('quality')
  const qualityVendorId = reader.u16('vendor of quality')
  const qualityAlgorithmId = reader.u16('algorithm of quality')
  const segments = Array.from({ length: reader.u8('count of segments') }, (): FingerSegment => {
    const fingerPosition = reader.u8('finger position')
    const segmentQuality = reader.u8('quality of a segment')
    const corners = Array.from({ length: reader.u8('count of corners') }, () => ({
      xPx: reader.u16('x'),
      yPx: reader.u16('y'),
    }))
    return { fingerPosition, quality: segmentQuality, corners, orientation: reader.u8('orientation') }
  })
  return { kind: 'segmentation', vendorId, algorithmId, quality, qualityVendorId, qualityAlgorithmId, segments }
}

function readAnnotation(reader: FieldReader): AnnotationBlock {
  const annotations = Array.from({ length: reader.u8('count of annotations') }, () => ({
    fingerPosition: reader.u8('finger position'),
    code: reader.u8('code'),
  }))
  return { kind: 'annotation', annotations }
}

/** @throws RangeError naming the field that cannot be held */
export function writeExtendedBlock(writer: FieldWriter, block: ExtendedBlock, path: string): void {
  const data = new FieldWriter()
  if (block.kind === 'segmentation') writeSegmentation(data, block, path)
  else if (block.kind === 'annotation') writeAnnotation(data, block, path)
  else data.bytes(block.kind === 'comment' ? new TextEncoder().encode(block.text) : block.data)
  writer.u16(`${path}.type`, typeOf(block))
  const bytes = HEADER_BYTES + data.offset
  if (block.kind === 'cut-short') writer.u16(`${path}.statedLength`, block.statedLength, bytes + 1)
  else writer.u16(`the length of ${path}`, bytes)
  writer.bytes(data.finish())
}

function typeOf(block: ExtendedBlock): number {
  if (block.kind === 'opaque' || block.kind === 'cut-short') return block.type
  return { segmentation: SEGMENTATION, annotation: ANNOTATION, comment: COMMENT }[block.kind]
}

function writeSegmentation(writer: FieldWriter, block: SegmentationBlock, path: string): void {
  writer.u16(`${path}.vendorId`, block.vendorId)
  writer.u16(`${path}.algorithmId`, block.algorithmId)
  writer.u8(`${path}.quality`, block.quality)
  writer.u16(`${path}.qualityVendorId`, block.qualityVendorId)
  writer.u16(`${path}.qualityAlgorithmId`, block.qualityAlgorithmId)
  writer.u8(`${path}.segments.length`, block.segments.length)
  block.segments.forEach(({ fingerPosition, quality, corners, orientation }, i) => {
    const segment = `${path}.segments[${i}]`
    writer.u8(`${segment}.fingerPosition`, fingerPosition)
    writer.u8(`${segment}.quality`, quality)
    writer.u8(`${segment}.corners.length`, corners.length)
    corners.forEach(({ xPx, yPx }, c) => {
      writer.u16(`${segment}.corners[${c}].xPx`, xPx)
      writer.u16(`${segment}.corners[${c}].yPx`, yPx)
    })
    writer.u8(`${segment}.orientation`, orientation)
  })
}

function writeAnnotation(writer: FieldWriter, block: AnnotationBlock, path: string): void {
  writer.u8(`${path}.annotations.length`, block.annotations.length)
  block.annotations.forEach(({ fingerPosition, code }, i) => {
    writer.u8(`${path}.annotations[${i}].fingerPosition`, fingerPosition)
    writer.u8(`${path}.annotations[${i}].code`, code)
  })
}

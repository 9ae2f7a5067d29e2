import { problemsOfResolution } from '../coded-resolution.js'
import type { FieldReader } from '../field-reader.js'
import { problemOfEnd } from '../image-end.js'
import { type AnsiNistCompression, compressionOf, KIND_OF_COMPRESSION, statedImage } from './compression.js'
import { fieldName } from './field-names.js'
import { numberOf } from './information.js'
import { type RecordResolution, resolutionOfFixed, resolutionOfTagged } from './resolution.js'
import { DATA, type FixedImageRecord, fieldOf, type TaggedField, type TaggedRecord, textOf } from './transaction.js'

interface Described {
  readonly compression: AnsiNistCompression
  readonly widthPx: number
  readonly heightPx: number
  /** Absent where nothing is measured: faces and irises. */
  readonly resolution?: RecordResolution
  /** Bytes of an uncompressed pixel that the record allows; none where it states no depth. */
  readonly pixelBytes: readonly number[]
  readonly data: Uint8Array
}

/** Numbers of the fields that describe an image. */
interface Fields {
  readonly width: number
  readonly height: number
  readonly xResolution: number
  readonly yResolution: number
  readonly compression: number
  readonly data: number
}

const TAGGED_FIELDS: Fields = { width: 6, height: 7, xResolution: 9, yResolution: 10, compression: 11, data: DATA }
const FIXED_FIELDS: Fields = { width: 6, height: 7, xResolution: 5, yResolution: 5, compression: 8, data: 9 }

/**
 * Reports an image that is not what its record says: of another compression, size, resolution or
 * length, cut short, or with bytes behind it.
 */
export function checkImage(
  reader: FieldReader,
  record: TaggedRecord | FixedImageRecord,
  start: number,
  fieldOffsets: readonly number[],
  typeOne: TaggedRecord,
): void {
  const isTagged = record.kind === 'tagged'
  const fields = isTagged ? TAGGED_FIELDS : FIXED_FIELDS
  const deviation = (number: number, message: string) => {
    const field = isTagged ? fieldOf(record, number) : undefined
    const index = isTagged ? record.fields.indexOf(field as TaggedField) : number - 1
    reader.deviation(fieldName(record.type, number), fieldOffsets[index] ?? start, message)
  }
  if (!isTagged && compressionOf(record.compression) === undefined) {
    deviation(fields.compression, `is ${record.compression}, no compression of table 15`)
  }
  const described = isTagged ? describedByTags(record) : describedByHeader(record, typeOne)
  if (described !== undefined) compareToImage(described, fields, deviation)
}

function compareToImage(described: Described, fields: Fields, deviation: (number: number, message: string) => void) {
  const { compression, widthPx, heightPx, pixelBytes, data } = described
  if (compression === 'NONE') {
    if (pixelBytes.some(bytes => data.length === widthPx * heightPx * bytes)) return
    const [bytesPerPixel] = pixelBytes
    const needed =
      bytesPerPixel === undefined
        ? 'of a depth that the record does not state'
        : `need ${widthPx * heightPx * bytesPerPixel}`
    deviation(fields.data, `has ${data.length} bytes, ${widthPx} x ${heightPx} px ${needed}`)
    return
  }
  const image = statedImage(data)
  if (image?.kind !== KIND_OF_COMPRESSION[compression]) {
    deviation(fields.compression, `says ${compression}, the image is ${image?.kind ?? 'of no known kind'}`)
    return
  }
  if (image.widthPx === undefined || image.heightPx === undefined) {
    deviation(fields.data, `is a ${image.kind} image that does not state its size`)
    return
  }
  if (image.widthPx !== widthPx) deviation(fields.width, `says ${widthPx}, lines of the image have ${image.widthPx}`)
  if (image.heightPx !== heightPx) deviation(fields.height, `says ${heightPx}, the image has ${image.heightPx} lines`)
  const [x, y] = described.resolution === undefined ? [] : problemsOfResolution(described.resolution, data)
  if (x !== undefined) deviation(fields.xResolution, x)
  if (y !== undefined && fields.yResolution !== fields.xResolution) deviation(fields.yResolution, y)
  const problem = problemOfEnd(data)
  if (problem !== undefined) deviation(fields.data, problem)
}

function describedByTags(record: TaggedRecord): Described | undefined {
  const data = fieldOf(record, DATA)
  const compression = compressionOf(textOf(record, TAGGED_FIELDS.compression))
  const [widthPx, heightPx] = [TAGGED_FIELDS.width, TAGGED_FIELDS.height].map(number => Number(textOf(record, number)))
  if (data === undefined || !('data' in data) || compression === undefined) return undefined
  if (!(widthPx > 0 && heightPx > 0)) return undefined
  // Types 10 and 17 have a colour space, of one or three samples; the others bits a pixel.
  const hasColour = record.type === 10 || record.type === 17
  const bits = numberOf(textOf(record, 12) ?? '8')
  const ofDepth = bits === undefined ? [] : [Math.max(1, Math.ceil(bits / 8))]
  const pixelBytes = hasColour ? [3, 1] : ofDepth
  const resolution = hasColour ? {} : { resolution: resolutionOfTagged(record) }
  return { compression, widthPx, heightPx, ...resolution, pixelBytes, data: data.data }
}

/** Types 5 and 6 have two-level images, whose compression is another. */
function describedByHeader(record: FixedImageRecord, typeOne: TaggedRecord): Described | undefined {
  const compression = compressionOf(record.compression)
  if (compression === undefined || record.type > 4) return undefined
  return { ...record, compression, resolution: resolutionOfFixed(record, typeOne), pixelBytes: [1] }
}

/**
 * PNG, JPEG, TIFF and WebP through sharp. Nothing of sharp's global state (block, cache, concurrency) is touched:
 * other code in the process uses it as well. What sharp could read beyond the four formats never reaches it.
 */
import type { Metadata, SharpOptions } from 'sharp'
import { SidikError } from '../errors.js'
import { refuseLongExif } from './exif.js'
import { toGray } from './gray.js'
import { loadSharp } from './load-sharp.js'
import { checkSize, corrupt, type DecodedImage, MAX_PIXELS } from './pixels.js'
import { statedResolution } from './stated-resolution.js'
import { keepFirstPage } from './tiff-directory.js'
import { refuseAnimation } from './webp-animation.js'

export type SharpFormat = 'png' | 'jpeg' | 'tiff' | 'webp'

/** Integer samples of 8 bits or fewer, and of 16. */
const DEPTHS = ['uchar', 'ushort']
const GRAY_SPACES = ['b-w', 'grey16']

/** As the formats are written, for messages. */
const NAMES = { png: 'PNG', jpeg: 'JPEG', tiff: 'TIFF', webp: 'WebP' }

/**
 * The first page, turned as EXIF says, its values otherwise as stored; 16 bits keep their upper 8.
 *
 * @param format what the first bytes say
 * @throws SidikError IMAGE_CORRUPT, IMAGE_FORMAT, IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL
 */
export async function decodeWithSharp(bytes: Uint8Array, format: SharpFormat): Promise<DecodedImage> {
  const own = format === 'tiff' ? new Uint8Array(bytes) : bytes
  if (format === 'tiff') keepFirstPage(own)
  if (format === 'webp') refuseAnimation(own)
  const input = inputOptions(format)
  const metadata = await readMetadata(own, format, input)
  checkSize(metadata.width, metadata.height)
  if (!DEPTHS.includes(metadata.depth)) {
    throw new SidikError(
      'IMAGE_FORMAT',
      `this ${NAMES[format]} has samples of type ${metadata.depth}, which are not read: save it with 8 or 16 bits`,
    )
  }
  // As raw gray sharp drops the opacity; as red, green and blue it keeps gray exact and the opacity beside it.
  const space = GRAY_SPACES.includes(metadata.space) && !metadata.hasAlpha ? 'b-w' : 'srgb'
  const sharp = await loadSharp()
  const pipeline = sharp(own, { ...input, autoOrient: true })
    .toColourspace(space)
    .raw({ depth: 'uchar' })
  const { data, info } = await decoded(format, pipeline.toBuffer({ resolveWithObject: true }))
  return {
    data: toGray(data, info.channels),
    widthPx: info.width,
    heightPx: info.height,
    resolution: statedResolution(format, own, metadata.exif),
  }
}

/**
 * The samples of a file, from its header.
 *
 * @throws SidikError IMAGE_CORRUPT
 */
export async function samplesBySharp(bytes: Uint8Array, format: SharpFormat) {
  const { depth, space, channels, hasAlpha } = await readMetadata(bytes, format, inputOptions(format))
  const isColour = !GRAY_SPACES.includes(space) && channels - (hasAlpha ? 1 : 0) > 1
  return { bitDepth: depth === 'ushort' ? 16 : 8, isColour, hasOpacity: hasAlpha }
}

function inputOptions(format: SharpFormat): SharpOptions {
  return {
    // Damaged JPEG data is only a warning, and would be a print of something else. TIFF warns of harmless tags as
    // well (out of order, a zero within text) and reports damaged data as an error.
    failOn: format === 'tiff' ? 'error' : 'warning',
    // A profile would change the gray values that were captured.
    ignoreIcc: true,
    limitInputPixels: MAX_PIXELS,
    page: 0,
    pages: 1,
  }
}

async function readMetadata(bytes: Uint8Array, format: SharpFormat, input: SharpOptions): Promise<Metadata> {
  if (format !== 'tiff') refuseLongExif(bytes, format)
  const sharp = await loadSharp()
  // The header alone, whatever size it states: checkSize has the better message.
  const metadata = await decoded(format, sharp(bytes, { ...input, limitInputPixels: false }).metadata())
  if (metadata.format !== format) throw corrupt(NAMES[format], `it decodes as ${metadata.format}`)
  return metadata
}

async function decoded<T>(format: SharpFormat, result: Promise<T>): Promise<T> {
  try {
    return await result
  } catch (error) {
    throw corrupt(NAMES[format], error instanceof Error ? error.message.split('\n')[0].trim() : String(error), error)
  }
}

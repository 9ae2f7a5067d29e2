/**
 * Photos, signatures and a template's images, made ready to be printed: turned as EXIF says, cut or fitted to their box, at most 600 pixels an
 * inch of it, without whatever else was in the file. PNG, JPEG, TIFF and WebP alone reach a decoder, the size checked from the header.
 */
import type { Sharp } from 'sharp'
import { SidikError } from '../../../errors.js'
import { loadSharp } from '../../../image/load-sharp.js'
import { checkSize } from '../../../image/pixels.js'
import { sniffFormat } from '../../../image/sniff.js'
import { keepFirstPage } from '../../../image/tiff-directory.js'
import { refuseAnimation } from '../../../image/webp-animation.js'
import { MM_PER_INCH, type PictureItem } from './items.js'

export interface PictureBox {
  readonly xMm: number
  readonly yMm: number
  readonly widthMm: number
  readonly heightMm: number
}

export interface PictureStyle {
  /** `cover` fills the box and cuts what is over, equally on both sides; `contain` shows all, in the middle. */
  readonly fit: 'cover' | 'contain'
  /** Colours become gray. */
  readonly isGray?: boolean
  /** Dark strokes alone, without the paper: of a signature. */
  readonly isInk?: boolean
}

export interface ReadyPicture {
  readonly item: PictureItem
  /** Pixels an inch on the page. */
  readonly ppi: number
}

const FORMATS = ['png', 'jpeg', 'tiff', 'webp']

/** More than printers of cards print; what is above it would only make files larger. */
const MOST_PPI = 600
const JPEG_QUALITY = 92

/** A photo that decodes for longer is made to: the largest that is accepted takes a second. */
const MOST_SECONDS = 20

/** Gray values from which on, and up to which, a stroke thins out: paper is seldom white, ink seldom black. */
const PAPER_GRAY = 215
const INK_GRAY = 90

/**
 * @param name for messages: 'photo'
 * @throws SidikError PRINT_CONTENT for bytes that are no image, an image that is damaged, or one of more than 20 million pixels
 */
export async function readyPicture(
  name: string,
  bytes: Uint8Array,
  box: PictureBox,
  style: PictureStyle,
): Promise<ReadyPicture> {
  try {
    return await made(new Uint8Array(bytes), box, style)
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0].trim() : String(error)
    throw new SidikError('PRINT_CONTENT', `the ${name} cannot be printed: ${why}`, { cause: error })
  }
}

async function made(bytes: Uint8Array, box: PictureBox, style: PictureStyle): Promise<ReadyPicture> {
  const format = sniffFormat(bytes)
  if (!FORMATS.includes(format)) {
    throw new SidikError('IMAGE_FORMAT', `${format} is not taken here: save it as JPEG or PNG`)
  }
  if (format === 'tiff') keepFirstPage(bytes)
  if (format === 'webp') refuseAnimation(bytes)
  // Damaged data of a JPEG is only a warning, and would be a face with a gray half.
  const input = { failOn: 'warning', page: 0, pages: 1 } as const
  const open = await loadSharp()
  const metadata = await open(bytes, { ...input, limitInputPixels: false }).metadata()
  if (metadata.format !== format) throw new SidikError('IMAGE_CORRUPT', `it decodes as ${metadata.format}`)
  checkSize(metadata.width, metadata.height)
  const { width, height } = metadata.autoOrient
  const cut = style.fit === 'cover' ? centred(width, height, box) : { left: 0, top: 0, width, height }
  const scale = Math.min(box.widthMm / cut.width, box.heightMm / cut.height)
  const ppi = MM_PER_INCH / scale
  const pipeline = open(bytes, input).timeout({ seconds: MOST_SECONDS }).autoOrient().extract(cut)
  if (ppi > MOST_PPI) {
    const [widthPx, heightPx] = [cut.width, cut.height].map(side => Math.max(1, Math.round((side * MOST_PPI) / ppi)))
    pipeline.resize({ width: widthPx, height: heightPx, fit: 'fill' })
  }
  pipeline.flatten({ background: '#ffffff' })
  const widthMm = cut.width * scale
  const heightMm = cut.height * scale
  const item: PictureItem = {
    kind: 'picture',
    xMm: box.xMm + (box.widthMm - widthMm) / 2,
    yMm: box.yMm + (box.heightMm - heightMm) / 2,
    widthMm,
    heightMm,
    ...(style.isInk
      ? { type: 'png', bytes: await ink(pipeline) }
      : { type: 'jpeg', bytes: await jpeg(pipeline, style) }),
  }
  return { item, ppi }
}

/** The largest part of the box's shape, in the middle. */
function centred(widthPx: number, heightPx: number, { widthMm, heightMm }: PictureBox) {
  const width = Math.min(widthPx, Math.max(1, Math.round((heightPx * widthMm) / heightMm)))
  const height = Math.min(heightPx, Math.max(1, Math.round((widthPx * heightMm) / widthMm)))
  return { left: (widthPx - width) >> 1, top: (heightPx - height) >> 1, width, height }
}

async function jpeg(pipeline: Sharp, { isGray = false }: PictureStyle): Promise<Uint8Array> {
  const colours = pipeline.toColourspace(isGray ? 'b-w' : 'srgb')
  return new Uint8Array(await colours.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' }).toBuffer())
}

/** Black, as opaque as the gray is dark. */
async function ink(pipeline: Sharp): Promise<Uint8Array> {
  const { data, info } = await pipeline
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const pixels = new Uint8Array(info.width * info.height * 4)
  for (let i = 0; i < info.width * info.height; i++) {
    const opacity = (PAPER_GRAY - data[i * info.channels]) / (PAPER_GRAY - INK_GRAY)
    pixels[i * 4 + 3] = Math.round(255 * Math.min(1, Math.max(0, opacity)))
  }
  const raw = { width: info.width, height: info.height, channels: 4 } as const
  return new Uint8Array(await (await loadSharp())(pixels, { raw }).png().toBuffer())
}

import { loadSharp } from '../image/load-sharp.js'
import type { GrayImage } from '../types.js'
import { ENLARGEMENT, PAPER_GRAY } from './style.js'

/** The resolution that positions of minutiae refer to. */
const POSITION_PPI = 500

/** What minutiae are drawn on where there is no image: a sheet of the print's size, pixels at 500 ppi. */
export interface BlankSheet {
  readonly widthPx: number
  readonly heightPx: number
}

/** A print's image, or a blank sheet of its size. */
export type Background = GrayImage | BlankSheet

const isImage = (background: Background): background is GrayImage => 'data' in background

/** Size in pixels of the picture that `background` takes. */
export function pictureSize(background: Background): { widthPx: number; heightPx: number } {
  const factor = (isImage(background) ? POSITION_PPI / background.ppi : 1) * ENLARGEMENT
  return {
    widthPx: Math.max(1, Math.round(background.widthPx * factor)),
    heightPx: Math.max(1, Math.round(background.heightPx * factor)),
  }
}

/** A background placed in a picture, its top at the top of the picture. */
export interface Placed {
  readonly background: Background
  readonly leftPx: number
}

async function backgroundPng(background: Background): Promise<Buffer> {
  const sharp = await loadSharp()
  const { widthPx: width, heightPx: height } = pictureSize(background)
  if (!isImage(background)) {
    const paper = { r: PAPER_GRAY, g: PAPER_GRAY, b: PAPER_GRAY }
    return sharp({ create: { width, height, channels: 3, background: paper } })
      .png({ compressionLevel: 1 })
      .toBuffer()
  }
  const raw = { width: background.widthPx, height: background.heightPx, channels: 1 as const }
  return sharp(background.data, { raw })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .png({ compressionLevel: 1 })
    .toBuffer()
}

/** The backgrounds side by side on white, `svg` over them, as PNG. */
export async function composePng(
  size: { widthPx: number; heightPx: number },
  placed: readonly Placed[],
  svg: string,
): Promise<Buffer> {
  const layers = await Promise.all(
    placed.map(async ({ background, leftPx }) => ({ input: await backgroundPng(background), left: leftPx, top: 0 })),
  )
  const sharp = await loadSharp()
  return sharp({ create: { width: size.widthPx, height: size.heightPx, channels: 3, background: '#fff' } })
    .composite([...layers, { input: Buffer.from(svg), left: 0, top: 0 }])
    .removeAlpha()
    .png()
    .toBuffer()
}

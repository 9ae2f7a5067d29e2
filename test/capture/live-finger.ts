import type { GrayImage } from 'sidik'
import { Random } from '../../dist/random.js'

/** How a finger lies on the platen at one moment. */
export interface Touch {
  /** Share of the print that touches, 0 none to 1 all. */
  readonly contact: number
  readonly xPx?: number
  readonly yPx?: number
  /** Pixels by which ridges are thickened, as moisture and pressure do. */
  readonly wet?: number
  /** Share of the contrast that is left, as of a dry finger. */
  readonly contrast?: number
}

export const NOBODY: Touch = { contact: 0 }
export const STILL: Touch = { contact: 1 }

const NOISE = 3

/**
 * Frames of a live sensor, 480 x 480 px at 500 ppi: a real print laid on an empty platen, moved, pressed and lifted as told, each frame
 * with noise of its own.
 */
export function* liveFinger(
  print: GrayImage,
  touches: readonly Touch[],
  seed = 1,
): Generator<GrayImage & { n: number }> {
  const [widthPx, heightPx] = [480, 480]
  const random = new Random(seed)
  for (const [n, touch] of touches.entries()) {
    const ridges = thickened(print, touch.wet ?? 0)
    const left = Math.round((widthPx - print.widthPx) / 2 + (touch.xPx ?? 0))
    const top = Math.round((heightPx - print.heightPx) / 2 + (touch.yPx ?? 0))
    const data = new Uint8Array(widthPx * heightPx)
    for (let y = 0; y < heightPx; y++) {
      for (let x = 0; x < widthPx; x++) {
        const [px, py] = [x - left, y - top]
        let gray = 255
        const [u, v] = [px / print.widthPx - 0.5, py / print.heightPx - 0.5]
        if (px >= 0 && py >= 0 && px < print.widthPx && py < print.heightPx && u * u + v * v < 0.25 * touch.contact) {
          gray = 255 - (255 - ridges[py * print.widthPx + px]) * (touch.contrast ?? 1)
        }
        data[y * widthPx + x] = Math.max(0, Math.min(255, Math.round(gray + NOISE * random.normal())))
      }
    }
    yield { data, widthPx, heightPx, ppi: 500, n }
  }
}

/** The darkest of the neighbourhood: ridges grow into valleys. */
function thickened({ data, widthPx, heightPx }: GrayImage, byPx: number): Uint8Array {
  if (byPx === 0) return data
  const result = new Uint8Array(data.length)
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      let darkest = 255
      for (let dy = -byPx; dy <= byPx; dy++) {
        for (let dx = -byPx; dx <= byPx; dx++) {
          const [nx, ny] = [x + dx, y + dy]
          if (nx >= 0 && ny >= 0 && nx < widthPx && ny < heightPx) darkest = Math.min(darkest, data[ny * widthPx + nx])
        }
      }
      result[y * widthPx + x] = darkest
    }
  }
  return result
}

import type { GrayImage } from '../types.js'
import type { FrameLook } from './frame-look.js'

/** Every second line tells as much. */
const LINE_STEP = 2

/**
 * How much of the picture changed since the frame before, in shares of its contrast, where skin lies: noise alone gives 0.05 to 0.4, a
 * shift by a tenth of a ridge period 0.5, by half of one 1.5. Infinity where the frames differ in size: nothing is known then.
 */
export function changeSince(before: GrayImage, frame: GrayImage, look: FrameLook): number {
  if (before.widthPx !== frame.widthPx || before.heightPx !== frame.heightPx || look.contrast === 0) return Infinity
  const { columns, rows, skin } = look
  const blockWidth = frame.widthPx / columns
  const blockHeight = frame.heightPx / rows
  let change = 0
  let pixels = 0
  for (let y = 0; y < frame.heightPx; y += LINE_STEP) {
    const row = Math.min(rows - 1, Math.floor(y / blockHeight))
    for (let x = 0; x < frame.widthPx; x++) {
      if (skin[row * columns + Math.min(columns - 1, Math.floor(x / blockWidth))] === 0) continue
      const at = y * frame.widthPx + x
      change += Math.abs(frame.data[at] - before.data[at])
      pixels++
    }
  }
  return pixels === 0 ? Infinity : change / pixels / look.contrast
}

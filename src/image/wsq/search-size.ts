import type { BinAllocation } from './allocation.js'

/** An image that can be written on any scale. */
export interface ScalableImage {
  readonly allocation: BinAllocation
  readonly pixels: number
  scaleOf(bitRate: number): number
  write(scale: number, bitRate: number): Uint8Array<ArrayBuffer>
}

/** Bytes that may be left, as a share of the size: less than a hundredth of a decibel. */
const LEFT = 1 / 1000

/** Each is a writing, a few milliseconds a megapixel; the first four or five come within LEFT. */
const MOST_TRIES = 16

/** Bits a pixel of the standard's rate for one that is there: where the search begins. */
const RATE_A_BIT = 1.4

interface Try {
  readonly logScale: number
  readonly stream: Uint8Array<ArrayBuffer>
}

/**
 * The stream of at most `sizeBytes` that comes nearest to it. Sizes grow with the scale but for a few bytes: between one that
 * fits and one that does not the next is where a line through both meets the size.
 *
 * @throws RangeError when even the shortest is larger: it says how large
 */
export function searchSize(image: ScalableImage, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const { allocation } = image
  const attempt = (logScale: number): Try => {
    const scale = Math.exp(logScale)
    return { logScale, stream: image.write(scale, allocation.isEmpty ? 0 : allocation.bitRateOf(scale)) }
  }
  let fitting = attempt(allocation.isEmpty ? 0 : Math.log(allocation.coarsest))
  if (fitting.stream.length > sizeBytes) {
    throw new RangeError(`sizeBytes is ${sizeBytes}: this image takes at least ${fitting.stream.length}`)
  }
  if (allocation.isEmpty) return fitting.stream
  const finest = Math.log(allocation.finest)
  let tooLarge: Try | undefined
  let next = Math.log(image.scaleOf(((8 * sizeBytes) / image.pixels) * RATE_A_BIT))
  for (let i = 0; i < MOST_TRIES && sizeBytes - fitting.stream.length > sizeBytes * LEFT; i++) {
    const tried = attempt(next)
    if (tried.stream.length > sizeBytes) tooLarge = tried
    else fitting = tried
    if (tooLarge === undefined && next >= finest) break
    next = tooLarge === undefined ? Math.min(finest, next + 1) : between(fitting, tooLarge, sizeBytes)
  }
  return fitting.stream
}

/** Nearer to neither than a twentieth of their distance. */
function between(fitting: Try, tooLarge: Try, sizeBytes: number): number {
  const [low, high] = [fitting.stream.length, tooLarge.stream.length]
  const share = Math.log(sizeBytes / low) / Math.log(high / low)
  const kept = Math.min(Math.max(share, 0.05), 0.95)
  return fitting.logScale + kept * (tooLarge.logScale - fitting.logScale)
}

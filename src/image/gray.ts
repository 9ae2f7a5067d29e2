/** Interleaved samples to gray: the one conversion for every format, exact where red, green and blue are equal. */

/**
 * @param samples 8 bits each, row by row without padding
 * @param channels 1 gray; 3 red, green, blue; 4 red, green, blue, opacity
 * @returns luma (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B, rounded), transparent parts flattened on white, in a
 *   buffer of its own
 */
export function toGray(samples: Uint8Array, channels: number): Uint8Array<ArrayBuffer> {
  const gray = new Uint8Array(samples.length / channels)
  if (channels === 1) {
    gray.set(samples)
    return gray
  }
  for (let pixel = 0, at = 0; pixel < gray.length; pixel++, at += channels) {
    const luma = ((299 * samples[at] + 587 * samples[at + 1] + 114 * samples[at + 2] + 500) / 1000) | 0
    gray[pixel] = channels === 4 ? flatten(luma, samples[at + 3]) : luma
  }
  return gray
}

/** Paper is white: what is transparent is background. */
function flatten(luma: number, alpha: number): number {
  return ((luma * alpha + 255 * (255 - alpha) + 127) / 255) | 0
}

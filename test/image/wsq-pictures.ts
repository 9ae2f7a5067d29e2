/** Pictures for the tests of WSQ, and how near two of them are. */

/** Ridges that run round a point outside the middle, about 9 px apart, their strength changing slowly; rounded to gray levels. */
export function smoothPrint(widthPx: number, heightPx: number, seed = 0): Uint8Array {
  const [cx, cy, period] = [widthPx * (0.3 + (seed % 5) / 10), heightPx * 0.6, 7 + (seed % 4)]
  return Uint8Array.from({ length: widthPx * heightPx }, (_, i) => {
    const [x, y] = [i % widthPx, Math.floor(i / widthPx)]
    const strength = 60 + 40 * Math.cos((x + seed) / 50) * Math.cos(y / 40)
    return 128 + strength * Math.sin((2 * Math.PI * Math.hypot(x - cx, y - cy)) / period)
  })
}

/** As much of every frequency. */
export function noise(pixels: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length: pixels }, (_, i) => {
    const mixed = Math.imul(i + seed + 1, 0x9e3779b1)
    return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 24
  })
}

/** Peak signal to noise ratio, dB. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} pixels and ${b.length}`)
  const squares = a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0)
  return 10 * Math.log10((255 ** 2 * a.length) / squares)
}

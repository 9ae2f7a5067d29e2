/** Plain bookkeeping of black and white images, to check the core against. */
export interface Bitmap {
  readonly data: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
}

const SIDES = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const
const ALL = [...SIDES, [1, 1], [1, -1], [-1, 1], [-1, -1]] as const

/** Sizes of the connected parts of `value`: pixels of 1 hang together by corners, those of 0 by sides. */
export function partSizes({ data, widthPx, heightPx }: Bitmap, value: 0 | 1): number[] {
  const steps = value === 1 ? ALL : SIDES
  const seen = new Uint8Array(data.length)
  const sizes: number[] = []
  for (let start = 0; start < data.length; start++) {
    if (seen[start] || data[start] !== value) continue
    const queue = [start]
    seen[start] = 1
    for (const i of queue) {
      for (const [dx, dy] of steps) {
        const [x, y] = [(i % widthPx) + dx, Math.floor(i / widthPx) + dy]
        const next = y * widthPx + x
        if (x < 0 || y < 0 || x >= widthPx || y >= heightPx || seen[next] || data[next] !== value) continue
        seen[next] = 1
        queue.push(next)
      }
    }
    sizes.push(queue.length)
  }
  return sizes
}

/** The eight neighbours' values in a ring. */
function ring({ data, widthPx }: Bitmap, i: number): number[] {
  return [1, 1 - widthPx, -widthPx, -1 - widthPx, -1, widthPx - 1, widthPx, widthPx + 1].map(step => data[i + step])
}

/** Rutovitz' crossing number: changes in the ring, halved. */
export function crossingNumber(bitmap: Bitmap, i: number): number {
  const around = ring(bitmap, i)
  return around.filter((value, k) => value !== around[(k + 1) % 8]).length / 2
}

/**
 * Whether a set pixel that is no end could go without changing what hangs together: one part of 1 by corners around it,
 * and a side of it is 0.
 */
export function isRedundant(bitmap: Bitmap, i: number): boolean {
  const around = ring(bitmap, i)
  if (around.filter(Boolean).length < 2) return false
  const side = [0, 2, 4, 6].some(k => around[k] === 0)
  const patch = new Uint8Array(25)
  around.forEach((value, k) => {
    patch[[13, 8, 7, 6, 11, 16, 17, 18][k]] = value
  })
  return side && partSizes({ data: patch, widthPx: 5, heightPx: 5 }, 1).length === 1
}

import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { crossingNumber, isRedundant } from '../extract/bitmap.js'
import { OpenExtraction } from '../extract/open-extraction.js'
import { grating } from '../extract/pictures.js'

const COLUMNS = 16
const STEP = 12
const SIDE = COLUMNS * STEP
const CARRIER = grating({ angleRad: 0, periodPx: 9 }, SIDE, SIDE)

/** Pixel in the middle of the patch that shows neighbourhood `bits`. */
const middle = (bits: number) => ({
  x: (bits % COLUMNS) * STEP + STEP / 2,
  y: Math.floor(bits / COLUMNS) * STEP + STEP / 2,
})
const RING = [
  [1, 0],
  [1, -1],
  [0, -1],
  [-1, -1],
  [-1, 0],
  [-1, 1],
  [0, 1],
  [1, 1],
] as const

/** A set pixel with each of the 256 neighbourhoods there are, one a patch. */
function allNeighbourhoods(): Uint8Array {
  const data = new Uint8Array(SIDE * SIDE)
  for (let bits = 0; bits < 256; bits++) {
    const { x, y } = middle(bits)
    data[y * SIDE + x] = 1
    RING.forEach(([dx, dy], k) => {
      if ((bits >> k) & 1) data[(y + dy) * SIDE + x + dx] = 1
    })
  }
  return data
}

describe.each(CORE_TARGETS)('neighbourhood ($target)', ({ module }) => {
  const open = new OpenExtraction(module)

  it('counts the ways out of every pixel there can be', () => {
    const bitmap = { data: allNeighbourhoods(), widthPx: SIDE, heightPx: SIDE }
    const found = new Map<string, string>()
    open.run(CARRIER, (stage, { skeleton }) => {
      if (stage === 'thin') skeleton.set(bitmap.data)
      if (stage !== 'minutiae') return
      for (const { xPx, yPx, type } of open.minutiae()) found.set(`${xPx},${yPx}`, type)
    })
    const wrong: number[] = []
    for (let bits = 0; bits < 256; bits++) {
      const { x, y } = middle(bits)
      const ways = crossingNumber(bitmap, y * SIDE + x)
      const expected = ways === 1 ? 'ridge-ending' : ways === 3 ? 'bifurcation' : undefined
      if (found.get(`${x},${y}`) !== expected) wrong.push(bits)
    }
    expect(wrong).toEqual([])
  })

  it('leaves no pixel behind that thinning could still take', () => {
    let data = new Uint8Array(0)
    open.run(CARRIER, (stage, parts) => {
      if (stage === 'binarize') parts.ridges.set(allNeighbourhoods())
      if (stage === 'thin') data = parts.skeleton.slice()
    })
    const bitmap = { data, widthPx: SIDE, heightPx: SIDE }
    expect(Array.from(data.keys()).filter(i => data[i] && isRedundant(bitmap, i))).toEqual([])
    for (let bits = 0; bits < 256; bits++) {
      const { x, y } = middle(bits)
      const patch = [...RING, [0, 0] as const].filter(([dx, dy]) => data[(y + dy) * SIDE + x + dx])
      // A square of 2 x 2 px is all that may vanish.
      if (patch.length === 0) expect([7, 28, 112, 193]).toContain(bits)
    }
  })
})

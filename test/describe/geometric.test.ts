import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { Minutia } from 'sidik'
import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { countBits, MatchLab, moved } from '../support/match-lab.js'
import { random, randomMinutiae } from '../support/random-templates.js'

/** CODE_* of assembly/parameters.ts. */
const RADIUS = 70
const SIGMA_PX = 28 / 3
const SIGMA_TURN = 256 / 9
const HULL_MARGIN = 50
const BIT_LEVEL = 0.005

/** The 6 x 6 cells without the corners, row by row: offsets along and across the minutia's direction, px. */
const CELLS = Array.from({ length: 36 }, (_, k) => [(k % 6) - 2.5, Math.floor(k / 6) - 2.5])
  .filter(([u, v]) => Math.abs(u) < 2 || Math.abs(v) < 2)
  .map(([u, v]) => [(u * RADIUS) / 3, (v * RADIUS) / 3])

/** Standard normal distribution function by Simpson's rule. */
function normalCdf(z: number): number {
  const steps = 400
  const width = z / steps
  let sum = 0
  for (let k = 0; k <= steps; k++) {
    sum += (k === 0 || k === steps ? 1 : k % 2 ? 4 : 2) * Math.exp(-0.5 * (k * width) ** 2)
  }
  return 0.5 + (sum * width) / 3 / Math.sqrt(2 * Math.PI)
}

const SECTION_SHARES = Array.from({ length: 256 }, (_, k) => {
  const off = k < 128 ? k : k - 256
  return normalCdf((off + 32) / SIGMA_TURN) - normalCdf((off - 32) / SIGMA_TURN)
})

/** Distance to the hull of the minutiae, as the widest gap that any of 720 straight edges leaves; negative inside. */
function hullDistance(minutiae: readonly Minutia[], x: number, y: number): number {
  let widest = -Infinity
  for (let k = 0; k < 720; k++) {
    const [c, s] = [Math.cos((k * Math.PI) / 360), Math.sin((k * Math.PI) / 360)]
    const reach = Math.max(...minutiae.map(m => c * m.xPx + s * m.yPx))
    widest = Math.max(widest, c * x + s * y - reach)
  }
  return widest
}

/** The code of minutia `i` from the definition, in double precision: sums of the cells and whether each is in the area. */
function reference(minutiae: readonly Minutia[], i: number) {
  const { xPx, yPx, directionRad } = minutiae[i]
  const [c, s] = [Math.cos(directionRad), Math.sin(directionRad)]
  const code = ({ directionRad: angle }: Minutia) => Math.round((angle * 128) / Math.PI)
  const others = minutiae.filter((_, j) => j !== i)
  const neighbours = others.filter(m => Math.hypot(m.xPx - xPx, m.yPx - yPx) <= RADIUS + 3 * SIGMA_PX).length
  const cells = CELLS.map(([u, v]) => [xPx + c * u + s * v, yPx - s * u + c * v])
  const sums = [0, 1, 2, 3].map(section =>
    cells.map(([x, y]) =>
      others.reduce((sum, m) => {
        const distance = Math.hypot(m.xPx - x, m.yPx - y)
        if (distance > 3 * SIGMA_PX) return sum
        const near = Math.exp(-0.5 * (distance / SIGMA_PX) ** 2) / (SIGMA_PX * Math.sqrt(2 * Math.PI))
        const middle = -128 + 64 * section + 32
        return sum + near * SECTION_SHARES[(middle - (code(minutiae[i]) - code(m)) + 1024) & 255]
      }, 0),
    ),
  )
  return { neighbours, sums, distances: cells.map(([x, y]) => hullDistance(minutiae, x, y)) }
}

/** Share of bits, of those in both masks, that differ. */
function bitsThatDiffer(a: ReturnType<MatchLab['codes']>, b: ReturnType<MatchLab['codes']>): number {
  let differ = 0
  let common = 0
  a.masks.forEach((mask, i) => {
    common += 4 * countBits(mask & b.masks[i])
    for (let byte = 0; byte < 16; byte++) {
      const cells = ((mask & b.masks[i]) >>> (8 * (byte % 4))) & 255
      differ += countBits((a.bits[16 * i + byte] ^ b.bits[16 * i + byte]) & cells)
    }
  })
  return differ / common
}

describe.each(CORE_TARGETS)('geometric codes ($target)', ({ module }) => {
  const lab = new MatchLab(module)
  const codesOf = (minutiae: readonly Minutia[]) => {
    lab.clear()
    return lab.codes(lab.record(minutiae))
  }

  it('are what the definition says, bit for bit, but for sums at the very level and cells at the very edge', () => {
    let bits = 0
    for (const seed of [1, 2, 3]) {
      const minutiae = randomMinutiae(random(seed), 30)
      const codes = codesOf(minutiae)
      minutiae.forEach((_, i) => {
        const { neighbours, sums, distances } = reference(minutiae, i)
        const inside = distances.filter(distance => distance <= HULL_MARGIN).length
        const doubtful = distances.some(distance => Math.abs(distance - HULL_MARGIN) < 0.2)
        if (doubtful) return
        const usable = inside >= 20 && neighbours >= 2
        distances.forEach((distance, cell) => {
          const expected = usable && distance <= HULL_MARGIN ? 1 : 0
          expect((codes.masks[i] >>> cell) & 1, `mask of cell ${cell} of minutia ${i}`).toBe(expected)
          sums.forEach((section, k) => {
            if (Math.abs(section[cell] - BIT_LEVEL) < 1e-6) return
            const bit = (codes.bits[16 * i + 4 * k + (cell >> 3)] >>> (cell & 7)) & 1
            expect(bit, `section ${k} of cell ${cell} of minutia ${i}`).toBe(
              expected && section[cell] > BIT_LEVEL ? 1 : 0,
            )
            bits += bit
          })
        })
      })
    }
    expect(bits).toBeGreaterThan(500)
  })

  it('do not change when the print is moved', () => {
    const shift = fc.integer({ min: -2000, max: 2000 })
    fc.assert(
      fc.property(fc.nat(1000), shift, shift, (seed, dx, dy) => {
        const minutiae = randomMinutiae(random(seed))
        expect(codesOf(moved(minutiae, 0, dx, dy))).toEqual(codesOf(minutiae))
      }),
      { numRuns: 10 },
    )
  })

  it('do not change when the print is turned by a quarter, but for a bit at the level', () => {
    const minutiae = randomMinutiae(random(5), 45)
    for (const turn of [64, 128, 192]) {
      expect(bitsThatDiffer(codesOf(minutiae), codesOf(moved(minutiae, turn)))).toBeLessThan(0.001)
    }
  })

  it('change by at most 3 % of their bits when the print is turned by any angle and rounded to pixels', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 255 }), (seed, turn) => {
        const minutiae = randomMinutiae(random(seed), 40)
        expect(bitsThatDiffer(codesOf(minutiae), codesOf(moved(minutiae, turn)))).toBeLessThan(0.03)
      }),
      { numRuns: 20 },
    )
  })

  it('do not depend on the order of the minutiae, but for a bit at the level', () => {
    const minutiae = randomMinutiae(random(6), 40)
    const backwards = codesOf(minutiae.toReversed())
    const masks = backwards.masks.toReversed()
    const bits = new Uint8Array(backwards.bits.length)
    masks.forEach((_, i) => {
      bits.set(backwards.bits.subarray(16 * (39 - i), 16 * (40 - i)), 16 * i)
    })
    expect(bitsThatDiffer(codesOf(minutiae), { bits, masks })).toBeLessThan(0.001)
  })

  it('are empty where a minutia has too few neighbours or too little area round it', () => {
    const [first, second] = randomMinutiae(random(7), 2)
    for (const minutiae of [[], [first], [first, second]]) {
      const codes = codesOf(minutiae)
      expect([...codes.masks, ...codes.bits].every(value => value === 0)).toBe(true)
    }
    const row = Array.from({ length: 9 }, (_, i) => ({ ...first, xPx: 20 + 30 * i, yPx: 100 }))
    expect(codesOf(row).masks.some(mask => mask !== 0)).toBe(true)
  })

  it('survive 255 minutiae, all in one place too', () => {
    const next = random(8)
    const many = Array.from({ length: 255 }, () => randomMinutiae(next, 1)[0])
    expect(codesOf(many).masks.every(mask => countBits(mask) >= 20)).toBe(true)
    expect(codesOf(many.map(minutia => ({ ...minutia, xPx: 5, yPx: 5 }))).masks).toHaveLength(255)
  })

  it('are the same as ever for a fixed print', () => {
    const { bits, masks } = codesOf(randomMinutiae(random(20261123), 40))
    const digest = createHash('sha256').update(bits).update(new Uint8Array(masks.buffer)).digest('hex')
    expect(digest).toBe('80c19ffe31552b0881d98d1e9bc8ec42663524082314e07c814a5717ab1a281a')
  })
})

import { createHash } from 'node:crypto'
import { SLAP_DISTURBANCES, type SlapDisturbance, type SlapOptions, synthesizeSlap } from 'sidik/synthesize'
import { beforeAll, describe, expect, it } from 'vitest'
import { slapTouches } from '../support/slap-touches.js'

let touches: ReturnType<typeof slapTouches>
beforeAll(() => {
  touches = slapTouches(2)
})

const DRAWN: SlapOptions = { code: 13, ppi: 250, background: 250, residue: 0, rotationRad: 0, strength: [1, 1, 1, 1] }
/** Grays up to this are ink: lighting and noise leave paper above. */
const DARK = 215
const draw = (index: number, ...disturbances: SlapDisturbance[]) =>
  synthesizeSlap(touches, index, { ...DRAWN, disturbances })

/** Images are compared by this: toEqual takes seconds for the pixels of one. */
const digestOf = ({ image, fingers }: ReturnType<typeof draw>) =>
  createHash('sha256').update(image.data).update(JSON.stringify(fingers)).digest('hex')

/** Where each fingertip is, seen from the first: the same for however large an image. */
function shapeOf({ fingers }: ReturnType<typeof draw>): number[] {
  const [origin] = fingers[0].corners
  return fingers.flatMap(({ corners }) => corners.flatMap(({ xPx, yPx }) => [xPx - origin.xPx, yPx - origin.yPx]))
}

/** What of paper of gray 250 is dark, mm2, inside the boxes of the fingertips and outside of them. */
function inkMm2({ image, fingers }: ReturnType<typeof draw>): { inside: number; outside: number } {
  const dark = { inside: 0, outside: 0 }
  image.data.forEach((gray, i) => {
    if (gray > DARK) return
    const [x, y] = [(i % image.widthPx) + 0.5, Math.floor(i / image.widthPx) + 0.5]
    const isInside = fingers.some(({ corners }) =>
      corners.every((from, k) => {
        const to = corners[(k + 1) % 4]
        return (to.xPx - from.xPx) * (y - from.yPx) - (to.yPx - from.yPx) * (x - from.xPx) >= 0
      }),
    )
    dark[isInside ? 'inside' : 'outside'] += (25.4 / image.ppi) ** 2
  })
  return dark
}

describe('synthesizeSlap', () => {
  it('makes the same slaps as ever where nothing disturbs', () => {
    const digests = [0, 1, 2].map(index =>
      digestOf(synthesizeSlap(touches, index, { code: 13, ppi: 250 })).slice(0, 16),
    )
    expect(digests).toEqual(['e73bd1d8d8c51c74', '62cda4f7733b1e55', 'f781f42d395496f6'])
  })

  it.each(SLAP_DISTURBANCES)('%s: drawn by the seed, and the hand lies as without', one => {
    for (const index of [3, 4]) {
      const with1 = draw(index, one)
      expect(digestOf(with1)).toBe(digestOf(draw(index, one)))
      const without = draw(index)
      expect(Buffer.compare(with1.image.data, without.image.data)).not.toBe(0)
      const off = shapeOf(without).map((value, i) => Math.abs(value - shapeOf(with1)[i]))
      expect(Math.max(...off)).toBeLessThan(1e-6)
    }
    expect(digestOf(draw(3, one))).not.toBe(digestOf(draw(4, one)))
  })

  it('prints phalanges below the tips, and nothing more in these', () => {
    const with1 = inkMm2(draw(3, 'joints'))
    const without = inkMm2(draw(3))
    expect(with1.outside).toBeGreaterThan(without.outside + 100)
    expect(Math.abs(with1.inside / without.inside - 1)).toBeLessThan(0.05)
  })

  it.each<[SlapDisturbance, number]>([
    ['handwriting', 3],
    ['captions', 20],
    ['wear', 3],
  ])('%s darkens what is round the tips', (one, leastMm2) => {
    for (const index of [3, 4, 5]) {
      expect(inkMm2(draw(index, one)).outside).toBeGreaterThan(inkMm2(draw(index)).outside + leastMm2)
    }
  })

  it('takes ink away at creases', () => {
    for (const index of [3, 4, 5]) {
      expect(inkMm2(draw(index, 'creases')).inside).toBeLessThan(inkMm2(draw(index)).inside - 3)
    }
  })

  it('punches holes: discs of one gray, 5 to 8 mm wide', () => {
    for (const index of [3, 4, 5]) {
      const { data } = draw(index, 'holes').image
      const { data: whole } = draw(index).image
      const changed = [...data.keys()].filter(i => data[i] !== whole[i])
      const areaMm2 = changed.length * (25.4 / 250) ** 2
      // One or two, which may overlap or lie half beyond the edge.
      expect(areaMm2).toBeGreaterThan(Math.PI * 2.5 ** 2 * 0.45)
      expect(areaMm2).toBeLessThan(2 * Math.PI * 4.1 ** 2)
      const grays = changed.map(i => data[i]).sort((a, b) => a - b)
      expect(grays[Math.floor(0.9 * grays.length)] - grays[Math.floor(0.1 * grays.length)]).toBe(0)
    }
  })

  it('refuses what it does not know', () => {
    const disturbances = ['coffee' as SlapDisturbance]
    expect(() => synthesizeSlap(touches, 1, { disturbances })).toThrow(/^disturbances: coffee is none of joints, /)
  })
})

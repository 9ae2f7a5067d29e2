import { type Master, type PatternClass, synthesizeFinger } from 'sidik/synthesize'
import { beforeAll, describe, expect, it } from 'vitest'

const fingers: Master[] = []
beforeAll(() => {
  for (let finger = 1; finger <= 6; finger++) fingers.push(synthesizeFinger(11, finger))
})

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]
const value = (master: Master, x: number, y: number) => master.wave[Math.round(y) * master.widthPx + Math.round(x)]

/** Points spread over the finger, away from where its orientation turns quickly. */
function probes(master: Master): [x: number, y: number][] {
  const points: [number, number][] = []
  for (let y = 50; y < master.heightPx - 50; y += 17) {
    for (let x = 50; x < master.widthPx - 50; x += 17) {
      if (master.singularPoints.every(point => Math.hypot(point.xPx - x, point.yPx - y) > 40)) points.push([x, y])
    }
  }
  return points
}

/** Orientation of the ridges round (x, y) from the gradients there: the structure tensor. */
function measuredOrientation(master: Master, x: number, y: number): number {
  let xx = 0
  let yy = 0
  let xy = 0
  for (let j = -8; j <= 8; j++) {
    for (let i = -8; i <= 8; i++) {
      const dx = value(master, x + i + 1, y + j) - value(master, x + i - 1, y + j)
      const dy = value(master, x + i, y + j - 1) - value(master, x + i, y + j + 1)
      xx += dx * dx
      yy += dy * dy
      xy += dx * dy
    }
  }
  return Math.atan2(2 * xy, xx - yy) / 2 + Math.PI / 2
}

/** Ridge period across (x, y) from the edges within 40 px either way; undefined where fewer than 6 are crossed. */
function measuredPeriod(master: Master, x: number, y: number): number | undefined {
  const angle = master.orientationRad(x, y) + Math.PI / 2
  const edges: number[] = []
  for (let t = -40; t < 40; t += 0.25) {
    const here = value(master, x + t * Math.cos(angle), y - t * Math.sin(angle))
    const next = value(master, x + (t + 0.25) * Math.cos(angle), y - (t + 0.25) * Math.sin(angle))
    if (here > 0 !== next > 0) edges.push(t)
  }
  return edges.length < 6 ? undefined : (2 * (edges[edges.length - 1] - edges[0])) / (edges.length - 1)
}

describe('synthesizeFinger', () => {
  it('makes the same finger again, whatever was made before', () => {
    const again = synthesizeFinger(11, 3)
    expect(again.wave).toEqual(fingers[2].wave)
    expect(again.minutiae).toEqual(fingers[2].minutiae)
  })

  it('makes another finger for another number and another seed', () => {
    expect(fingers[1].wave).not.toEqual(fingers[2].wave)
    expect(synthesizeFinger(12, 3).wave).not.toEqual(fingers[2].wave)
  })

  it('lets ridges run as the orientation field says, within 3 degrees at half of all places and 12 at most others', () => {
    for (const master of fingers) {
      const errors = probes(master).map(([x, y]) => {
        const difference = measuredOrientation(master, x, y) - master.orientationRad(x, y)
        return Math.abs(difference - Math.PI * Math.round(difference / Math.PI))
      })
      expect(median(errors)).toBeLessThan((3 * Math.PI) / 180)
      expect(errors.filter(error => error > (12 * Math.PI) / 180).length).toBeLessThan(0.03 * errors.length)
    }
  })

  it('spaces ridges as the period field says, within 8 % at half of all places', () => {
    for (const master of fingers) {
      const errors = probes(master).flatMap(([x, y]) => {
        const period = measuredPeriod(master, x, y)
        return period === undefined ? [] : [Math.abs(period / master.periodPx(x, y) - 1)]
      })
      expect(errors.length).toBeGreaterThan(200)
      expect(median(errors)).toBeLessThan(0.08)
    }
  })

  it('has as many minutiae as real fingers: 25 to 75 in a contact area of 300 x 400 px', () => {
    for (const master of fingers) {
      const inside = master.minutiae.filter(
        minutia => ((minutia.xPx - 208) / 150) ** 2 + ((minutia.yPx - 272) / 200) ** 2 < 1,
      )
      expect(inside.length).toBeGreaterThanOrEqual(25)
      expect(inside.length).toBeLessThanOrEqual(75)
    }
  })

  it('puts minutiae on ridges, directed along them', () => {
    for (const master of fingers) {
      const values = master.minutiae.map(minutia => value(master, minutia.xPx, minutia.yPx))
      expect(values.filter(v => v > 0).length / values.length).toBeGreaterThan(0.9)
      for (const { xPx, yPx, directionRad, quality } of master.minutiae) {
        const difference = directionRad - master.orientationRad(xPx, yPx)
        const near = master.singularPoints.some(point => Math.hypot(point.xPx - xPx, point.yPx - yPx) < 25)
        const off = Math.abs(difference - Math.PI * Math.round(difference / Math.PI))
        if (!near) expect(off).toBeLessThan(0.3)
        expect(directionRad).toBeGreaterThanOrEqual(0)
        expect(directionRad).toBeLessThan(2 * Math.PI)
        expect(quality).toBe(100)
      }
    }
  })

  it('makes the class that is asked for', () => {
    for (const patternClass of ['arch', 'tented-arch', 'left-loop', 'right-loop', 'whorl'] as PatternClass[]) {
      expect(synthesizeFinger(1, 1, { patternClass }).patternClass).toBe(patternClass)
    }
  })

  it('takes less than 3 s of processor time', () => {
    const started = process.cpuUsage()
    synthesizeFinger(11, 99)
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000)
  })

  it.each([-1, 0.5, Number.NaN, 2 ** 32, '1' as unknown as number])('refuses %s as a seed and as a number', bad => {
    expect(() => synthesizeFinger(bad, 1)).toThrow(RangeError)
    expect(() => synthesizeFinger(bad, 1)).toThrow('seed')
    expect(() => synthesizeFinger(1, bad)).toThrow('fingerIndex')
  })

  it('refuses an unknown class', () => {
    expect(() => synthesizeFinger(1, 1, { patternClass: 'loop' as PatternClass })).toThrow(RangeError)
  })
})

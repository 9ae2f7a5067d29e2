import { type SensorName, synthesizeFinger, synthesizeImpression } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import type { Stages } from '../../dist/core/extractor.js'
import { CORE_TARGETS } from '../core-targets.js'
import { grating, noise, paint, phaseOf, placed } from './pictures.js'
import { StageLab } from './stage-lab.js'

const SENSORS: SensorName[] = ['optical', 'optical-gray', 'capacitive', 'sweep']
const masters = [1, 2, 3].map(finger => synthesizeFinger(11, finger))
const clean = masters.map(master => synthesizeImpression(master, 1, { clean: true }))
const sensed = SENSORS.map((sensor, i) => synthesizeImpression(masters[i % 3], 2, { sensor }))

function isPrint({ mask, widthPx, cellPx }: Stages, x: number, y: number): boolean {
  return mask[Math.floor(y / cellPx) * (widthPx / cellPx) + Math.floor(x / cellPx)] === 1
}

/** Intersection of mask and true contact area over their union. */
function overlap(stages: Stages, contact: Uint8Array, widthPx: number): number {
  let both = 0
  let either = 0
  contact.forEach((value, i) => {
    const print = isPrint(stages, i % widthPx, Math.floor(i / widthPx))
    if (print && value) both++
    if (print || value) either++
  })
  return both / either
}

describe.each(CORE_TARGETS)('segment ($target)', ({ module }) => {
  const lab = new StageLab(module)

  it('covers the contact area of clean prints', () => {
    for (const { image, truth } of clean) {
      // Measured: 0.94 to 0.95; a cell's width round the rim is 0.03.
      expect(overlap(lab.after('segment', image), truth.contact.data, image.widthPx)).toBeGreaterThan(0.9)
    }
  })

  it.each(sensed)('covers the contact area as $sensor sensors show it', ({ image, truth }) => {
    // Measured: 0.80 to 0.9; the rim of a full impression fades, and its truth counts the faintest touch.
    expect(overlap(lab.after('segment', image), truth.contact.data, image.widthPx)).toBeGreaterThan(0.75)
  })

  const wave = { angleRad: 0.4, periodPx: 9 }
  const square = grating(wave, 120, 120)

  it('ends where the ridges end, to two cells', () => {
    const stages = lab.after('segment', placed(square, 240, 240, 60, 60))
    for (let i = 0; i < 240 * 240; i += 3) {
      const [x, y] = [i % 240, Math.floor(i / 240)]
      const depth = Math.min(x - 60, y - 60, 179 - x, 179 - y)
      const fromCorner = Math.hypot(Math.abs(x - 119.5) - 60, Math.abs(y - 119.5) - 60)
      // The opening cuts 4 cells off a corner, the majority rounds what is left.
      if (depth >= 8 && fromCorner > 24) expect(isPrint(stages, x, y)).toBe(true)
      if (depth < -8) expect(isPrint(stages, x, y)).toBe(false)
    }
  })

  it('leaves out blank paper, white noise, and the ghost of an earlier finger', () => {
    const grain = noise(5, 240, 240)
    const inside = (x: number, y: number) => x >= 8 && x < 112 && y >= 8 && y < 112
    const half = paint(240, 120, (x, y) => {
      if (inside(x, y)) return 128 - 100 * Math.cos(phaseOf(wave, x, y))
      const ghost = inside(x - 120, y) ? -14 * Math.cos(phaseOf({ ...wave, angleRad: 1.3 }, x, y)) : 0
      return 230 + ghost + 2 * grain[y * 240 + x]
    })
    const stages = lab.after('segment', half)
    expect(isPrint(stages, 60, 60)).toBe(true)
    for (let x = 132; x < 240; x += 4) expect(isPrint(stages, x, 60)).toBe(false)
    expect(
      lab
        .after(
          'segment',
          paint(120, 120, (x, y) => 128 + 40 * grain[y * 240 + x]),
        )
        .mask.includes(1),
    ).toBe(false)
    expect(
      lab
        .after(
          'segment',
          paint(120, 120, () => 255),
        )
        .mask.includes(1),
    ).toBe(false)
  })

  it('closes holes, drops specks, keeps a second part that is large enough', () => {
    const image = paint(400, 200, (x, y) => {
      const hole = Math.hypot(x - 80, y - 100) < 5
      const speck = Math.hypot(x - 240, y - 100) < 14
      const second = Math.abs(x - 340) < 36 && Math.abs(y - 100) < 36
      const print = Math.abs(x - 90) < 72 && Math.abs(y - 100) < 80
      return (print && !hole) || speck || second ? 128 - 100 * Math.cos(phaseOf(wave, x, y)) : 255
    })
    const stages = lab.after('segment', image)
    expect(isPrint(stages, 80, 100)).toBe(true)
    expect(isPrint(stages, 240, 100)).toBe(false)
    expect(isPrint(stages, 340, 100)).toBe(true)
    expect(isPrint(stages, 290, 20)).toBe(false)
  })

  it('takes a patch alone for the print, beside a print ten times as large for a speck', () => {
    const patch = (x: number, y: number) => Math.abs(x - 340) < 24 && Math.abs(y - 60) < 24
    const print = (x: number, y: number) => Math.abs(x - 130) < 110 && Math.abs(y - 130) < 110
    const drawn = (inside: (x: number, y: number) => boolean) =>
      paint(400, 260, (x, y) => (inside(x, y) ? 128 - 100 * Math.cos(phaseOf(wave, x, y)) : 255))
    expect(isPrint(lab.after('segment', drawn(patch)), 340, 60)).toBe(true)
    const both = lab.after(
      'segment',
      drawn((x, y) => patch(x, y) || print(x, y)),
    )
    expect(isPrint(both, 130, 130)).toBe(true)
    expect(isPrint(both, 340, 60)).toBe(false)
  })
})

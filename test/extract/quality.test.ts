import { type SensorName, synthesizeFinger, synthesizeImpression } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { OpenExtraction } from './open-extraction.js'
import { cropped, paint, phaseOf, placed, regrayed, rings } from './pictures.js'
import { StageLab } from './stage-lab.js'

const master = synthesizeFinger(11, 1)
const { image, truth } = synthesizeImpression(master, 1, { clean: true })
const SENSORS: SensorName[] = ['optical', 'capacitive', 'sweep', 'wedge']
const sensed = SENSORS.map((sensor, i) => synthesizeImpression(master, i + 2, { sensor }))
const MM2_A_PIXEL = (25.4 / 500) ** 2

/** The clean print with ridges so wide: 0.5 as they are, less thin and dry, more thick and wet; a little noise. */
function withRidgeShare(share: number) {
  const level = Math.cos(Math.PI * share)
  return paint(image.widthPx, image.heightPx, (x, y) => {
    const i = y * image.widthPx + x
    if (!truth.contact.data[i]) return 255
    const ridge = (127.5 - truth.ridges.data[i]) / 127.5
    return (ridge > level ? 70 : 200) + 20 * Math.sin(x * 12.9898 + y * 78.233 + x * y * 0.37)
  })
}

describe.each(CORE_TARGETS)('quality ($target)', ({ module }) => {
  const lab = new StageLab(module)
  const codes = (of: typeof image) => lab.extractor.extract(of).quality.reasons.map(reason => reason.code)

  it('measures area, period, gray, contrast and flow of a clean print', () => {
    const { measures, quality } = lab.extractor.extract(image)
    const touched = truth.contact.data.filter(Boolean).length * MM2_A_PIXEL
    expect(Math.abs(measures.areaMm2 / touched - 1)).toBeLessThan(0.08)
    expect(quality.ridgeAreaMm2).toBeCloseTo(measures.areaMm2, 1)
    expect(Math.abs(measures.periodPx / master.meanPeriodPx - 1)).toBeLessThan(0.06)
    // Ridges of 40 on white.
    expect(Math.abs(measures.gray - 147.5)).toBeLessThan(5)
    expect(measures.contrast).toBeGreaterThan(80)
    expect(Math.abs(measures.ridgeShare - 0.5)).toBeLessThan(0.02)
    expect(measures.flow).toBeGreaterThan(0.85)
    expect(measures.clarity).toBeGreaterThan(0.75)
    expect(quality.score).toBeGreaterThan(70)
    expect(quality.reasons).toEqual([])
  })

  it('says what a person can change', () => {
    expect(codes(cropped(image, 100, 100, 110, 110))).toContain('too-little-ridge-area')
    expect(codes(cropped(image, 100, 100, 110, 110))).toContain('too-few-minutiae')
    expect(codes(regrayed(image, gray => 200 + gray / 8))).toEqual(['too-faint'])
    expect(codes(withRidgeShare(0.25))).toContain('too-dry')
    expect(codes(withRidgeShare(0.75))).toContain('too-wet')
    expect(codes(withRidgeShare(0.5)).filter(code => code === 'too-dry' || code === 'too-wet')).toEqual([])
  })

  it('falls with area and with noise', () => {
    const scores = [320, 180, 140, 110].map(side => {
      const left = Math.floor((320 - side) / 2)
      return lab.extractor.extract(cropped(image, left, 190 - Math.floor(side / 2), side, Math.min(side, 320))).quality
        .score
    })
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(scores[3]).toBeLessThan(40)
    const dirty = [0, 40, 80].map(level => {
      const noisy = paint(320, 400, (x, y) => {
        return image.data[y * 320 + x] * 0.5 + 64 + level * Math.sin(x * 12.9898 + y * 78.233 + x * y * 0.37)
      })
      return lab.extractor.extract(noisy).measures.clarity
    })
    expect(dirty[0]).toBeGreaterThan(dirty[1] + 0.1)
    expect(dirty[1]).toBeGreaterThan(dirty[2] + 0.1)
  })

  it('tells ridges that flow from those that turn about', () => {
    const flow = (image: Parameters<typeof lab.after>[1]) => lab.extractor.extract(image).measures.flow
    const quilt = paint(320, 320, (x, y) => {
      const angleRad = (((x >> 5) * 7 + (y >> 5) * 5) % 8) * (Math.PI / 8)
      return 128 - 100 * Math.cos(phaseOf({ angleRad, periodPx: 9 }, x, y))
    })
    expect(flow(image)).toBeGreaterThan(0.85)
    expect(flow(quilt)).toBeLessThan(0.6)
  })

  it('counts clear ridges that run every way, and none of those that run one way', () => {
    const open = new OpenExtraction(module)
    const varied = (of: typeof image) => {
      open.run(of)
      const { areaMm2, variedMm2 } = open.areas()
      expect(areaMm2).toBeGreaterThan(150)
      return variedMm2 / areaMm2
    }
    const turned = (angleRad: (x: number) => number) =>
      paint(320, 320, (x, y) => 128 - 100 * Math.cos(phaseOf({ angleRad: angleRad(x), periodPx: 9 }, x, y)))
    expect(varied(rings(9, 320))).toBeGreaterThan(0.85)
    expect(varied(turned(() => 1))).toBeLessThan(0.03)
    // Half one way, half across: directions cancel out.
    expect(varied(turned(x => (x < 160 ? 0 : Math.PI / 2)))).toBeGreaterThan(0.85)
  })

  it('sees a print that an edge cuts off while there is room opposite', () => {
    const offCentre = (leftPx: number, topPx: number, widthPx = 400, heightPx = 500) =>
      lab.extractor.extract(placed(image, widthPx, heightPx, leftPx, topPx)).measures.offCentre
    expect(offCentre(40, 50)).toBe(0)
    for (const share of [offCentre(-120, 50), offCentre(200, 50), offCentre(40, -150), offCentre(40, 250)]) {
      expect(share).toBeGreaterThan(0.3)
      expect(share).toBeLessThan(0.85)
    }
    // As large as the sensor: cut off on both sides, nowhere to go.
    expect(offCentre(-100, -130, 120, 140)).toBe(0)
  })

  it('has no reason against full impressions of good sensors but what they show', () => {
    for (const impression of sensed) {
      const { quality } = lab.extractor.extract(impression.image)
      expect(quality.score).toBeGreaterThan(20)
      expect(quality.reasons.map(reason => reason.code)).not.toContain('not-a-fingerprint')
      for (const { message } of quality.reasons) expect(message).toMatch(/: \w+/)
    }
  })
})

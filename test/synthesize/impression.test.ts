import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { minutiaeAgreement } from 'sidik/evaluate'
import {
  type Impression,
  RENDERING_STEPS,
  type RenderingStep,
  SENSOR_SHARES,
  type SensorName,
  synthesizeFinger,
  synthesizeImpression,
} from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { Extractor } from '../../dist/core/extractor.js'
import { loadCore } from '../../dist/node/core-file.js'

const master = synthesizeFinger(11, 2)
const clean = [1, 2, 3].map(index => synthesizeImpression(master, index, { clean: true }))
const soiled = [1, 2, 3, 4].map(index => synthesizeImpression(master, index))
const unattended = [1, 2, 3, 4].map(index => synthesizeImpression(master, index, { unattended: 1 }))
const at = ({ truth }: Impression, xPx: number, yPx: number) =>
  truth.ridges.data[Math.round(yPx) * truth.ridges.widthPx + Math.round(xPx)]

describe('synthesizeImpression', () => {
  it('makes the same impression again, whatever was made before', () => {
    const again = synthesizeImpression(synthesizeFinger(11, 2), 4)
    expect(again).toEqual(soiled[3])
  })

  it('makes other impressions for other indices', () => {
    expect(soiled[0].image.data).not.toEqual(soiled[1].image.data)
    expect(clean[0].image.data).not.toEqual(clean[1].image.data)
  })

  it('has not changed: trained weights and measurements depend on it', () => {
    const { image } = synthesizeImpression(synthesizeFinger(1, 1), 1)
    expect(createHash('sha256').update(image.data).digest('hex')).toBe(
      '9fedc6f20edb4f8830dd55c34141886fb9bc8eb3e6ecb7c17af56c24f001ab20',
    )
  })

  it('says where skin touches, and has its minutiae there', () => {
    for (const { truth, image } of [...clean, ...soiled, ...unattended]) {
      const { contact, minutiae } = truth
      expect([contact.widthPx, contact.heightPx, contact.ppi]).toEqual([image.widthPx, image.heightPx, 500])
      expect(image.data.length).toBe(image.widthPx * image.heightPx)
      expect(minutiae.length).toBeGreaterThan(4)
      for (const { xPx, yPx } of minutiae) {
        expect(contact.data[Math.floor(yPx) * contact.widthPx + Math.floor(xPx)]).toBe(255)
      }
    }
  })

  it('has minutiae where its clean ridges end or fork: on a ridge, a valley beyond an ending, a ridge behind a fork', () => {
    const PX = 6
    let [right, all] = [0, 0]
    for (const impression of [...clean, ...soiled, ...unattended]) {
      for (const { xPx, yPx, directionRad, type } of impression.truth.minutiae) {
        const [dx, dy] = [Math.cos(directionRad), -Math.sin(directionRad)]
        const ahead = at(impression, xPx + PX * dx, yPx + PX * dy) < 128
        const behind = at(impression, xPx - PX * dx, yPx - PX * dy) < 128
        all++
        if (type === 'ridge-ending' ? ahead && !behind : !ahead && behind) right++
      }
    }
    expect(right / all).toBeGreaterThan(0.85)
  })

  it('moves the minutiae of one finger rigidly between clean impressions', () => {
    const [a, b] = clean.map(impression => impression.truth.minutiae)
    // The turn that most directions share, then the shift.
    const votes = new Map<number, number>()
    for (const p of a) {
      for (const q of b) {
        if (p.type !== q.type) continue
        const turn = Math.round((((q.directionRad - p.directionRad + 4 * Math.PI) % (2 * Math.PI)) * 180) / Math.PI)
        votes.set(turn, (votes.get(turn) ?? 0) + 1)
      }
    }
    const [turns] = [...votes].sort((one, other) => other[1] - one[1])
    const angle = (turns[0] * Math.PI) / 180
    const turned = a.map(p => ({
      ...p,
      xPx: p.xPx * Math.cos(angle) + p.yPx * Math.sin(angle),
      yPx: -p.xPx * Math.sin(angle) + p.yPx * Math.cos(angle),
      directionRad: p.directionRad + angle,
    }))
    const best = Math.max(
      ...turned.flatMap(p =>
        b.map(q => {
          const moved = turned.map(m => ({ ...m, xPx: m.xPx + q.xPx - p.xPx, yPx: m.yPx + q.yPx - p.yPx }))
          return minutiaeAgreement(moved, b, { distancePx: 3, directionRad: 0.03 }).matched
        }),
      ),
    )
    expect(best / Math.min(a.length, b.length)).toBeGreaterThan(0.85)
  })

  it('gives the orientation of the clean ridges on its grid, and none without contact', () => {
    const { truth } = soiled[0]
    const { cellPx, columns, orientationsRad } = truth.orientation
    orientationsRad.forEach((angle, i) => {
      const x = ((i % columns) + 0.5) * cellPx
      const y = (Math.floor(i / columns) + 0.5) * cellPx
      const touches = truth.contact.data[y * truth.contact.widthPx + x] > 0
      expect(Number.isNaN(angle)).toBe(!touches)
      if (touches) expect(angle >= 0 && angle < Math.PI + 1e-6).toBe(true)
    })
  })

  it('is what an extractor finds: recall and precision of 0.8 on clean impressions', () => {
    const extractor = new Extractor(loadCore())
    let [matched, found, truth] = [0, 0, 0]
    for (let finger = 1; finger <= 4; finger++) {
      const impression = synthesizeImpression(synthesizeFinger(11, finger), 1, { clean: true })
      const { minutiae } = extractor.extract(impression.image)
      matched += minutiaeAgreement(minutiae, impression.truth.minutiae).matched
      found += minutiae.length
      truth += impression.truth.minutiae.length
    }
    expect(matched / truth).toBeGreaterThan(0.8)
    expect(matched / found).toBeGreaterThan(0.8)
  }, 20_000)

  it('keeps black ridges on clean white when asked for a clean impression', () => {
    for (const { image, truth } of clean) {
      const wrong = image.data.filter((gray, i) =>
        truth.contact.data[i] === 0 ? gray !== 255 : gray <= 147 !== truth.ridges.data[i] <= 127,
      )
      expect(wrong.length).toBe(0)
    }
  })

  it('imitates every sensor', () => {
    for (const sensor of Object.keys(SENSOR_SHARES) as SensorName[]) {
      const impression = synthesizeImpression(master, 1, { sensor })
      expect(impression.sensor).toBe(sensor)
      // Some contrast, and grays that were not all clipped.
      const { data } = impression.image
      const mean = data.reduce((sum, gray) => sum + gray, 0) / data.length
      const deviation = Math.sqrt(data.reduce((sum, gray) => sum + (gray - mean) ** 2, 0) / data.length)
      expect(deviation).toBeGreaterThan(8)
      expect(new Set(data).size).toBeGreaterThan(20)
    }
  })

  it('rolls a finger that is asked for so, with more in contact than any touch of it', () => {
    const shown = ({ truth }: Impression) => truth.contact.data.reduce((sum, value) => sum + value / 255, 0)
    const rolled = synthesizeImpression(master, 1, { rolled: true })
    expect(shown(rolled)).toBeGreaterThan(1.2 * Math.max(...soiled.map(shown)))
    expect(rolled.sensor).toBe(soiled[0].sensor)
  })

  it('turns as many touches as nobody attends to, and draws the others as without', () => {
    const shown = (index: number, unattended: number) =>
      synthesizeImpression(master, index, { clean: true, unattended }).truth.minutiae
    const turned = [0, 1, 2, 3, 4, 5, 6, 7].filter(index => {
      const half = shown(index, 0.5)
      const is = (share: number) => isDeepStrictEqual(half, shown(index, share))
      expect([is(0), is(1)].filter(Boolean), `touch ${index}`).toHaveLength(1)
      return is(1)
    })
    expect(turned.length).toBeGreaterThan(1)
    expect(turned.length).toBeLessThan(7)
  })

  it('leaves more where nobody cleans the sensor, and shows no minutia of it', () => {
    // Gray levels beside the finger, as far as they differ from the commonest one.
    const left = ({ image, truth }: Impression) => {
      const beside = image.data.filter((_, i) => truth.contact.data[i] === 0)
      const ground = beside.toSorted()[beside.length >> 1]
      return beside.filter(gray => ground - gray > 40).length / beside.length
    }
    const sum = (share: number) =>
      Array.from({ length: 6 }, (_, index) =>
        left(synthesizeImpression(master, index, { sensor: 'optical', unattended: share })),
      ).reduce((a, b) => a + b)
    expect(sum(1)).toBeGreaterThan(1.5 * sum(0))
  })

  it.each(RENDERING_STEPS)('leaves out %s, and with it nothing else', step => {
    const without = [1, 2, 3, 4].map(index => synthesizeImpression(master, index, { without: [step] }))
    const same = without.map(({ image }, i) => image.data.every((gray, at) => gray === soiled[i].image.data[at]))
    expect(same).toContain(false)
    for (const [i, { truth }] of without.entries()) {
      if (step === 'contact' || step === 'drag') continue
      expect(Buffer.compare(truth.contact.data, soiled[i].truth.contact.data), 'skin touches where it did').toBe(0)
      expect(Buffer.compare(truth.ridges.data, soiled[i].truth.ridges.data)).toBe(0)
    }
  })

  it('takes less than 0.6 s of processor time, twice what is asked of it when nothing else runs', () => {
    const started = process.cpuUsage()
    for (let index = 10; index < 15; index++) synthesizeImpression(master, index)
    expect(process.cpuUsage(started).user / 5000).toBeLessThan(600)
  })

  it('refuses bad indices, unknown sensors and steps', () => {
    expect(() => synthesizeImpression(master, -1)).toThrow(RangeError)
    expect(() => synthesizeImpression(master, 1.5)).toThrow('impressionIndex')
    expect(() => synthesizeImpression(master, 1, { sensor: 'ink' as SensorName })).toThrow(RangeError)
    expect(() => synthesizeImpression(master, 1, { without: ['dirt' as RenderingStep] })).toThrow('without')
    for (const unattended of [-0.1, 1.1, Number.NaN]) {
      expect(() => synthesizeImpression(master, 1, { unattended })).toThrow(RangeError)
    }
  })
})

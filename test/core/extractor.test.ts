import fc from 'fast-check'
import type { GrayImage } from 'sidik'
import { SidikError } from 'sidik'
import { describe, expect, it } from 'vitest'
import { Extractor, STAGES, type Stage, type Stages } from '../../dist/core/extractor.js'
import { CORE_TARGETS, WAYS } from '../core-targets.js'
import { cleanImpressions, cropped, paint } from '../extract/pictures.js'
import { digest } from '../extract/stage-lab.js'

const images = cleanImpressions(2).map(impression => impression.image)
const large = paint(700, 640, (x, y) => images[0].data[((y + 150) % 400) * 320 + (x % 320)])

/** What does not depend on time: the print, or the code it was refused with. */
function outcome(extractor: Extractor, image: GrayImage) {
  try {
    const { extractMs: _, ...print } = extractor.extract(image)
    return print
  } catch (error) {
    if (error instanceof SidikError) return error.code
    throw error
  }
}

describe.each(WAYS)('Extractor ($target, $way)', ({ module, way, network }) => {
  const extractor = new Extractor(module, network)
  /** The learned extraction enhances nothing and draws no ridges. */
  const stagesOf = (of: Extractor) => {
    const { enhanced, ridges, skeleton, ...others } = of.stages()
    return digest((way === 'learned' ? others : { enhanced, ridges, skeleton, ...others }) as Stages)
  }

  it('gives the same again, and what another gives', () => {
    const first = outcome(extractor, images[0])
    expect(outcome(extractor, images[0])).toEqual(first)
    expect(outcome(new Extractor(module, network), images[0])).toEqual(first)
  })

  it('remembers nothing of the prints before', () => {
    const small = cropped(images[1], 60, 80, 181, 203)
    const fresh = [small, images[1], { ...images[0], ppi: 569 }].map(image => {
      const other = new Extractor(module, network)
      return { image, print: outcome(other, image), stages: stagesOf(other) }
    })
    const blank = paint(320, 400, () => 255)
    for (const { image, print, stages } of fresh) {
      for (const before of [large, blank, images[0], cropped(images[0], 100, 100, 33, 47)]) {
        outcome(extractor, before)
        expect(outcome(extractor, image)).toEqual(print)
        expect(stagesOf(extractor)).toEqual(stages)
      }
    }
  })

  it('does not alter the image', () => {
    const copy = images[0].data.slice()
    extractor.extract(images[0])
    expect(Buffer.compare(images[0].data, copy)).toBe(0)
  })

  it('tells every stage once and in order, and those of the ridges only of what has ridges', () => {
    const told: Stage[] = []
    const listened = new Extractor(module, network, stage => told.push(stage))
    listened.extract(images[0])
    const view = STAGES.indexOf('view')
    const rest = way === 'learned' ? STAGES.slice(view) : STAGES.slice(6, view)
    expect(told.splice(0)).toEqual([...STAGES.slice(0, 6), ...rest])
    expect(
      outcome(
        listened,
        paint(100, 100, () => 200),
      ),
    ).toBe('NOT_A_FINGERPRINT')
    expect(told).toEqual(STAGES.slice(0, 6))
  })

  it('takes images of any shape: what it reports lies in them', () => {
    const side = fc.integer({ min: 32, max: 330 })
    fc.assert(
      fc.property(side, side, fc.integer({ min: 250, max: 1100 }), (widthPx, heightPx, ppi) => {
        const image = paint(widthPx, heightPx, (x, y) => images[0].data[((y + 90) % 400) * 320 + ((x + 60) % 320)])
        const print = outcome(extractor, { ...image, ppi })
        if (typeof print === 'string') {
          expect(print).toBe('NOT_A_FINGERPRINT')
          return
        }
        expect(print.widthPx).toBe(Math.max(1, Math.round((widthPx * 500) / ppi)))
        for (const { xPx, yPx, directionRad, quality } of print.minutiae) {
          expect(Number.isInteger(xPx) && xPx >= 0 && xPx < print.widthPx).toBe(true)
          expect(Number.isInteger(yPx) && yPx >= 0 && yPx < print.heightPx).toBe(true)
          expect(directionRad >= 0 && directionRad < 2 * Math.PI).toBe(true)
          expect(Number.isInteger(quality) && quality >= 1 && quality <= 100).toBe(true)
        }
      }),
      { numRuns: 25 },
    )
  })

  it.each([
    [32, 32],
    [33, 47],
    [2000, 64],
    [64, 2000],
    [35, 3001],
  ])('does not stumble over %i x %i px', (widthPx, heightPx) => {
    const ridges = paint(widthPx, heightPx, (x, y) => images[0].data[(120 + (y % 180)) * 320 + 110 + (x % 110)])
    const print = outcome(extractor, ridges)
    if (widthPx * heightPx < 20_000) expect(print).toBe('NOT_A_FINGERPRINT')
    else expect(print).toMatchObject({ widthPx, heightPx })
    expect(
      outcome(
        extractor,
        paint(widthPx, heightPx, () => 128),
      ),
    ).toBe('NOT_A_FINGERPRINT')
  })
})

describe('the largest print', () => {
  const extractor = new Extractor(CORE_TARGETS[0].module)
  const tiled = (widthPx: number, heightPx: number): GrayImage => {
    const data = new Uint8Array(widthPx * heightPx)
    for (let i = 0; i < data.length; i++) {
      data[i] = images[0].data[(100 + (Math.floor(i / widthPx) % 200)) * 320 + 80 + ((i % widthPx) % 160)]
    }
    return { data, widthPx, heightPx, ppi: 500 }
  }

  it('has 4 million pixels at 500 ppi, and 255 minutiae at most', () => {
    const { minutiae, widthPx, heightPx } = extractor.extract(tiled(2000, 2000))
    expect([widthPx, heightPx, minutiae.length]).toEqual([2000, 2000, 255])
    expect(extractor.extract(images[0]).minutiae).toEqual(
      new Extractor(CORE_TARGETS[0].module).extract(images[0]).minutiae,
    )
  })

  it.each([
    [2001, 2000, 500],
    [4410, 4401, 1100],
    [1001, 1000, 250],
    [32, 560_000, 1100],
    [130_000, 32, 500],
  ])('is not %i x %i px at %i ppi', (widthPx, heightPx, ppi) => {
    const data = new Uint8Array(widthPx * heightPx)
    const refused = () => extractor.extract({ data, widthPx, heightPx, ppi })
    expect(refused).toThrow(
      expect.objectContaining({ code: 'IMAGE_TOO_LARGE', message: expect.stringMatching(/px at 500 ppi/) }),
    )
  })
})

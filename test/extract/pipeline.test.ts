import type { GrayImage, Minutia } from 'sidik'
import { minutiaeAgreement } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { cleanImpressions, paint, placed, regrayed, TURN } from './pictures.js'
import { digest, StageLab } from './stage-lab.js'

const images = cleanImpressions(2).map(impression => impression.image)

function expectAlike(found: readonly Minutia[], expected: readonly Minutia[], share: number, distancePx: number) {
  expect(expected.length).toBeGreaterThan(12)
  const { recall, precision, typeAgreement } = minutiaeAgreement(found, expected, { distancePx })
  expect(recall).toBeGreaterThanOrEqual(share)
  expect(precision).toBeGreaterThanOrEqual(share)
  expect(typeAgreement).toBeGreaterThanOrEqual(share)
}

/** A quarter turn counter-clockwise. */
function turned({ data, widthPx, heightPx }: GrayImage): GrayImage {
  return paint(heightPx, widthPx, (x, y) => data[x * widthPx + widthPx - 1 - y])
}

function turnedMinutia(minutia: Minutia, widthPx: number): Minutia {
  const directionRad = (minutia.directionRad + Math.PI / 2) % TURN
  return { ...minutia, xPx: minutia.yPx, yPx: widthPx - 1 - minutia.xPx, directionRad }
}

describe.each(CORE_TARGETS)('the whole extraction ($target)', ({ module }) => {
  const { extractor } = new StageLab(module)
  const minutiaeOf = (image: GrayImage) => extractor.extract(image).minutiae

  // The ridge period is sampled in every second cell, as on a chessboard: an even number of cells changes nothing.
  it('moves minutiae with the print, exactly so by an even number of cells', () => {
    for (const image of images) {
      const at = (left: number, top: number) => minutiaeOf(placed(image, 420, 500, left, top))
      const before = at(40, 40)
      for (const [dx, dy] of [
        [4, 4],
        [-24, 40],
        [40, 40],
      ]) {
        const expected = before.map(minutia => ({ ...minutia, xPx: minutia.xPx + dx, yPx: minutia.yPx + dy }))
        expect(at(40 + dx, 40 + dy)).toEqual(expected)
      }
      const expected = before.map(minutia => ({ ...minutia, xPx: minutia.xPx + 1, yPx: minutia.yPx + 2 }))
      // Less than a cell: every cell sees other pixels, and an ending slides along its ridge.
      expectAlike(at(41, 42), expected, 0.8, 8)
    }
  })

  it('turns minutiae with the print by quarters', () => {
    for (const image of images) {
      let now = image
      let expected = minutiaeOf(image)
      for (let quarter = 1; quarter < 4; quarter++) {
        expected = expected.map(minutia => turnedMinutia(minutia, now.widthPx))
        now = turned(now)
        expectAlike(minutiaeOf(now), expected, 0.85, 4)
      }
    }
  })

  it('does not mind contrast and brightness', () => {
    for (const image of images) {
      const minutiae = minutiaeOf(image)
      for (const [gain, offset] of [
        [0.5, 60],
        [0.7, 0],
        [0.1, 200],
      ]) {
        expectAlike(minutiaeOf(regrayed(image, gray => gain * gray + offset)), minutiae, 0.9, 3)
      }
    }
  })

  it('finds the same print at another resolution', () => {
    const [{ data, widthPx, heightPx }] = images
    const doubled = paint(2 * widthPx, 2 * heightPx, (x, y) => data[(y >> 1) * widthPx + (x >> 1)])
    expectAlike(minutiaeOf({ ...doubled, ppi: 1000 }), minutiaeOf(images[0]), 0.85, 4)
  })
})

describe('both builds of the core', () => {
  it('give bit by bit the same results', () => {
    const [release, debug] = CORE_TARGETS.map(({ module }) => new StageLab(module))
    for (const image of [images[0], { ...images[1], ppi: 569 }]) {
      const { extractMs: _, ...a } = release.extractor.extract(image)
      const { extractMs: __, ...b } = debug.extractor.extract(image)
      expect(b).toEqual(a)
      expect(digest(debug.extractor.stages())).toEqual(digest(release.extractor.stages()))
    }
  })
})

import { existsSync, readFileSync } from 'node:fs'
import type { GrayImage } from 'sidik'
import { type SegmentSlapOptions, segmentSlap } from 'sidik/capture'
import { SLAP_DISTURBANCES, type SlapOptions, synthesizeSlap } from 'sidik/synthesize'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeImage } from '../../../dist/image/decode.js'
import { slapTouches } from '../../support/slap-touches.js'

let touches: ReturnType<typeof slapTouches>
beforeAll(() => {
  touches = slapTouches(2)
})

const codesOf = ({ problems }: ReturnType<typeof segmentSlap>) => problems.map(({ code }) => code)
const positionsOf = ({ fingers }: ReturnType<typeof segmentSlap>) => fingers.map(({ position }) => position)

/** How far, mm, the middle of each box is from the true one; Infinity for a finger that was not found. */
function offsMm(index: number, draw: SlapOptions, options: SegmentSlapOptions) {
  const slap = synthesizeSlap(touches, index, { residue: 0.05, ppi: 250, ...draw })
  const result = segmentSlap(slap.image, options)
  const offs = slap.fingers.map(({ position, corners, tiltRad }) => {
    const found = result.fingers.find(finger => finger.position === position)
    if (found === undefined) return Number.POSITIVE_INFINITY
    if (!draw.disturbances) expect(Math.abs(found.box.rotationRad - tiltRad)).toBeLessThan(0.25)
    const x = (corners[0].xPx + corners[2].xPx) / 2
    const y = (corners[0].yPx + corners[2].yPx) / 2
    return (Math.hypot(found.box.xPx - x, found.box.yPx - y) * 25.4) / slap.image.ppi
  })
  return { slap, result, offs }
}

describe('segmentSlap of synthetic slaps', () => {
  const STRONG = [0.8, 0.8, 0.8, 0.8]

  it.each<[string, SlapOptions, SegmentSlapOptions]>([
    ['a right hand', { code: 13 }, { hand: 'right' }],
    ['a left hand, by its code', { code: 14 }, { hand: 14 }],
    ['a hand turned by 40 degrees', { rotationRad: 0.7 }, { hand: 'right' }],
    ['a hand turned by -40 degrees', { rotationRad: -0.7 }, { hand: 'right' }],
    ['a hand of which nobody said which', { code: 14 }, {}],
    ['dark glass', { background: 70 }, { hand: 'right' }],
    ['500 ppi', { ppi: 500 }, { hand: 'right' }],
    ['1,000 ppi, two fingers', { code: 43, ppi: 1000 }, { hand: 43 }],
    ['both thumbs', { code: 15 }, { hand: 'thumbs' }],
    ['one thumb', { code: 12 }, { hand: 'left-thumb' }],
    ['a hand without its ring finger', { missing: [4] }, { hand: 'right', missing: [4, 7] }],
    ['index and middle finger alone', { code: 43 }, { hand: 43 }],
  ])('%s: each finger is where it is', (_, draw, options) => {
    const { offs, result } = offsMm(1, { strength: STRONG, ...draw }, options)
    expect(codesOf(result)).toEqual([])
    for (const off of offs) expect(off).toBeLessThan(2)
  })

  it('tells the hand and how sure that is', () => {
    for (const code of [13, 14]) {
      const { result } = offsMm(2, { code, strength: STRONG }, {})
      expect(result.slap).toMatchObject({ code, by: 'geometry' })
      expect(result.slap!.certainty).toBeGreaterThan(0.9)
    }
    expect(offsMm(2, {}, { hand: 13 }).result.slap).toEqual({ code: 13, by: 'stated', certainty: 1 })
  })

  it('doubts a hand that looks like the other one', () => {
    expect(codesOf(offsMm(2, { code: 13, strength: STRONG }, { hand: 'left' }).result)).toContain('hand-mismatch')
  })

  it.each([2, 3, 4, 5])('says that finger %i is not there, and names none', missing => {
    const { result } = offsMm(1, { missing: [missing], strength: STRONG }, { hand: 'right' })
    expect(result.problems).toContainEqual({
      code: 'wrong-count',
      message: '3 fingers found where 4 were expected: lay all of them down, or state those that are missing',
    })
    expect(positionsOf(result)).toEqual([undefined, undefined, undefined])
    const present = offsMm(1, { strength: STRONG }, { hand: 'right', missing: [missing] }).result
    expect(codesOf(present)).toContain('wrong-count')
    expect(positionsOf(present)).toEqual([undefined, undefined, undefined, undefined])
  })

  it('reports fingers that overlap', () => {
    const reported = [0, 1, 2, 3].filter(index => {
      const { problems } = segmentSlap(
        synthesizeSlap(touches, index, { gapMm: -2, strength: STRONG, ppi: 250 }).image,
        {
          hand: 13,
        },
      )
      return problems.some(({ code }) => code === 'fingers-overlap' || code === 'wrong-count')
    })
    expect(reported).toEqual([0, 1, 2, 3])
  })

  it('gives an upright image of each finger: turned by nothing, and full of ridges', () => {
    const { result } = offsMm(1, { rotationRad: 0.5, strength: STRONG }, { hand: 'right' })
    for (const { image, box, ridgeAreaMm2 } of result.fingers) {
      expect([image.widthPx, image.heightPx, image.ppi]).toEqual([box.widthPx, box.heightPx, 250])
      expect(image.data.length).toBe(box.widthPx * box.heightPx)
      const again = segmentSlap(image, { hand: 1 })
      expect(again.fingers).toHaveLength(1)
      expect(Math.abs(again.fingers[0].box.rotationRad)).toBeLessThan(0.2)
      expect(again.fingers[0].ridgeAreaMm2).toBeGreaterThan(0.8 * ridgeAreaMm2)
    }
  })

  /** Indices of those slaps on which each finger is where it is said to be. */
  function placedOf(indices: readonly number[], draw: SlapOptions) {
    return indices.filter(index => {
      const { offs } = offsMm(index, { strength: STRONG, ...draw }, { hand: 'right' })
      return offs.every(off => off < 6)
    })
  }
  const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i)

  it.each<[string, SlapOptions, number]>([
    ['upright', {}, 31],
    ['turned by 35 degrees', { rotationRad: 0.6 }, 37],
  ])('gives phalanges to nobody, also where they bend off the line of their finger, %s', (_, draw, index) => {
    expect(placedOf([index, 0, 1, 2], { disturbances: ['joints'], ...draw })).toEqual([index, 0, 1, 2])
  })

  it('takes no grain of worn paper for a finger', () => {
    expect(placedOf(from(0, 16), { disturbances: ['wear'] }).length).toBeGreaterThanOrEqual(15)
  })

  it('cuts cards with joints, writing, captions, holes, creases and wear', () => {
    const draw = { disturbances: SLAP_DISTURBANCES, rotationRad: 0.6 }
    expect(placedOf(from(22, 16), draw).length).toBeGreaterThanOrEqual(13)
  })

  it('gives no region wider than a finger as one', () => {
    // Four fingers of which each takes twice the width that a finger has.
    const { image } = synthesizeSlap(touches, 1, { rotationRad: 0, strength: STRONG, ppi: 500 })
    const result = segmentSlap({ ...image, ppi: 250 }, { hand: 'right' })
    for (const { box } of result.fingers) expect((box.widthPx * 25.4) / 250).toBeLessThan(26.3)
    expect(codesOf(result)).toContain('fingers-overlap')
    expect(positionsOf(result).every(position => position === undefined)).toBe(true)
  })

  it('reports a finger that the edge cuts off', () => {
    const { image } = synthesizeSlap(touches, 1, { rotationRad: 0, strength: STRONG, ppi: 250 })
    const gone = 120
    const data = image.data.slice(gone * image.widthPx)
    const { problems } = segmentSlap({ ...image, data, heightPx: image.heightPx - gone }, { hand: 'right' })
    expect(problems.map(({ code }) => code)).toContain('finger-at-edge')
  })
})

describe('segmentSlap', () => {
  const blank = (gray: number): GrayImage => ({
    data: new Uint8Array(800 * 500).fill(gray),
    widthPx: 800,
    heightPx: 500,
    ppi: 500,
  })

  it('finds nothing where nothing is', () => {
    for (const gray of [0, 128, 255]) {
      const result = segmentSlap(blank(gray), { hand: 'left' })
      expect(result.fingers).toEqual([])
      expect(codesOf(result)).toEqual(['no-finger', 'wrong-count'])
    }
    const noise = { ...blank(0), data: Uint8Array.from({ length: 800 * 500 }, (_, i) => (i * 2_654_435_761) >>> 24) }
    expect(codesOf(segmentSlap(noise, { hand: 'left' }))).toContain('wrong-count')
  })

  it.each<[unknown, RegExp]>([
    [{ hand: 'both' }, /^hand must be 'right' \(13\)/],
    [{ hand: 21 }, /^hand must be/],
    [{ missing: [11] }, /^missing\[0\] is 11/],
    [{ missing: [2, 2] }, /^missing lists finger 2 twice/],
    [{ missing: 2 }, /^missing must be a list/],
    [{ hand: 'left-thumb', missing: [6] }, /^missing lists every finger/],
    [{ hands: 'left' }, /did you mean 'hand'/],
  ])('refuses %j', (options, message) => {
    expect(() => segmentSlap(blank(255), options as SegmentSlapOptions)).toThrow(message)
  })

  it('refuses images that are none', () => {
    expect(() => segmentSlap({ ...blank(255), ppi: 100 })).toThrow(/100 ppi/)
    expect(() => segmentSlap({ ...blank(255), widthPx: 10 })).toThrow(RangeError)
  })
})

/** Slaps of NIST's reference set, which are not ours to publish: skipped where they are absent. */
const FOLDER = new URL('../../../../shared/data/formats/slaps/', import.meta.url)

describe.skipIf(!existsSync(FOLDER))('slaps made by others', () => {
  it.each<[string, number, number[]]>([
    ['a001_fgp12', 12, [6]],
    ['a001_fgp13', 13, [2, 3, 4, 5]],
    ['a001_fgp14', 14, [10, 9, 8, 7]],
    ['valid1.8_fgp13', 13, [2, 3, 4, 5]],
    ['valid1.8_fgp14', 14, [10, 9, 8, 7]],
  ])('%s is cut as NIST did, in writing, print and the holes of a punch', async (name, hand, positions) => {
    const image = await decodeImage(readFileSync(new URL(`${name}.png`, FOLDER)), { ppi: 500 })
    const result = segmentSlap(image, { hand })
    expect(positionsOf(result)).toEqual(positions)
    expect(codesOf(result).filter(code => code !== 'finger-at-edge')).toEqual([])
    if (positions.length === 4) expect(segmentSlap(image).slap).toMatchObject({ code: hand, by: 'geometry' })
    const boxes = readFileSync(new URL('expected_boxes.txt', FOLDER), 'utf8').split('\n')
    for (const line of boxes.filter(line => line.startsWith(`${name} `))) {
      const [position, left, right, top, bottom] = line.split(' ').slice(1).map(Number)
      // A plain thumb has a code of its own there.
      const { box } = result.fingers.find(finger => finger.position === (position === 12 ? 6 : position))!
      expect(Math.abs(box.xPx - (left + right) / 2)).toBeLessThan(60)
      expect(Math.abs(box.yPx - (top + bottom) / 2)).toBeLessThan(60)
    }
  })

  it.each<[string, (gray: number) => number, number]>([
    ['scanned with hard contrast', gray => Math.min(Math.max(2.5 * gray - 350, 0), 255), 500],
    ['said to be of 450 ppi', gray => gray, 450],
  ])('gives four fingers of a worn card %s: its grain was a fifth', async (_, tone, ppi) => {
    const image = await decodeImage(readFileSync(new URL('a001_fgp13.png', FOLDER)), { ppi: 500 })
    const result = segmentSlap({ ...image, data: image.data.map(tone), ppi }, { hand: 'right' })
    expect(positionsOf(result)).toEqual([2, 3, 4, 5])
  })
})

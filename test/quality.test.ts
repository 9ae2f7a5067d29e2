import { describe, expect, it } from 'vitest'
import { judgeQuality, type Measures } from '../dist/quality.js'

/** Half of the development prints are about so. */
const GOOD: Measures = {
  areaMm2: 150,
  clarity: 0.5,
  contrast: 40,
  ridgeShare: 0.45,
  gray: 130,
  periodPx: 9,
  quality: 71.6,
  flow: 0.9,
  variedMm2: 80,
  poorShare: 0.1,
  offCentre: 0,
}

const codes = (changes: Partial<Measures>, minutiae = 40) =>
  judgeQuality({ ...GOOD, ...changes }, minutiae).reasons.map(reason => reason.code)

describe('the judgement of a print', () => {
  it('rounds what was measured and has nothing to say against a good one', () => {
    expect(judgeQuality({ ...GOOD, areaMm2: 151.27 }, 40)).toEqual({ score: 72, reasons: [], ridgeAreaMm2: 151.3 })
  })

  it.each([
    [{ areaMm2: 59.9 }, 40, ['too-little-ridge-area']],
    [{ areaMm2: 60 }, 40, []],
    [{ contrast: 14.9 }, 40, ['too-faint']],
    [{ contrast: 15 }, 40, []],
    [{}, 11, ['too-few-minutiae']],
    [{}, 12, []],
    [{ clarity: 0.4, ridgeShare: 0.31 }, 40, ['too-dry']],
    [{ clarity: 0.4, ridgeShare: 0.61 }, 40, ['too-wet']],
    [{ clarity: 0.5, ridgeShare: 0.31 }, 40, []],
    [{ quality: 44.9, poorShare: 0.4 }, 40, ['unclear-ridges']],
    [{ quality: 44.9, poorShare: 0.39 }, 40, []],
    [{ quality: 45, poorShare: 0.4 }, 40, []],
    [{ quality: 44.9, clarity: 0.29 }, 40, ['unclear-ridges']],
    [{ quality: 44.9, clarity: 0.3 }, 40, []],
    [{ quality: 44.9, offCentre: 0.15 }, 40, ['off-centre']],
    [{ quality: 44.9, offCentre: 0.14 }, 40, []],
    [{ quality: 45, offCentre: 0.3 }, 40, []],
    [{ clarity: 0.5, ridgeShare: 0.61 }, 40, []],
    [
      { areaMm2: 30, contrast: 5, clarity: 0.4, ridgeShare: 0.1 },
      3,
      ['too-little-ridge-area', 'too-faint', 'too-dry', 'too-few-minutiae'],
    ],
  ] as const)('%j with %i minutiae: %j', (changes, minutiae, expected) => {
    expect(codes(changes, minutiae)).toEqual(expected)
  })

  it.each([
    ['hardly any ridges', { areaMm2: 11.9 }, 8],
    ['unclear ones', { clarity: 0.13 }, 40],
    ['unclear ones that do not flow', { clarity: 0.29, flow: 0.71 }, 40],
    ['a pattern without minutiae', {}, 2],
    ['nothing at all', { areaMm2: 0, clarity: 0, flow: 0, contrast: 0 }, 0],
  ])('%s are no fingerprint, and nothing else is said', (_, changes, minutiae) => {
    expect(codes(changes, minutiae)).toEqual(['not-a-fingerprint'])
  })

  it('believes unclear ridges that flow, clear ones that do not, and few minutiae on a small area', () => {
    expect(codes({ clarity: 0.15, flow: 0.73 })).not.toContain('not-a-fingerprint')
    expect(codes({ clarity: 0.31, flow: 0.5 })).not.toContain('not-a-fingerprint')
    expect(codes({ areaMm2: 20 }, 1)).not.toContain('not-a-fingerprint')
  })

  it('says in every message what to do', () => {
    const { reasons } = judgeQuality({ ...GOOD, areaMm2: 30, contrast: 5, clarity: 0.4, ridgeShare: 0.9 }, 3)
    expect(reasons).toHaveLength(4)
    const others = judgeQuality({ ...GOOD, quality: 10, poorShare: 1, offCentre: 0.5 }, 30).reasons
    for (const { message } of others) expect(message).toMatch(/^(ridges unclear or broken|off centre): [a-z ,]{15,}$/)
    expect(others).toHaveLength(2)
    for (const { message } of reasons) expect(message).toMatch(/^too [a-z ]+: [a-z ,]{15,}$/)
  })
})

import { CAPTURE_DEVICE_TECHNOLOGIES, compressionsOf, impressionsOf } from 'sidik/formats'
import { describe, expect, it } from 'vitest'

describe('names of codes', () => {
  it('are those of the edition', () => {
    expect([compressionsOf('ansi-381-2004').get(5), compressionsOf('iso-19794-4-2011').get(5)]).toEqual([
      'png',
      'jpeg2000-lossless',
    ])
    const ninth = (
      ['iso-19794-2-2005', 'ansi-378-2004', 'iso-19794-4-2005', 'ansi-381-2004', 'iso-19794-2-2011'] as const
    ).map(format => impressionsOf(format).get(9))
    expect(ninth).toEqual([
      undefined,
      'live-scan contactless',
      'live-scan contactless',
      'live-scan contactless',
      'live-scan vertical roll',
    ])
    expect(impressionsOf('ansi-378-2009').get(25)).toBe('live-scan optical contactless rolled')
    expect(impressionsOf('iso-19794-2-2005-card').size).toBe(0)
    expect([CAPTURE_DEVICE_TECHNOLOGIES.size, CAPTURE_DEVICE_TECHNOLOGIES.get(20)]).toEqual([21, 'glass fibre'])
  })
})

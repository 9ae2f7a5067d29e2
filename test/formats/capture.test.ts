import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Capture, readCapture, UNKNOWN_TIME, writeCapture } from '../../src/formats/capture.js'
import type { Deviation } from '../../src/formats/deviation.js'
import { FieldReader } from '../../src/formats/field-reader.js'
import { FieldWriter } from '../../src/formats/field-writer.js'

function read(bytes: Uint8Array, isCertified = false): { capture: Capture; heard: Deviation[] } {
  const heard: Deviation[] = []
  const reader = new FieldReader(bytes, 'record', { onDeviation: deviation => heard.push(deviation) })
  const capture = readCapture(reader, isCertified, field => `${field} of view 0`)
  expect(reader.leftBytes).toBe(0)
  return { capture, heard }
}

function written(capture: Capture, isCertified = false): Uint8Array {
  const writer = new FieldWriter()
  writeCapture(writer, capture, 'views[0]', isCertified)
  return writer.finish()
}

describe('how a print was taken', () => {
  it('is written as it was read, whatever the bytes', () => {
    const blocks = (bytes: number) => fc.array(fc.uint8Array({ minLength: bytes, maxLength: bytes }), { maxLength: 3 })
    const part = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 255))
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 14, maxLength: 14 }),
        blocks(5),
        fc.option(blocks(3)),
        (head, qualities, certifications) => {
          const certified = certifications
            ? [certifications.length, ...certifications.flatMap(block => [...block])]
            : []
          const bytes = Uint8Array.of(
            ...head,
            qualities.length,
            ...qualities.flatMap(block => [...block]),
            ...certified,
          )
          expect(written(read(bytes, certifications !== null).capture, certifications !== null)).toEqual(bytes)
        },
      ),
    )
  })

  it('may be known up to any part of its time', () => {
    const time = [0x07, 0xe8, 2, 29, 23, 59, 60, 0x03, 0xe7]
    for (let known = 0; known <= time.length; known++) {
      if (known === 1 || known === 8) continue
      const parts = time.map((byte, i) => (i < known ? byte : 0xff))
      expect(read(Uint8Array.of(...parts, 0, 0, 0, 0, 0, 0)).heard).toEqual([])
    }
    expect(read(Uint8Array.of(...Array(9).fill(0xff), 0, 0, 0, 0, 0, 0)).capture.captureTime).toEqual(UNKNOWN_TIME)
  })

  it('deviates by each part that is out of its range, and where a time goes on behind what is unknown', () => {
    const { heard } = read(
      Uint8Array.of(0x07, 0xe8, 13, 0, 0xff, 59, 0xff, 0x03, 0xe7, 21, 0, 0, 0, 0, 1, 101, 0, 0, 0, 0),
    )
    expect(heard.map(({ field, offset, message }) => `${field} (${offset}) ${message}`)).toEqual([
      'capture month of view 0 (2) is 13, not 1 to 12',
      'capture day of view 0 (3) is 0, not 1 to 31',
      'capture minute of view 0 (5) is 59, the hour is unknown',
      'capture millisecond of view 0 (7) is 999, the second is unknown',
      'capture device technology of view 0 (9) is 21, which is reserved',
      'quality score of view 0 (15) is 101, not 0 to 100 or 255',
    ])
  })

  it('has certifications only where the record says so', () => {
    const { capture } = read(Uint8Array.of(...Array(9).fill(0xff), 0, 0, 0, 0, 0, 0, 1, 0, 0x40, 2), true)
    expect(capture.certificationBlocks).toEqual([{ authorityId: 0x40, scheme: 2 }])
    expect(() => written(capture)).toThrow(
      new RangeError('views[0].certificationBlocks has some, hasCertificationBlocks of the record is false'),
    )
  })
})

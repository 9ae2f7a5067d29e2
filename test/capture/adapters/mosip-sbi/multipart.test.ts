import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundaryOf, MultipartSplitter } from '../../../../dist/capture/adapters/mosip-sbi/multipart.js'

/** Bytes in pieces that end anywhere. */
function split(bytes: Uint8Array, cuts: readonly number[], boundary: string): Buffer[] {
  const splitter = new MultipartSplitter(boundary)
  const ends = [...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  let begin = 0
  return ends.flatMap(end => {
    const piece = bytes.subarray(begin, end)
    begin = end
    return splitter.push(piece).map(part => Buffer.from(part))
  })
}

/** How servers write parts: hyphens before the boundary, length, ends of lines, what comes after the bytes. */
const style = fc.record({
  hyphens: fc.constantFrom('', '--', '----'),
  hasLength: fc.boolean(),
  eol: fc.constantFrom('\r\n', '\n'),
  footer: fc.constantFrom('\r\n', '\r\n\r\n', '\n'),
  preamble: fc.constantFrom('', '\r\n', 'ignore me\r\n'),
})

describe('MultipartSplitter', () => {
  it('takes streams apart as servers write them, cut anywhere', () => {
    const images = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(images, style, fc.array(fc.nat(), { maxLength: 12 }), (parts, written, cuts) => {
        const { hyphens, hasLength, eol, footer, preamble } = written
        const stream = Buffer.concat([
          Buffer.from(preamble),
          ...parts.flatMap(part => [
            Buffer.from(`${hyphens}frame${eol}Content-Type: image/jpeg${eol}`),
            Buffer.from(hasLength ? `content-length:${part.length}${eol}${eol}` : eol),
            part,
            Buffer.from(footer),
          ]),
          Buffer.from(`${hyphens}frame--${eol}`),
        ])
        const taken = split(stream, cuts, 'frame')
        const expected = parts.map(part => {
          // Without a length, the last end of line before the boundary is not the image's.
          const rest = Buffer.from(footer).subarray(0, footer.length - (footer.endsWith('\r\n') ? 2 : 1))
          const glued = Buffer.concat([part, rest])
          if (hasLength) return Buffer.from(part)
          return footer === '\n' && glued.at(-1) === 0x0d ? glued.subarray(0, -1) : glued
        })
        expect(taken.map(part => part.toString('hex'))).toEqual(expected.map(part => part.toString('hex')))
      }),
      { numRuns: 300 },
    )
  })

  it('keeps bytes that look like a boundary and are none', () => {
    const image = Buffer.from('\xff\xd8 frame --frame\r\nxframe\r\n--frames\r\n', 'latin1')
    const stream = Buffer.concat([Buffer.from('--frame\r\n\r\n'), image, Buffer.from('\r\n--frame\r\n')])
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(split(stream, [cut], 'frame').map(String)).toEqual([String(image)])
    }
  })

  it('passes over what stands between parts, and a length that lies', () => {
    const stream =
      '--b\r\ncontent-length: 2\r\n\r\nabcdef\r\n--b\r\ncontent-length: 3\r\n\r\nxyz\r\nHTTP/1.1 200 OK\r\n\r\n{}'
    expect(split(Buffer.from(stream), [], 'b').map(String)).toEqual(['ab', 'xyz'])
  })

  it('holds no more than an image, whatever comes', () => {
    const protocol = expect.objectContaining({ code: 'DEVICE_PROTOCOL' })
    const megabyte = Buffer.alloc(1024 * 1024, 'x')
    const push = (head: string, piece: Uint8Array) => () => {
      const splitter = new MultipartSplitter('b')
      splitter.push(Buffer.from(head))
      for (let i = 0; i < 20; i++) splitter.push(piece)
    }
    expect(push('', megabyte)).toThrow(protocol)
    expect(push('', Buffer.alloc(1024 * 1024, 'x\n'))).toThrow(protocol)
    expect(push('--b\r\n', Buffer.alloc(1024 * 1024, 'a: b\r\n'))).toThrow(protocol)
    expect(push('--b\r\n\r\n', megabyte)).toThrow(protocol)
    expect(push('--b\r\ncontent-length: 99999999\r\n\r\n', megabyte)).toThrow(protocol)
    expect(push('--b\r\ncontent-length: 8388608\r\n\r\n', Buffer.from('x'))).not.toThrow()
  })

  it('never throws anything else', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), fc.string({ minLength: 1 }), (pieces, boundary) => {
        const splitter = new MultipartSplitter(boundary)
        for (const piece of pieces) splitter.push(piece)
      }),
    )
  })
})

describe('boundaryOf', () => {
  it('reads the parameter in the ways it is written', () => {
    expect(boundaryOf('multipart/x-mixed-replace; boundary=--BoundaryString')).toBe('BoundaryString')
    expect(boundaryOf('multipart/x-mixed-replace;boundary="a b"')).toBe('a b')
    expect(boundaryOf('Multipart/X-Mixed-Replace; charset=utf-8; Boundary=frame; x=y')).toBe('frame')
    expect(boundaryOf('multipart/x-mixed-replace')).toBeUndefined()
    expect(boundaryOf('multipart/x-mixed-replace; boundary=--')).toBeUndefined()
    expect(boundaryOf('application/json')).toBeUndefined()
  })
})

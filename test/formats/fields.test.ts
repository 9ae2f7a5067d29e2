import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SidikError } from '../../src/errors.js'
import type { Deviation } from '../../src/formats/deviation.js'
import { FieldReader } from '../../src/formats/field-reader.js'
import { FieldWriter } from '../../src/formats/field-writer.js'

const WIDTHS = { u8: 8, u16: 16, u32: 32, u48: 48 } as const
type Width = keyof typeof WIDTHS

const field = fc.constantFrom(...(Object.keys(WIDTHS) as Width[])).chain(width =>
  fc.tuple(
    fc.constant(width),
    fc.maxSafeNat().map(value => value % 2 ** WIDTHS[width]),
  ),
)

describe('fields of a record', () => {
  it('are read as they were written, whatever they are and however many', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 400 }), fc.uint8Array({ maxLength: 2000 }), (fields, tail) => {
        const writer = new FieldWriter()
        for (const [width, value] of fields) writer[width]('field', value)
        writer.bytes(tail)
        const reader = new FieldReader(writer.finish(), 'record')
        for (const [width, value] of fields) expect(reader[width]('field')).toBe(value)
        expect(reader.bytes('tail', tail.length)).toEqual(tail)
        expect(reader.leftBytes).toBe(0)
      }),
    )
  })

  it('are big-endian', () => {
    const writer = new FieldWriter()
    writer.latin1('FMR\0')
    writer.u16('a', 0x1234)
    writer.u48('b', 0x123456789abc)
    writer.u32('length', 0)
    writer.setU32('length', 12, writer.offset)
    expect(Buffer.from(writer.finish()).toString('hex')).toBe('464d52001234123456789abc00000010')
  })

  it('say which one is missing, and where', () => {
    const reader = new FieldReader(Uint8Array.of(1, 2, 3), 'the record')
    reader.u16('first')
    expect(() => reader.u32('second')).toThrow(
      new SidikError(
        'RECORD_CORRUPT',
        'the record damaged: second (offset 2) needs 4 bytes, there are 1 up to the end at 3; use another copy of the record',
      ),
    )
  })

  it('stay within their part, offsets being those of the whole', () => {
    const reader = new FieldReader(Uint8Array.of(1, 2, 3, 4), 'record')
    reader.u8('head')
    const part = reader.part('part', 2)
    expect([part.offset, part.leftBytes, reader.offset]).toEqual([1, 2, 3])
    expect(part.u16('inside')).toBe(0x0203)
    expect(() => part.u8('beyond')).toThrow('beyond (offset 3)')
    expect(reader.u8('behind')).toBe(4)
  })

  it('are of the values that they may have', () => {
    const reader = new FieldReader(Uint8Array.of(101, 0, 98), 'record')
    expect(() => reader.fork().u8('quality', 0, 100)).toThrow('quality (offset 0) is 101, must be from 0 to 100')
    expect(reader.u8('quality', 0, 101)).toBe(101)
    expect(() => reader.u16('resolution', 99)).toThrow('resolution (offset 1) is 98, must be from 99 to 65535')
  })

  it('can be tried', () => {
    const reader = new FieldReader(Uint8Array.of(1, 2, 3, 4), 'record').part('part', 3)
    const fork = reader.fork()
    expect(fork.u16('tried')).toBe(0x0102)
    expect([fork.leftBytes, reader.offset, reader.leftBytes]).toEqual([1, 0, 3])
    expect(reader.u16('read')).toBe(0x0102)
  })

  it('refuse values that they cannot hold', () => {
    const writer = new FieldWriter()
    expect(() => writer.u8('quality', 101, 0, 100)).toThrow(
      new RangeError('quality is 101, must be a whole number from 0 to 100'),
    )
    expect(() => writer.u16('width', 65536)).toThrow(RangeError)
    expect(() => writer.u48('length', 2 ** 48)).toThrow(RangeError)
  })
})

describe('a deviation', () => {
  it('is thrown unless somebody listens', () => {
    expect(() => new FieldReader(Uint8Array.of(9), 'record').deviation('reserved byte', 0, 'is 9')).toThrow(SidikError)
    const heard: Deviation[] = []
    const options = { onDeviation: (deviation: Deviation) => heard.push(deviation) }
    new FieldReader(Uint8Array.of(9), 'record', options).part('all', 1).deviation('reserved byte', 0, 'is 9')
    expect(heard).toEqual([{ field: 'reserved byte', offset: 0, message: 'is 9' }])
  })
})

describe('a code', () => {
  it('is one that the standard has, or a deviation', () => {
    const known = new Set([7])
    expect(new FieldReader(Uint8Array.of(7), 'record').code('type', known)).toBe(7)
    expect(() => new FieldReader(Uint8Array.of(8), 'record').code('type', known)).toThrow(
      'type (offset 0) is 8, which is reserved',
    )
    expect(new FieldReader(Uint8Array.of(8), 'record', { onDeviation: () => {} }).code('type', known)).toBe(8)
  })
})

describe('arguments', () => {
  it('are checked', () => {
    expect(() => new FieldReader('FMR' as never, 'record')).toThrow(TypeError)
    expect(() => new FieldReader(new Uint8Array(1), 'record', null as never)).toThrow(TypeError)
    expect(() => new FieldReader(new Uint8Array(1), 'record', { onDeviation: 1 as never })).toThrow(TypeError)
  })
})

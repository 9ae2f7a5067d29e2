import fc from 'fast-check'
import { minutiaeFormatOf, readMinutiaeRecord, writeMinutiaeRecord } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { KINDS, recordOf } from './arbitraries.js'
import { GOLDENS } from './golden-records.js'
import { kindOf, outcomeOf, readAs } from './read-any.js'

const isCard = (name: string) => name.endsWith('card') || name === 'normal' || name === 'compact'

describe('records written by hand', () => {
  it.each(GOLDENS)('$name: are read, and written the same', ({ tagged, bytes }) => {
    expect(readAs(kindOf(tagged), bytes)).toEqual(tagged)
    expect(Buffer.from(writeMinutiaeRecord(tagged)).toString('hex')).toBe(Buffer.from(bytes).toString('hex'))
  })

  it.each(GOLDENS)('$name: are read from a view at any offset, and nothing of it is kept', ({ tagged, bytes }) => {
    const shared = new Uint8Array(bytes.length + 3)
    shared.set(bytes, 3)
    const read = readAs(kindOf(tagged), shared.subarray(3))
    shared.fill(0)
    expect(read).toEqual(tagged)
  })

  it.each(GOLDENS.filter(({ name }) => !isCard(name)))('$name: are told by their bytes', ({ tagged, bytes }) => {
    expect(minutiaeFormatOf(bytes)).toBe(tagged.format)
    expect(readMinutiaeRecord(bytes)).toEqual(tagged)
  })
})

describe('any record', () => {
  it.each(KINDS)('%s: is read as it was written, and written the same again', kind => {
    fc.assert(
      fc.property(recordOf[kind], tagged => {
        const bytes = writeMinutiaeRecord(tagged)
        expect(readAs(kind, bytes)).toEqual(tagged)
        expect(outcomeOf(kind, bytes)).toBe('read')
        if (!isCard(kind)) expect(minutiaeFormatOf(bytes)).toBe(kind)
      }),
    )
  })
})

describe('minutiaeFormatOf', () => {
  const golden = (format: string) => GOLDENS.find(({ tagged }) => tagged.format === format)!.bytes

  it('says nothing of other bytes, cards among them, and takes nothing else', () => {
    expect(minutiaeFormatOf(new Uint8Array(0))).toBeUndefined()
    expect(minutiaeFormatOf(golden('iso-19794-2-2005-card'))).toBeUndefined()
    expect(minutiaeFormatOf(Uint8Array.from(Buffer.from('FMR\x00 30\0')))).toBeUndefined()
    expect(() => minutiaeFormatOf('FMR' as never)).toThrow(TypeError)
    expect(() => readMinutiaeRecord('FMR' as never)).toThrow(TypeError)
  })

  it('knows a record that was cut by its header', () => {
    for (const format of ['iso-19794-2-2005', 'iso-19794-2-2011', 'ansi-378-2004', 'ansi-378-2009'] as const) {
      const bytes = golden(format)
      for (let length = 24; length < bytes.length; length++) {
        expect([length, minutiaeFormatOf(bytes.subarray(0, length))]).toEqual([length, format])
      }
    }
  })

  it('knows a record whose length is wrong', () => {
    const changed = (format: string, offset: number, ...values: number[]) => {
      const bytes = golden(format).slice()
      bytes.set(values, offset)
      return minutiaeFormatOf(bytes)
    }
    expect(changed('iso-19794-2-2005', 8, 0, 0, 1, 0)).toBe('iso-19794-2-2005')
    expect(changed('ansi-378-2004', 8, 1, 0)).toBe('ansi-378-2004')
    expect(changed('iso-19794-2-2011', 8, 0, 0, 1, 0)).toBe('iso-19794-2-2011')
    expect(changed('ansi-378-2009', 8, 0, 0, 1, 0)).toBe('ansi-378-2009')
    expect(changed('ansi-378-2009', 4, 0x30, 0x33, 0x35)).toBe('ansi-378-2009')
  })
})

describe('readMinutiaeRecord', () => {
  it('says what it cannot read', () => {
    const begins = (text: string) => () => readMinutiaeRecord(Uint8Array.from(Buffer.from(text, 'latin1')))
    expect(begins('')).toThrow(expect.objectContaining({ code: 'RECORD_FORMAT' }))
    expect(begins('FIR\x000100')).toThrow(expect.objectContaining({ code: 'RECORD_FORMAT' }))
    expect(begins('FMR\0')).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
    expect(begins('FMR\x00 30\0')).toThrow(expect.objectContaining({ code: 'RECORD_VERSION' }))
    expect(begins('FMR\x00 20\0')).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
  })

  it.each(GOLDENS.filter(({ name }) => !isCard(name)))('$name: other readers say what it is', ({ tagged, bytes }) => {
    for (const kind of KINDS.filter(kind => !isCard(kind) && kind !== tagged.format)) {
      const code = kind.slice(0, 4) === tagged.format.slice(0, 4) ? 'RECORD_VERSION' : 'RECORD_FORMAT'
      expect(() => readAs(kind, bytes)).toThrow(expect.objectContaining({ code }))
    }
  })
})

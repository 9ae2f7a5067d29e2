import { describe, expect, it } from 'vitest'
import { fontOf } from '../../../../dist/station/print/render/faces.js'
import { printable, shape } from '../../../../dist/station/print/render/shape.js'

/** Characters from left to right, as they are drawn. */
function seen(text: string): string {
  return shape(printable(text), 'regular')
    .runs.flatMap(({ face, text }) => fontOf(face).layout(text).glyphs)
    .flatMap(({ codePoints }) => codePoints.map(codePoint => String.fromCodePoint(codePoint)))
    .join('')
}

describe('shape', () => {
  it('draws text from left to right, and from right to left what is written so', () => {
    expect(seen('Siti Aminah')).toBe('Siti Aminah')
    expect(seen('שלום')).toBe('םולש')
    // Numbers run from left to right within; brackets are turned (UAX #9, rules I1, L2, L4).
    expect(seen('Ali שלום (בן) 123 Yusuf')).toBe('Ali 123 (ןב) םולש Yusuf')
    expect(seen('٠١٢٣')).toBe('٠١٢٣')
    expect(seen('۱۲۳')).toBe('۱۲۳')
  })

  it('joins Arabic letters: within a word they have other forms than alone', () => {
    const glyphs = (text: string) =>
      fontOf('regular')
        .layout(text)
        .glyphs.map(({ id }) => id)
    const [run] = shape('محمد', 'regular').runs
    expect(glyphs(run.text)).toHaveLength(4)
    const alone = [...'محمد'].flatMap(glyphs)
    expect(glyphs(run.text).filter(id => alone.includes(id)).length).toBeLessThan(2)
  })

  it('places marks on their letter, composed or not', () => {
    expect(seen('Nguye\u0302\u0303n')).toBe('Nguyễn')
    // No composed form: the mark takes no room of its own.
    expect(shape('x\u0331', 'regular').widthEm).toBe(shape('x', 'regular').widthEm)
  })

  it('names what no face has, and draws U+FFFD there', () => {
    const line = shape('Budi 大田 𝖠', 'bold')
    expect(line.missing).toEqual(['大', '田'])
    expect(line.runs.map(({ text }) => text).join('')).toBe('Budi \ufffd\ufffd 𝖠')
    // A mathematical letter, which the bold face lacks.
    expect(line.runs.map(({ face }) => face)).toEqual(['bold', 'regular'])
  })

  it('lets nobody turn a name round by controls that are not seen', () => {
    expect(seen('Ali\u202eitiS\u202c')).toBe('AliitiS')
    expect(printable(' a\u00ad\u200bb\t\n c\u{e0041} ')).toBe('ab c')
  })
})

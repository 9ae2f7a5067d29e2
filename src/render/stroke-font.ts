/**
 * Letters as strokes, so that a legend reads the same on a machine without fonts (most containers) and an overlay has
 * the same bytes everywhere.
 *
 * A glyph is strokes separated by spaces, a stroke is points of two digits: x 0 to 4, y 0 (ascender), 2 (x-height),
 * 6 (baseline), 8 (descender).
 */
const GLYPHS: Readonly<Record<string, string>> = {
  a: '42120305163645 4246',
  b: '0006 023243453606',
  c: '421203051646',
  d: '4046 421203051646',
  e: '044443321203051646',
  f: '30201116 0232',
  g: '42473808 421203051646',
  h: '0006 02324346',
  i: '1216 1010',
  j: '22271808 2020',
  k: '0006 420446',
  l: '1016',
  m: '0206 02122326 23324346',
  n: '0206 02324346',
  o: '123243453616050312',
  p: '0208 023243453606',
  q: '4248 421203051646',
  r: '0206 031232',
  s: '4212031434453606',
  t: '10152636 0232',
  u: '02051646 4246',
  v: '022642',
  w: '0216233642',
  x: '0246 4206',
  y: '02051646 42473808',
  z: '02420646',
  0: '103041453616050110',
  1: '112026 1636',
  2: '01103041420646',
  3: '004022324345361605',
  4: '36300444',
  5: '4000023243453606',
  6: '30100105163645443303',
  7: '004026',
  8: '103041423313020110 1304051636454433',
  9: '43130201103041453616',
  '-': '1434',
  '.': '1616',
  ',': '1607',
  ':': '1313 1616',
  '(': '20111526',
  ')': '00111506',
}

/** Grid units from the ascender to the descender. */
const GLYPH_HEIGHT = 8
/** Grid units between letters, and the width of a space. */
const LETTER_GAP = 2
const SPACE_WIDTH = 3

function glyphWidth(glyph: string): number {
  let width = 0
  for (const stroke of glyph.split(' ')) {
    for (let i = 0; i < stroke.length; i += 2) width = Math.max(width, Number(stroke[i]))
  }
  return width
}

function strokePath(stroke: string, left: number, top: number, unit: number): string {
  const points: string[] = []
  for (let i = 0; i < stroke.length; i += 2) {
    const x = left + Number(stroke[i]) * unit
    const y = top + Number(stroke[i + 1]) * unit
    points.push(`${x.toFixed(1)} ${y.toFixed(1)}`)
  }
  return `M${points.join('L')}`
}

/** A line of text as the `d` of an SVG path, to be stroked. */
export interface StrokeText {
  readonly path: string
  readonly widthPx: number
}

/**
 * `text` with its top left corner at (left, top), `heightPx` from ascender to descender.
 *
 * @throws RangeError when a letter has no glyph: lower case, digits and `-.,:()` have
 */
export function strokeText(text: string, left: number, top: number, heightPx: number): StrokeText {
  const unit = heightPx / GLYPH_HEIGHT
  let x = left
  let path = ''
  for (const letter of text) {
    if (letter === ' ') {
      x += (SPACE_WIDTH + LETTER_GAP) * unit
      continue
    }
    const glyph = GLYPHS[letter]
    if (glyph === undefined) throw new RangeError(`text: no glyph for ${JSON.stringify(letter)}`)
    for (const stroke of glyph.split(' ')) path += strokePath(stroke, x, top, unit)
    x += (glyphWidth(glyph) + LETTER_GAP) * unit
  }
  return { path, widthPx: text === '' ? 0 : x - left - LETTER_GAP * unit }
}

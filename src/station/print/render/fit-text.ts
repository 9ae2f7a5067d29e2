/**
 * Text into a box that it never leaves: smaller down to the least size, then in the condensed face, then on several lines where the box
 * allows them, then cut with an ellipsis, which is told.
 */
import { CONDENSED, type Face } from './faces.js'
import { BLACK, type Colour, MM_PER_PT, type TextItem } from './items.js'
import { charactersOf, printable, type ShapedLine, shape } from './shape.js'

export interface TextBox {
  /** Upper left corner. */
  readonly xMm: number
  readonly yMm: number
  readonly widthMm: number
  /** As many lines as it says at the least size unless given. */
  readonly heightMm?: number
  readonly sizePt: number
  /** Never smaller; `sizePt` unless given. */
  readonly leastPt?: number
  /** Most lines; 1 unless given. */
  readonly lines?: number
  /** 'regular' unless given. */
  readonly face?: Face
  /** 'left' unless given. */
  readonly align?: 'left' | 'center' | 'right'
  /** 'top' unless given; 'middle' of `heightMm`. */
  readonly verticalAlign?: 'top' | 'middle'
  /** Set on lines from the start, at full size and in its own face where it fits so; else only where one line is not enough. */
  readonly isParagraph?: boolean
  readonly colour?: Colour
}

export interface FittedText {
  readonly items: readonly TextItem[]
  /** The end of the text that found no room. */
  readonly cut?: string
  /** Characters that no face has; U+FFFD stands in their place. */
  readonly missing: readonly string[]
  /** Bottom of the last line. */
  readonly bottomMm: number
}

/** From baseline to baseline, in sizes of the type. */
const LEADING = 1.17
/** From the top of the box to the first baseline: DejaVu's capitals are 0.73 high, accents on them reach 0.93. */
const ASCENT = 0.93
/** More than the spaces of a line are kerned by. */
const KERNING_EM = 0.05
/** Steps by which the size is lessened. */
const STEP_PT = 0.1

export function fitText(text: string, box: TextBox): FittedText {
  const given = printable(text)
  if (given === '') return { items: [], missing: [], bottomMm: box.yMm }
  const { sizePt, leastPt = sizePt, face = 'regular', widthMm } = box
  const measures = facesOf(face).map(measuring)
  const narrow = measures.at(-1)!
  for (const measure of box.isParagraph ? [] : measures) {
    const shaped = measure(given)
    const fittingPt = roundedDown(widthMm / (shaped.widthEm * MM_PER_PT))
    if (fittingPt >= leastPt) return placed([shaped], Math.min(sizePt, fittingPt), box)
  }
  for (const measure of box.isParagraph ? measures : [narrow]) {
    for (const size of sizesOf(sizePt, leastPt)) {
      const widthEm = widthMm / (size * MM_PER_PT)
      const { lines, rest } = wrap(given, measure, widthEm, linesAt(size, box))
      const isWhole = rest === '' && lines.every(each => measure(each).widthEm <= widthEm)
      if (isWhole) return placed(lines.map(measure), size, box)
    }
  }
  const widthEm = widthMm / (leastPt * MM_PER_PT)
  const wrapped = wrap(given, narrow, widthEm - KERNING_EM, linesAt(leastPt, box) - 1)
  const last = shortened(wrapped.rest, narrow, widthEm)
  return { ...placed([...wrapped.lines, `${last.kept}…`].map(narrow), leastPt, box), cut: last.cut }
}

type Measure = (text: string) => ShapedLine

/** The same beginnings of a long text are asked for at each size. */
function measuring(face: Face): Measure {
  const known = new Map<string, ShapedLine>()
  return text => {
    let shaped = known.get(text)
    if (shaped === undefined) {
      shaped = shape(text, face)
      known.set(text, shaped)
    }
    return shaped
  }
}

function facesOf(face: Face): Face[] {
  const condensed = CONDENSED[face]
  return condensed === undefined ? [face] : [face, condensed]
}

function roundedDown(pt: number): number {
  return Math.floor(pt / STEP_PT + 1e-9) * STEP_PT
}

/** From the largest down; the least itself is the last. */
function sizesOf(sizePt: number, leastPt: number): number[] {
  const steps = Math.ceil((sizePt - leastPt) / STEP_PT - 1e-9)
  return [...Array.from({ length: steps }, (_, i) => sizePt - i * STEP_PT), leastPt]
}

/** Lines for which the box has room; one at least. */
function linesAt(sizePt: number, { lines = 1, heightMm = Number.POSITIVE_INFINITY }: TextBox): number {
  return Math.max(1, Math.min(lines, Math.floor(heightMm / (LEADING * sizePt * MM_PER_PT) + 1e-9)))
}

function placed(lines: readonly ShapedLine[], sizePt: number, box: TextBox): FittedText {
  const { xMm, yMm, widthMm, heightMm, align = 'left', verticalAlign = 'top', colour = BLACK } = box
  const sizeMm = sizePt * MM_PER_PT
  // One line keeps the baseline of its full size, so that it stands level with its neighbours when it had to be smaller.
  const levelMm = lines.length === 1 ? box.sizePt * MM_PER_PT : sizeMm
  const freeMm = heightMm === undefined ? 0 : Math.max(0, heightMm - lines.length * LEADING * levelMm)
  const firstMm = yMm + (verticalAlign === 'middle' ? freeMm / 2 : 0) + ASCENT * levelMm
  const items = lines.map(({ runs, widthEm }, i): TextItem => {
    const roomMm = widthMm - widthEm * sizeMm
    const indentMm = align === 'left' ? 0 : align === 'right' ? roomMm : roomMm / 2
    return { kind: 'text', xMm: xMm + indentMm, yMm: firstMm + i * LEADING * sizeMm, sizePt, runs, colour }
  })
  const missing = [...new Set(lines.flatMap(line => line.missing))]
  return { items, missing, bottomMm: firstMm + ((lines.length - 1) * LEADING + LEADING - ASCENT) * sizeMm }
}

/**
 * Lines of at most `widthEm`, broken at spaces, within a word only where it is longer than a line. Words are measured one by one, which
 * leaves out how a space may be kerned.
 */
function wrap(text: string, measure: Measure, widthEm: number, most: number): { lines: string[]; rest: string } {
  const spaceEm = measure(' ').widthEm
  const lines: string[] = []
  let words = text.split(' ')
  while (lines.length < most && words.length > 0) {
    let count = 0
    let lineEm = -spaceEm
    while (count < words.length && lineEm + spaceEm + measure(words[count]).widthEm <= widthEm) {
      lineEm += spaceEm + measure(words[count++]).widthEm
    }
    if (count > 0) {
      lines.push(words.slice(0, count).join(' '))
      words = words.slice(count)
      continue
    }
    const characters = charactersOf(words[0])
    const fits = (taken: number) => measure(characters.slice(0, taken).join('')).widthEm <= widthEm
    const fitting = largest(characters.length, fits)
    if (fitting === 0) break
    lines.push(characters.slice(0, fitting).join(''))
    words = [characters.slice(fitting).join(''), ...words.slice(1)]
  }
  return { lines, rest: words.join(' ') }
}

/** As much as stands in a line with an ellipsis behind it. */
function shortened(text: string, measure: Measure, widthEm: number): { kept: string; cut: string } {
  const characters = charactersOf(text)
  const keptOf = (count: number) => characters.slice(0, count).join('').trimEnd()
  const count = largest(characters.length - 1, taken => measure(`${keptOf(taken)}…`).widthEm <= widthEm)
  return { kept: keptOf(count), cut: characters.slice(count).join('').trimStart() }
}

/** The largest number from 0 to `most` that fits, where whatever is below one that fits does too. */
export function largest(most: number, fits: (count: number) => boolean): number {
  let [low, high] = [0, most]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * A line of text to glyphs from left to right: composed (NFC), ordered by the Unicode Bidirectional Algorithm (UAX #9) in a line that
 * runs from left to right, shaped by fontkit (Arabic joined, marks placed, ligatures, kerning).
 */
import bidiFactory from 'bidi-js'
import { type Face, faceWith, fontOf, UNITS_PER_EM } from './faces.js'

/** Glyphs of one face that stand side by side. */
export interface Run {
  readonly face: Face
  /** As it is given to fontkit, which makes the same glyphs of it wherever it is asked. */
  readonly text: string
  readonly widthEm: number
}

export interface ShapedLine {
  /** From left to right. */
  readonly runs: readonly Run[]
  readonly widthEm: number
  /** Characters that no face has; U+FFFD stands in their place. */
  readonly missing: readonly string[]
}

/**
 * What is not seen: controls of direction (which could make a name read as another), selectors, tags, the soft hyphen. The joiners stay:
 * Arabic letters are shaped by them.
 */
const INVISIBLE = /(?![\u200c\u200d])[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu

const REPLACEMENT = '\ufffd'

const bidi = bidiFactory()
const graphemes = new Intl.Segmenter('id', { granularity: 'grapheme' })

/** The text as it is set: composed, without what cannot be seen, every white space a space. */
export function printable(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').replace(INVISIBLE, '').trim()
}

/** What a reader takes for one character: a letter with its marks. */
export function charactersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment)
}

/**
 * At most `most` units of UTF-16 from the beginning of a text. It ends with a whole character, or
 * with a whole code point where one letter has more marks than that.
 */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text
  // One more unit shows whether the last character goes on.
  const whole = charactersOf(text.slice(0, most + 1))
    .slice(0, -1)
    .join('')
  return whole !== '' ? whole : text.slice(0, most).replace(/[\ud800-\udbff]$/, '')
}

/** @param text one line, as {@link printable} leaves it */
export function shape(text: string, face: Face): ShapedLine {
  const missing = new Set<string>()
  const levels = bidi.getEmbeddingLevels(text, 'ltr').levels
  const pieces: { face: Face; level: number; characters: string[] }[] = []
  let offset = 0
  for (const character of charactersOf(text)) {
    const level = levels[offset]
    offset += character.length
    const found = faceWith(character, face)
    if (found === undefined) missing.add(character)
    const turned = level % 2 === 1 ? [...character].map(c => bidi.getMirroredCharacter(c) ?? c).join('') : character
    const last = pieces.at(-1)
    const piece =
      last?.level === level && last.face === (found ?? face) ? last : { face: found ?? face, level, characters: [] }
    if (piece !== last) pieces.push(piece)
    piece.characters.push(found === undefined ? REPLACEMENT : turned)
  }
  const runs = inOrder(pieces).map(runOf)
  return { runs, widthEm: runs.reduce((sum, { widthEm }) => sum + widthEm, 0), missing: [...missing] }
}

/** UAX #9, rule L2: from the highest level down, what is at that level or above is turned round. */
function inOrder<T extends { readonly level: number }>(pieces: readonly T[]): T[] {
  const ordered = [...pieces]
  for (let level = Math.max(0, ...pieces.map(piece => piece.level)); level > 0; level--) {
    for (let start = 0; start < ordered.length; start++) {
      let end = start
      while (end < ordered.length && ordered[end].level >= level) end++
      if (end - start > 1) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse())
      if (end > start) start = end
    }
  }
  return ordered
}

function runOf({ face, level, characters }: { face: Face; level: number; characters: string[] }): Run {
  const text = characters.join('')
  const isRightToLeft = level % 2 === 1
  const font = fontOf(face)
  const { direction, advanceWidth } = font.layout(text)
  const widthEm = advanceWidth / UNITS_PER_EM
  // fontkit takes the direction from the script: signs alone have none, and digits of an Arabic script run from left to right.
  if ((direction === 'rtl') === isRightToLeft) return { face, text, widthEm }
  return { face, text: characters.reverse().join(''), widthEm }
}

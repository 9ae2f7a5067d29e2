/**
 * The faces that everything is set in: DejaVu Sans (Bitstream Vera's licence), which comes with the package. The system's fonts are never
 * used, so that a card looks the same on every machine.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Font } from 'fontkit'
import { fontkit } from './libraries.js'

const require = createRequire(import.meta.url)

export type Face = 'regular' | 'bold' | 'condensed' | 'condensed-bold' | 'mono'

export const FACES: readonly Face[] = ['regular', 'bold', 'condensed', 'condensed-bold', 'mono']

const FILES: Readonly<Record<Face, string>> = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
  condensed: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  'condensed-bold': require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
  mono: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'),
}

/** Where a face lacks a character. The regular ones have the most: 5,900 characters. */
const FALLBACKS: Readonly<Record<Face, readonly Face[]>> = {
  regular: ['regular'],
  bold: ['bold', 'regular'],
  condensed: ['condensed'],
  'condensed-bold': ['condensed-bold', 'condensed'],
  mono: ['mono', 'regular'],
}

/** The narrower face of the same weight: a tenth less. */
export const CONDENSED: Readonly<Partial<Record<Face, Face>>> = { regular: 'condensed', bold: 'condensed-bold' }

/** Of all faces: units of an em. */
export const UNITS_PER_EM = 2_048

const files = new Map<Face, Uint8Array>()
const fonts = new Map<Face, Font>()

/** The bytes of the font's file, read once. */
export function fontFile(face: Face): Uint8Array {
  let bytes = files.get(face)
  if (bytes === undefined) {
    bytes = readFileSync(FILES[face])
    files.set(face, bytes)
  }
  return bytes
}

export function fontOf(face: Face): Font {
  let font = fonts.get(face)
  if (font === undefined) {
    font = fontkit().create(fontFile(face) as Buffer) as Font
    fonts.set(face, font)
  }
  return font
}

/** The first face, from `face` on, that has all of the characters; undefined where none has. */
export function faceWith(characters: string, face: Face): Face | undefined {
  const codePoints = [...characters].map(character => character.codePointAt(0)!)
  return FALLBACKS[face].find(each => codePoints.every(codePoint => fontOf(each).hasGlyphForCodePoint(codePoint)))
}

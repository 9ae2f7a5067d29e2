import type { MinutiaType } from '../types.js'

/** How a type of minutia is drawn: never by colour alone, so that it can be told apart in print and by everyone. */
export interface MinutiaStyle {
  readonly shape: 'circle' | 'square' | 'diamond'
  readonly colour: string
  readonly label: string
}

/** Colours of Okabe and Ito's palette, distinct under the common kinds of colour blindness. */
export const MINUTIA_STYLES: Readonly<Record<MinutiaType, MinutiaStyle>> = {
  'ridge-ending': { shape: 'circle', colour: '#d55e00', label: 'ridge ending' },
  bifurcation: { shape: 'square', colour: '#0072b2', label: 'bifurcation' },
  other: { shape: 'diamond', colour: '#8f2d83', label: 'other' },
}

/** Pixels of the picture a pixel at 500 ppi becomes: ridges are 9 px apart, too close to look at otherwise. */
export const ENLARGEMENT = 2

/** Half the width of a marker, in pixels of the picture: less than a ridge period, so that neighbours stay apart. */
export const MARKER_RADIUS = 6

/** From the middle of the marker to the end of its direction tick: one and a half ridge periods. */
export const TICK_LENGTH = 24

/** Of a minutia without a partner. */
export const UNPAIRED_COLOUR = '#8aa0b4'

/** Of a sheet without a print, behind the minutiae of a template. */
export const PAPER_GRAY = 244

/**
 * A colour for pair number `index`: hues a golden angle apart, so that any run of neighbours differs, dark enough to
 * show on white.
 */
export function pairColour(index: number): string {
  const hue = (index * 137.508) % 360
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12
    const value = 0.45 - 0.42 * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}

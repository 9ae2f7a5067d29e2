import type { Fingertip } from './fingertip.js'
import { CELL_MM } from './ridge-map.js'

/** Two fingers touch where they meet over more than this. */
const LEAST_BORDER_MM = 4

/** A piece this wide is more than one finger: the plain thumbs of the samples have 15 to 21 mm. */
const WIDEST_MM = 29
/**
 * Widest finger where there are three or more, so no thumb is among them. Fingers of the samples
 * are 12 to 17 mm wide, the widest of grown people 22.
 */
const WIDEST_OF_HAND_MM = 25
/** And beside others, by their middle one. */
const WIDEST_BESIDE_OTHERS_MM = 21
const WIDEST_BY_OTHERS = 1.5

/**
 * Places of fingers that touch a neighbour.
 *
 * @param owner the place of the finger that each cell belongs to; below 0 for none
 */
export function touchingFingers(owner: Int16Array, width: number, tips: readonly Fingertip[]): number[] {
  const touching = new Set<number>()
  const borders = new Map<number, number>()
  for (let i = 0; i < owner.length; i++) {
    for (const next of [i + 1, i + width]) {
      const isBeyond = next >= owner.length || (next === i + 1 && next % width === 0)
      if (isBeyond || owner[i] < 0 || owner[next] < 0 || owner[i] === owner[next]) continue
      const pair = Math.min(owner[i], owner[next]) * tips.length + Math.max(owner[i], owner[next])
      borders.set(pair, (borders.get(pair) ?? 0) + 1)
    }
  }
  for (const [pair, cells] of borders) {
    if (cells * CELL_MM <= LEAST_BORDER_MM) continue
    touching.add(Math.floor(pair / tips.length)).add(pair % tips.length)
  }
  return [...touching]
}

/** Places of what is as wide as two fingers: that is none, and how many there are is not sure. */
export function doubleFingers(tips: readonly Fingertip[]): number[] {
  const widths = tips.map(({ width: cells }) => cells * CELL_MM)
  const usual = [...widths].sort((a, b) => a - b)[Math.floor((widths.length - 1) / 2)]
  const widestMm = tips.length < 3 ? WIDEST_MM : WIDEST_OF_HAND_MM
  return [...widths.keys()].filter(place => {
    const widthMm = widths[place]
    return widthMm > widestMm || (widthMm > WIDEST_BESIDE_OTHERS_MM && widthMm > WIDEST_BY_OTHERS * usual)
  })
}

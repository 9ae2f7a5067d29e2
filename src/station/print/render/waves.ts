/** Fine waves that a copier blurs: our own drawing, behind what stands on a card. */
import { mm } from './items.js'
import type { TemplateItem } from './template.js'

interface Waves {
  /** The field that they cover. */
  readonly xMm: number
  readonly yMm: number
  readonly widthMm: number
  readonly heightMm: number
  readonly lines: number
  readonly lengthMm: number
  /** Half the height of the first line's wave, and of the last one's: lines cross where they differ. */
  readonly fromMm: number
  readonly toMm: number
  readonly stroke: string
  readonly strokeMm: number
  readonly opacity: number
}

/** One path: each line is half a wave, then the same mirrored (SVG's t), as often as the field is wide. */
export function waves(field: Waves): TemplateItem {
  const halves = Math.ceil((2 * field.widthMm) / field.lengthMm)
  const half = mm(field.lengthMm / 2)
  let d = ''
  for (let i = 0; i < field.lines; i++) {
    const share = i / (field.lines - 1)
    const y = field.yMm + share * field.heightMm
    // The control point of a quadratic curve lies twice as far out as the curve.
    const bend = 2 * (field.fromMm + (field.toMm - field.fromMm) * share)
    d += `M${mm(field.xMm)} ${mm(y)}q${mm(field.lengthMm / 4)} ${mm(bend)} ${half} 0${`t${half} 0`.repeat(halves - 1)}`
  }
  return { kind: 'path', d, stroke: field.stroke, strokeMm: field.strokeMm, opacity: field.opacity }
}

import type { Minutia, Template } from 'sidik'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'

const SIDE_PX = 1_000

interface Coded extends Minutia {
  readonly code: Uint8Array
}

/**
 * One template with the minutiae and codes of several fingers, laid over each other. What does not
 * fit is left out.
 */
export function unionTemplate(templates: readonly Template[], shiftPx = 0): Template {
  const all = templates.map(decodeTemplate)
  const coded = all.flatMap(({ minutiae, learnedCodes }, finger) => {
    const middle = (of: (minutia: Minutia) => number) =>
      (Math.min(...minutiae.map(of)) + Math.max(...minutiae.map(of))) / 2
    const [x, y] = [middle(({ xPx }) => xPx), middle(({ yPx }) => yPx)]
    return minutiae.map((minutia, i): Coded => {
      const xPx = Math.round(minutia.xPx - x + SIDE_PX / 2) + shiftPx * (finger % 2)
      const yPx = Math.round(minutia.yPx - y + SIDE_PX / 2) + shiftPx * (finger >> 1)
      return { ...minutia, xPx, yPx, code: learnedCodes!.bits.slice(16 * i, 16 * i + 16) }
    })
  })
  const kept = coded.slice(0, 255)
  return encodeTemplate({
    ...all[0],
    widthPx: 2 * SIDE_PX,
    heightPx: 2 * SIDE_PX,
    minutiae: kept.map(({ code, ...minutia }) => minutia),
    learnedCodes: { ...all[0].learnedCodes!, bits: Uint8Array.from(kept.flatMap(({ code }) => [...code])) },
  })
}

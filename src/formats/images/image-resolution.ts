import { CM_PER_INCH, isNominal, PX_PER_CM_AT_500_PPI, PX_PER_CM_AT_1000_PPI } from '../resolution.js'

/** Resolutions as all finger image records state them; 0 where they do not. */
export interface ImageResolution {
  readonly scaleUnits: 1 | 2
  readonly xImageResolution: number
  readonly yImageResolution: number
}

const INCH = 1
const NOMINAL: readonly (readonly [pxPerCm: number, ppi: number])[] = [
  [PX_PER_CM_AT_500_PPI, 500],
  [PX_PER_CM_AT_1000_PPI, 1000],
]

/** In pixels per inch, unrounded; 196 to 198 px/cm are 500, 393 to 395 are 1,000. */
export function resolutionOf(from: ImageResolution): { xPpi: number; yPpi: number } {
  const ppi = (value: number) => (from.scaleUnits === INCH ? value : ppiOfPxPerCm(value))
  return { xPpi: ppi(from.xImageResolution), yPpi: ppi(from.yImageResolution) }
}

function ppiOfPxPerCm(pxPerCm: number): number {
  return NOMINAL.find(([nominal]) => isNominal(pxPerCm, nominal))?.[1] ?? pxPerCm * CM_PER_INCH
}

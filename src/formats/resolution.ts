/** Resolutions as records state them: whole pixels a centimetre. */

export const CM_PER_INCH = 2.54

/** 500 ppi (500 / 2.54 = 196.85). Those who round otherwise write 196 or 198. */
export const PX_PER_CM_AT_500_PPI = 197
/** 1,000 ppi (393.7); likewise. */
export const PX_PER_CM_AT_1000_PPI = 394

/** Whether a resolution is a nominal one, however it was rounded. */
export function isNominal(pxPerCm: number, nominalPxPerCm: number): boolean {
  return Math.abs(pxPerCm - nominalPxPerCm) <= 1
}

/** The comment that NIST's programs write and read: lines of a name and a value, the first 'NIST_COM' and their number. */
import type { StatedResolution } from '../pixels.js'
import type { Segment } from './segment.js'

/** The resolution that a comment states; absent in one of another kind, and where it says 0 or -1 for unknown. */
export function readCommentResolution(segment: Segment): StatedResolution | undefined {
  const text = String.fromCharCode(...Array.from({ length: segment.leftBytes }, () => segment.u8()))
  if (!text.startsWith('NIST_COM')) return undefined
  const value = text.match(/^PPI[ \t]+(\d{1,9})[ \t\r]*$/m)?.[1]
  const ppi = value === undefined ? 0 : Number(value)
  return ppi === 0 ? undefined : { xPpi: ppi, yPpi: ppi }
}

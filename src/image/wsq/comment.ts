/** The comment that NIST's programs write and read: lines of a name and a value, the first 'NIST_COM' and their number. */
import type { StatedResolution } from '../pixels.js'
import type { Segment } from './segment.js'

/**
 * -1 in a byte, for unknown: the slaps of 500 ppi in the sample transactions that come with the jnbis decoder have it.
 * No scanner has 255 ppi.
 */
const UNKNOWN_PPI = 255

/** The resolution that a comment states; absent in a comment of another kind, and where it says that it is unknown. */
export function readCommentResolution(segment: Segment): StatedResolution | undefined {
  const characters = Array.from({ length: segment.leftBytes }, () => String.fromCharCode(segment.u8()))
  const text = characters.join('')
  if (!text.startsWith('NIST_COM')) return undefined
  const stated = text.match(/^PPI[ \t]+(\d{1,9})\s*$/m)
  const ppi = stated === null ? 0 : Number(stated[1])
  return ppi === 0 || ppi === UNKNOWN_PPI ? undefined : { xPpi: ppi, yPpi: ppi }
}

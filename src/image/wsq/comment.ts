/** The comment that NIST's programs write and read: lines of a name and a value, the first 'NIST_COM' and their number. */
import { whole } from '../../template/ranges.js'
import type { Segment } from './segment.js'

/**
 * -1 in a byte, for unknown: the slaps of 500 ppi in the sample transactions that come with the jnbis decoder have it.
 * No scanner has 255 ppi.
 */
const UNKNOWN_PPI = 255

const FIRST_NAME = 'NIST_COM'

/** One character a byte. */
export function readCommentText(segment: Segment): string {
  const bytes = segment.rest()
  let text = ''
  // Not all in one call, whose arguments a long comment would be too many of.
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096))
  return text
}

/** Pixels per inch that a comment states; absent in a comment of another kind, and where it says that it is unknown. */
export function readCommentPpi(segment: Segment): number | undefined {
  const text = readCommentText(segment)
  if (!text.startsWith(FIRST_NAME)) return undefined
  const stated = text.match(/^PPI[ \t]+(\d{1,9})\s*$/m)
  const ppi = stated === null ? 0 : Number(stated[1])
  return ppi === 0 || ppi === UNKNOWN_PPI ? undefined : ppi
}

/**
 * @param bitRate of the standard, bits a pixel
 * @throws RangeError for a resolution that is no whole number, or the one that stands for unknown
 */
export function nistComment(widthPx: number, heightPx: number, ppi: number, bitRate: number): string {
  if (ppi === UNKNOWN_PPI)
    throw new RangeError(`ppi is ${UNKNOWN_PPI}, which stands for an unknown one in a WSQ stream`)
  const lines = [
    `PIX_WIDTH ${widthPx}`,
    `PIX_HEIGHT ${heightPx}`,
    'PIX_DEPTH 8',
    `PPI ${whole('ppi', ppi, 1, 999_999_999)}`,
    'LOSSY 1',
    'COLORSPACE GRAY',
    'COMPRESSION WSQ',
    `WSQ_BITRATE ${bitRate.toFixed(6)}`,
  ]
  return [`${FIRST_NAME} ${lines.length + 1}`, ...lines].join('\n')
}

/**
 * Checks a comment of the caller's own.
 *
 * @throws TypeError, RangeError when it cannot be written, or would be taken for NIST's
 */
export function checkComment(text: unknown): asserts text is string {
  if (typeof text !== 'string') throw new TypeError('comments must be strings')
  if (text.length > 0xffff - 2) throw new RangeError(`comments must have at most ${0xffff - 2} characters`)
  if (/[^\0-\xff]/.test(text)) throw new RangeError('comments must have characters of one byte (Latin-1)')
  if (text.startsWith(FIRST_NAME))
    throw new RangeError(`comments must not begin with ${FIRST_NAME}: that one is written`)
}

import { totalmem } from 'node:os'
import { DEFAULTS, wholeNumber } from '../options.js'
import { LEAST_MEMORY_BYTES } from './shards.js'

/** 64 memories: four times what all fingers of a city of 1.8 million people take. */
const MOST_BYTES = 2 ** 38

/**
 * Most memory that a gallery takes: what was asked for, or a share of the machine's. At least its work areas and
 * tens of thousands of templates.
 *
 * @throws TypeError, RangeError naming `maxBytes`
 */
export function galleryBytes(asked: number | undefined): number {
  if (asked !== undefined) return wholeNumber('maxBytes', asked, LEAST_MEMORY_BYTES, MOST_BYTES)
  const share = Math.floor(totalmem() * DEFAULTS.galleryShare)
  return Math.min(MOST_BYTES, Math.max(LEAST_MEMORY_BYTES, share))
}

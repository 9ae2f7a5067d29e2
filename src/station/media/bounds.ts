/**
 * How much is looked at of folders that anybody may have filled. All of it is far above what
 * stations write.
 */
import { SidikError } from '../../errors.js'

/** Names in a folder: two bundles of as many parts as there can be. */
export const MOST_NAMES = 131_072

/** Bundles in all places of one call. */
export const MOST_BUNDLES = 4_096

/** Copies of one file of a bundle, in several folders: of more, the first by name. */
export const MOST_COPIES = 8

/**
 * Bytes that one call reads to check bundles: days of work for a stick, so that a sparse file of
 * terabytes is none.
 */
export const MOST_READ_BYTES = 2 ** 40

/** Missing files, and damaged stretches, of one bundle that are listed. */
export const MOST_LISTED = 1_000

/** The bytes that a call may still read to check bundles. */
export class ReadAllowance {
  #left: number

  constructor(bytes = MOST_READ_BYTES) {
    this.#left = bytes
  }

  /** @throws SidikError FILE_UNREADABLE when there are not so many left */
  take(bytes: number, path: string): void {
    if (bytes > this.#left) {
      const what = `${path} is not read: more than ${MOST_READ_BYTES} bytes lie in these places: name fewer of them`
      throw new SidikError('FILE_UNREADABLE', what)
    }
    this.#left -= bytes
  }
}

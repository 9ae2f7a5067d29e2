import { VERSION } from '../version.js'
import { loadSharedCore } from './core-file.js'

/**
 * Version of this package, and the CRC-32 of its core: programs of one version give the same
 * scores.
 */
export function programVersion(): string {
  return `${VERSION}-${loadSharedCore().crc32.toString(16).padStart(8, '0')}`
}

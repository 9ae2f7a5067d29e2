import { SidikError } from '../../../errors.js'
import { MAX_FILE_BYTES } from '../../../image/pixels.js'
import { asFileError, systemCode } from '../../../node/file-layer.js'
import { closeFile, openRegular, readInto } from '../../../node/regular-file.js'
import { describeFile, type ListedFile } from './folder-listing.js'

/**
 * The bytes of a file that is still as it was listed; undefined when it was changed, replaced or removed since.
 *
 * @throws SidikError FILE_UNREADABLE, IMAGE_TOO_LARGE
 */
export async function readListed(path: string, { stat, sizeBytes }: ListedFile): Promise<Uint8Array | undefined> {
  if (sizeBytes > MAX_FILE_BYTES) {
    const message = `${path} has ${sizeBytes} bytes, more than the ${MAX_FILE_BYTES} that are accepted`
    throw new SidikError('IMAGE_TOO_LARGE', message)
  }
  try {
    const regular = await openRegular(path, { followLinks: true })
    try {
      const { file } = regular
      if (describeFile(await file.stat({ bigint: true })) !== stat) return undefined
      const bytes = new Uint8Array(sizeBytes)
      const filled = await readInto(file, bytes, 0)
      if (describeFile(await file.stat({ bigint: true })) !== stat) return undefined
      return bytes.subarray(0, filled)
    } finally {
      await closeFile(regular)
    }
  } catch (cause) {
    const found = cause instanceof SidikError ? cause.cause : cause
    if (['ENOENT', 'ESTALE'].includes(systemCode(found) ?? '')) return undefined
    throw asFileError('FILE_UNREADABLE', `${path} cannot be read`, cause)
  }
}

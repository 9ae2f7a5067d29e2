import { open } from 'node:fs/promises'
import { SidikError } from '../../../errors.js'
import { MAX_FILE_BYTES } from '../../../image/pixels.js'
import { asFileError, systemCode } from '../../../node/file-layer.js'
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
    const file = await open(path, 'r')
    try {
      if (describeFile(await file.stat({ bigint: true })) !== stat) return undefined
      const { buffer, byteOffset, length } = await file.readFile()
      if (describeFile(await file.stat({ bigint: true })) !== stat) return undefined
      return new Uint8Array(buffer, byteOffset, length)
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (['ENOENT', 'ESTALE'].includes(systemCode(cause) ?? '')) return undefined
    throw asFileError('FILE_UNREADABLE', `${path} cannot be read`, cause)
  }
}

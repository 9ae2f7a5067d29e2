import { SidikError } from '../errors.js'
import { readGalleryFile } from '../node/gallery-file.js'
import type { Gallery } from './gallery.js'
import { insertStored } from './insert-stored.js'
import { decodeSnapshot } from './snapshot-read.js'

/** Fills `gallery` from a file or its bytes, block by block. After an error it holds a part of them. */
export async function loadSnapshot(gallery: Gallery, source: string | Uint8Array): Promise<void> {
  const blocks = typeof source === 'string' ? readGalleryFile(source) : decodeSnapshot(source)
  for await (const entries of blocks) {
    for (const entry of entries) {
      const problem = insertStored(gallery, entry)
      if (problem === undefined) continue
      throw new SidikError('GALLERY_CORRUPT', `the gallery's entry '${entry.id}' cannot be used: ${problem}`)
    }
  }
}

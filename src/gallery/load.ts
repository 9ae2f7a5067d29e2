import { SidikError } from '../errors.js'
import { readGalleryFile } from '../node/gallery-file.js'
import type { Gallery } from './gallery.js'
import type { SnapshotEntry } from './snapshot.js'
import { decodeSnapshot } from './snapshot-read.js'

/** Fills `gallery` from a file or its bytes, block by block. After an error it holds a part of them. */
export async function loadSnapshot(gallery: Gallery, source: string | Uint8Array): Promise<void> {
  const blocks = typeof source === 'string' ? readGalleryFile(source) : decodeSnapshot(source)
  for await (const entries of blocks) {
    for (const entry of entries) insert(gallery, entry)
  }
}

/** An entry that cannot be inserted is a fault of the file, and is reported as one. */
function insert(gallery: Gallery, { id, template }: SnapshotEntry): void {
  try {
    gallery.insert(id, template)
  } catch (cause) {
    if (cause instanceof SidikError && !FAULTS_OF_FILE.includes(cause.code)) throw cause
    if (!(cause instanceof Error)) throw cause
    const code =
      cause instanceof SidikError && cause.code === 'TEMPLATE_VERSION' ? 'GALLERY_VERSION' : 'GALLERY_CORRUPT'
    throw new SidikError(code, `the gallery's entry '${id}' cannot be used: ${cause.message}`, { cause })
  }
}

const FAULTS_OF_FILE: readonly string[] = ['TEMPLATE_FORMAT', 'TEMPLATE_CORRUPT', 'TEMPLATE_VERSION', 'ID_EXISTS']

import { SidikError } from '../errors.js'
import type { Gallery } from './gallery.js'
import type { SnapshotEntry } from './snapshot.js'

/**
 * Inserts what a file held. Says what is wrong with it when it cannot be inserted: that is a fault of the file.
 *
 * @throws SidikError GALLERY_VERSION for a template of a newer version; GALLERY_FULL and what else is no fault of it
 */
export function insertStored(gallery: Gallery, { id, template }: SnapshotEntry): string | undefined {
  try {
    gallery.insert(id, template)
    return undefined
  } catch (cause) {
    if (cause instanceof SidikError && cause.code === 'TEMPLATE_VERSION') {
      throw new SidikError('GALLERY_VERSION', `the gallery's entry '${id}' cannot be used: ${cause.message}`, { cause })
    }
    if (cause instanceof SidikError && !FAULTS_OF_FILE.includes(cause.code)) throw cause
    if (!(cause instanceof Error)) throw cause
    return cause.message
  }
}

const FAULTS_OF_FILE: readonly string[] = ['TEMPLATE_FORMAT', 'TEMPLATE_CORRUPT', 'ID_EXISTS']

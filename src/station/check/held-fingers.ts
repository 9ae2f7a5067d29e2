/** The fingers of records, as they are held in the file. */
import { SidikError } from '../../errors.js'
import { decodeKeptTemplates, type RecordedFinger } from '../enrol/templates-payload.js'
import type { StationParts } from '../station.js'
import { getPayload } from '../store/payloads.js'

/**
 * The fingers of a payload: none where it has none that can be read; undefined where it has not come.
 *
 * @param templates its hash; null for none
 */
export function fingersIn(
  { file, keys }: StationParts,
  templates: Uint8Array | null,
): readonly RecordedFinger[] | undefined {
  if (templates === null) return []
  const bytes = getPayload(file, keys, templates)
  if (bytes === undefined) return undefined
  try {
    return decodeKeptTemplates(bytes)
  } catch (error) {
    if (error instanceof SidikError && /^(RECORD|TEMPLATE)_/.test(error.code)) return []
    throw error
  }
}

/**
 * Compares fingers under which a card was handed over, and that their record has no more, with all
 * who were there before: a newcomer with the same fingers may have been called clear meanwhile.
 */
import { decodeKeptTemplates } from '../enrol/templates-payload.js'
import { partsOf, type Station } from '../station.js'
import { getPayload } from '../store/payloads.js'
import { caseRecord } from './cases.js'
import type { CheckSettings } from './check.js'
import { countCheck, mayBeChecked, worked } from './check-quota.js'
import { openFingerCases } from './finger-cases.js'
import type { LocalGallery } from './local-gallery.js'
import { assertRoom, doubtsOf, searchAll } from './search-all.js'

/** Its work is counted as that of an ordinary check. */
const NO_PLACE = 0

/** To be called within `gallery.withAll`. Throws as `checkNext`. */
export async function compareKept(
  station: Station,
  gallery: LocalGallery,
  { targetFpir, population }: CheckSettings,
  signal: AbortSignal | undefined,
): Promise<void> {
  const parts = partsOf(station)
  const { file, keys } = parts
  const options = { targetFpir, ...(population !== undefined && { population }), ...(signal && { signal }) }
  for (const kept of gallery.keptToCompare) {
    const by = caseRecord(file, kept.record)?.station
    const bytes = getPayload(file, keys, kept.templates)
    if (by === undefined || bytes === undefined || !mayBeChecked(station, by)) continue
    assertRoom(gallery)
    const fingers = decodeKeptTemplates(bytes)
    const { result, ms } = await worked(() => searchAll(parts, gallery, fingers, options, kept.record))
    signal?.throwIfAborted()
    file.transaction(() => {
      countCheck(station, by, NO_PLACE, ms)
      for (const doubt of doubtsOf(result.matches)) {
        openFingerCases(station, doubt.record, [{ ...doubt, record: kept.record }])
      }
    })
    await gallery.keptCompared(kept)
  }
}

/**
 * Compares fingers under which a card was handed over, and that their record has no more, with all
 * who were there before: a newcomer with the same fingers may have been called clear meanwhile.
 */
import { decodeKeptTemplates } from '../enrol/templates-payload.js'
import { partsOf, type Station } from '../station.js'
import { getPayload } from '../store/payloads.js'
import type { CheckSettings } from './check.js'
import { beginCheck, countCheck, mayBeChecked } from './check-quota.js'
import { openFingerCases } from './finger-cases.js'
import type { KeptFingers } from './kept-fingers.js'
import type { LocalGallery } from './local-gallery.js'
import { assertRoom, doubtsOf, hasChanged, searchAll } from './search-all.js'

/**
 * Compares those of one record, of the next station that has any: whoever hands over thousands holds
 * up neither records that come nor other stations' cards. To be called within `gallery.withAll`.
 *
 * @param after station that had the last turn
 * @returns the station that has had its turn; undefined where nothing is to be compared
 * @throws as `checkDue`
 */
export async function compareNextKept(
  station: Station,
  gallery: LocalGallery,
  settings: CheckSettings,
  { after, signal }: { readonly after: string; readonly signal: AbortSignal | undefined },
): Promise<string | undefined> {
  const parts = partsOf(station)
  const { file, keys } = parts
  const kept = nextKept(station, gallery.keptToCompare, after)
  if (kept === undefined) return undefined
  assertRoom(gallery)
  const bytes = getPayload(file, keys, kept.templates)
  const fingers = bytes === undefined ? [] : decodeKeptTemplates(bytes)
  const options = { ...settings, ...(signal && { signal }) }
  const workedMs = beginCheck(parts)
  const result = await searchAll(parts, gallery, fingers, options, kept)
  const ms = workedMs()
  signal?.throwIfAborted()
  const { through } = result.preCheck
  const isCompared = file.transaction(() => {
    countCheck(station, kept.station, ms)
    // They are compared once more: a case would rest on fingers that were not.
    if (result.matches.some(({ record }) => hasChanged(file, record, through))) return false
    for (const doubt of doubtsOf(result.matches)) {
      openFingerCases(station, doubt.record, [{ ...doubt, record: kept.record }])
    }
    return true
  })
  if (isCompared) await gallery.keptCompared(kept)
  return kept.station
}

/** The first of the next station in the order of ids that may have its records checked. */
function nextKept(station: Station, all: readonly KeptFingers[], after: string): KeptFingers | undefined {
  const stations = [...new Set(all.map(kept => kept.station))].sort()
  const inTurn = [...stations.filter(id => id > after), ...stations.filter(id => id <= after)]
  const next = inTurn.find(id => mayBeChecked(station, id))
  return all.find(kept => kept.station === next)
}

/** Where entries about cards and letters go. */
import type { StationParts } from '../station.js'
import type { Direction } from '../types.js'

/** Up, with the station's own records; down to the station that enrolled, where it is one below. */
export function routeOf(
  { identity }: StationParts,
  record: { readonly id: string; readonly station: string },
): { direction: Direction; record: string; to?: string } {
  if (record.station === identity.id) return { direction: 'up', record: record.id }
  return { direction: 'down', record: record.id, to: record.station }
}

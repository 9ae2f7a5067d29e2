/** Which index of persons a station uses: the one that it was given, or one beside its file. */
import { appendTo } from '../journal/append.js'
import type { StationParts } from '../station.js'
import { EmbeddedIndex } from './embedded-index.js'
import type { PersonIndex } from './person-index.js'

export interface OpenIndex {
  readonly index: PersonIndex
  /** Whether another process keeps the index of this station, and checks. */
  readonly isElsewhere: boolean
  /** Makes it quick to search and to open: to be called when nobody waits. */
  tidy(): Promise<void>
  /** Closes it, unless it was given: then its owner does. */
  close(): Promise<void>
}

/**
 * Bytes of an index: of any, and of each record that was ever known. Ten templates of 255 minutiae
 * are 100 KB; a tail that was not compacted has as much again, and what was removed since.
 */
const LEAST_INDEX_BYTES = 2 ** 30
const MOST_RECORD_BYTES = 2 ** 19

/** Whether the station has an index: it was given one, or an engine to make one with. */
export const hasIndex = ({ index, recogniser }: StationParts): boolean =>
  index !== undefined || recogniser !== undefined

/** To be called where {@link hasIndex}. */
export async function openIndex(parts: StationParts): Promise<OpenIndex> {
  const { index, recogniser, file, keys } = parts
  if (index !== undefined) {
    return { index, isElsewhere: false, tidy: async () => {}, close: async () => {} }
  }
  const own = await EmbeddedIndex.open(recogniser!, {
    folder: `${file.path}.index`,
    key: keys.indexKey(),
    mostBytes: LEAST_INDEX_BYTES + MOST_RECORD_BYTES * countEntries(parts),
    onDamage: detail => {
      if (file.isOpen) appendTo(parts, { kind: 'anomaly', direction: 'local', body: { code: 'index-damaged', detail } })
    },
  })
  return { index: own, isElsewhere: own.isElsewhere, tidy: () => own.tidy(), close: () => own.close() }
}

function countEntries({ file }: StationParts): number {
  return file.get<{ n: number }>('SELECT count(*) AS n FROM gallery_entry')!.n
}

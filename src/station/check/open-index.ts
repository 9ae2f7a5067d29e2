/** Which index of persons a station uses: the one that it was given, or one beside its file. */
import { appendTo } from '../journal/append.js'
import type { StationParts } from '../station.js'
import { EmbeddedIndex } from './embedded-index.js'
import type { PersonIndex } from './person-index.js'

export interface OpenIndex {
  readonly index: PersonIndex
  /** Whether another process keeps the index of this station, and checks. */
  readonly isElsewhere: boolean
  /** Whether that process has ended, so that this one can have it. */
  isFree(): Promise<boolean>
  /** Longest that one call may take, ms. */
  readonly deadlineMs: number
  /** Makes it quick to search. */
  makeQuick(): Promise<void>
  /** Makes it quick to open: to be called when nobody waits. */
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

/** The own index is not given up before: it may be compacted, and a call waits for that. */
const OWN_DEADLINE_MS = 600_000

/**
 * To be called where {@link hasIndex}.
 *
 * @param deadlineMs longest that one call of a given index may take
 */
export async function openIndex(parts: StationParts, deadlineMs: number): Promise<OpenIndex> {
  const { index, recogniser, file, keys } = parts
  if (index !== undefined) {
    const nothing = async () => {}
    return {
      index,
      isElsewhere: false,
      isFree: async () => true,
      deadlineMs,
      makeQuick: nothing,
      tidy: nothing,
      close: nothing,
    }
  }
  const folder = `${file.path}.index`
  const own = await EmbeddedIndex.open(recogniser!, {
    folder,
    key: keys.indexKey(),
    mostBytes: LEAST_INDEX_BYTES + MOST_RECORD_BYTES * countEntries(parts),
    onDamage: detail => {
      if (file.isOpen) appendTo(parts, { kind: 'anomaly', direction: 'local', body: { code: 'index-damaged', detail } })
    },
  })
  const { isElsewhere } = own
  return {
    index: own,
    isElsewhere,
    deadlineMs: Math.max(deadlineMs, OWN_DEADLINE_MS),
    isFree: () => EmbeddedIndex.isFree(folder),
    makeQuick: () => own.makeQuick(),
    tidy: () => own.tidy(),
    close: () => own.close(),
  }
}

function countEntries({ file }: StationParts): number {
  return file.get<{ n: number }>('SELECT count(*) AS n FROM gallery_entry')!.n
}

import type { TemplateContents } from '../types.js'
import { untilAborted } from '../until-aborted.js'
import type { Candidate } from './decide.js'
import { Fields, type SearchSet } from './fields.js'

/**
 * The templates of these ids alone, each compared exactly; in the order of the ids. An id that is not in the set, or goes
 * meanwhile, is left out.
 */
export function compare(
  set: SearchSet,
  probe: TemplateContents,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Candidate[]> {
  const fields = new Fields(set)
  return untilAborted(compared(set, fields, probe, ids), signal, () => fields.stop())
}

async function compared(set: SearchSet, fields: Fields, probe: TemplateContents, ids: readonly string[]) {
  const { directory, readers, shards } = set
  const began = readers.enter()
  const places = Uint32Array.from(ids.flatMap(id => directory.find(id) ?? []))
  try {
    // Few, as a rule: the workers make the codes that these lack as they come to them.
    for (const place of places) {
      const { memory } = shards[directory.shardOf(place)]
      memory.geometry.giveAt(probe.learnedCodes?.networkVersion ?? 0, directory.slotOf(place))
    }
    await fields.enter(
      probe,
      shards.map((_, index) => directory.slotCount(index)),
      false,
    )
    const scores = await fields.rescore(places)
    // No slot is filled anew while this reader is here: it holds what it held, or nothing.
    return [...places].flatMap((place, i) => fields.candidate(place, scores[i]) ?? [])
  } finally {
    fields.leave()
    readers.leave(began)
  }
}

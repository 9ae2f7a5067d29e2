/** Calls `work` for every item, at most `limit` at a time; results keep the order of the items. The first error ends it. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length)
  let next = 0
  let failed = false
  const takeTurns = async () => {
    while (next < items.length && !failed) {
      const index = next++
      try {
        results[index] = await work(items[index], index)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const turns = Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, takeTurns)
  const ends = await Promise.allSettled(turns)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return results
}

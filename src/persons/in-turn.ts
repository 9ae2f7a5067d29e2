/** Work on one key waits for what was begun on it before; different keys do not wait for each other. */
export function inTurn(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const underway = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = underway.get(key)
    const result = before === undefined ? work() : before.then(work)
    // The next in line does not care how this one ended.
    const ended = result.then(
      () => {},
      () => {},
    )
    underway.set(key, ended)
    try {
      return await result
    } finally {
      if (underway.get(key) === ended) underway.delete(key)
    }
  }
}

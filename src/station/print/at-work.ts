/** Jobs that this process is at work on: what they say of themselves is still to come. Of all others that were sent, only a person knows. */
const working = new Set<string>()

export function isAtWork(job: string): boolean {
  return working.has(job)
}

/** Marks the job while `work` lasts. */
export async function atWork<T>(job: string, work: () => Promise<T>): Promise<T> {
  working.add(job)
  try {
    return await work()
  } finally {
    working.delete(job)
  }
}

/** Bytes of dropped shared memory that a thread keeps before it asks V8 to collect. */
const MOST_KEPT_BYTES = 16 * 2 ** 20

/** Makes V8 collect: twice what may be allocated outside its heap between collections (64 MiB). */
const NOTICE_BYTES = 128 * 2 ** 20

let keptBytes = 0

/**
 * Tells V8 that this thread dropped a shared memory of so many bytes. V8 does not count shared memories: workers, which
 * allocate little else, would keep closed galleries until their own end. V8 does count array buffers, also those that
 * nothing is written to and that therefore take no memory: allocating a large one begins a collection.
 */
export function countAsGarbage(bytes: number): void {
  keptBytes += bytes
  if (keptBytes < MOST_KEPT_BYTES) return
  keptBytes = 0
  try {
    new ArrayBuffer(NOTICE_BYTES)
  } catch (error) {
    // No address space is left for it: V8 has collected before it said so.
    if (!(error instanceof RangeError)) throw error
  }
}

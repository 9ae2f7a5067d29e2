/** Of the smallest pages that machines have. */
const PAGE_BYTES = 4_096

/**
 * Has the system provide the pages from `first` to before `last` of a memory that others may be writing to, as far as it reaches.
 * Nothing is changed: a 0 is written over a 0, in one step with looking whether it is one. Not by reading first, as adding 0 does:
 * a page that was read and is written then is taken away again from what all processors know of it, which takes 35 us.
 */
export function touchPages({ buffer }: WebAssembly.Memory, first: number, last: number): void {
  const words = new Int32Array(buffer)
  const step = PAGE_BYTES / words.BYTES_PER_ELEMENT
  const end = Math.min(words.length, last / words.BYTES_PER_ELEMENT)
  for (let at = Math.ceil(first / PAGE_BYTES) * step; at < end; at += step) Atomics.compareExchange(words, at, 0, 0)
}

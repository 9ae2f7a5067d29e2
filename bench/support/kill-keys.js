/**
 * The keys of the galleries whose processes are killed: which of them a folder has, the kill
 * decides.
 */
export const KILL_KEYS = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]

/** What `work` gives with the key that opens the gallery. */
export async function withEither(work) {
  const [first, second] = KILL_KEYS
  try {
    return await work(first)
  } catch (error) {
    if (error.code !== 'GALLERY_KEY') throw error
    return work(second)
  }
}

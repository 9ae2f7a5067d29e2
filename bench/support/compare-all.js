/**
 * Similarities of all pairs of prints, on worker threads: each decodes and writes every record once, then takes rows
 * until none is left.
 */
import { Worker } from 'node:worker_threads'

/** Where the similarity of the pair (i, j), i < j, lies among those of n prints. */
export const pairAt = (i, j, n) => i * n - (i * (i + 1)) / 2 + (j - i - 1)

/** Of a pair that was not compared: mates, or not in the sample. */
export const SKIPPED = -1

/**
 * @param prints { finger, class, template }: `finger` and `class` as small whole numbers
 * @param shares of each pair of classes, the share of pairs to compare: shares[a * classes + b]
 * @param options `scored` gives scores, decibans, instead of similarities
 * @returns a similarity for each pair (pairAt), {@link SKIPPED} for mates and what is not in the sample
 */
export async function compareAll(prints, { classes, shares, seed, learned, scored = false, threads }) {
  const n = prints.length
  const similarities = new Float32Array(new SharedArrayBuffer(2 * n * (n - 1)))
  const shared = {
    similarities,
    nextRow: new Int32Array(new SharedArrayBuffer(4)),
    fingers: Int32Array.from(prints, print => print.finger),
    kinds: Int32Array.from(prints, print => print.class),
    templates: prints.map(print => print.template),
    classes,
    shares,
    seed,
    learned,
    scored,
  }
  const url = new URL('compare-all-worker.js', import.meta.url)
  const workers = Array.from({ length: threads }, () => new Worker(url, { workerData: shared }))
  await Promise.all(
    workers.map(
      worker =>
        new Promise((resolve, reject) => {
          worker.once('error', reject)
          worker.once('exit', code => (code === 0 ? resolve() : reject(new Error(`worker ended with ${code}`))))
        }),
    ),
  )
  return similarities
}

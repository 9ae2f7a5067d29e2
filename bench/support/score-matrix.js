/** Scores of all pairs of prints, compared exactly in the workers once and kept in a file named after the prints and the core. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from '../../dist/index.js'
import { pairAt } from './compare-all.js'

const CORE = new URL('../../dist/core/release.wasm', import.meta.url)

/** @returns (i, j) => score of prints i and j, also of mates; i and j differ */
export async function scoreMatrix(prints, { cache, threads = 2 }) {
  const hash = createHash('sha256').update(readFileSync(CORE))
  for (const { template } of prints) hash.update(template)
  const path = join(cache, `scores-${hash.digest('hex').slice(0, 12)}.bin`)
  const n = prints.length
  const scores = existsSync(path)
    ? new Float32Array(new Uint8Array(readFileSync(path)).buffer)
    : await compareEach(prints, threads)
  if (!existsSync(path)) writeFileSync(path, new Uint8Array(scores.buffer))
  return (i, j) => scores[i < j ? pairAt(i, j, n) : pairAt(j, i, n)]
}

async function compareEach(prints, threads) {
  const engine = await createEngine({ threads })
  const n = prints.length
  const scores = new Float32Array((n * (n - 1)) / 2)
  try {
    const gallery = engine.createGallery()
    const ids = prints.map((_, i) => String(i))
    for (const [i, { template }] of prints.entries()) gallery.insert(ids[i], template)
    const startMs = performance.now()
    const before = process.cpuUsage()
    for (let i = 0; i + 1 < n; i++) {
      const found = await gallery.compare(prints[i].template, ids.slice(i + 1))
      if (found.some(({ codes }) => codes !== 'learned')) throw new Error('not all prints have learned codes')
      scores.set(
        found.map(({ score }) => score),
        pairAt(i, i + 1, n),
      )
    }
    const { user, system } = process.cpuUsage(before)
    const rate = scores.length / ((user + system) / 1e6)
    const seconds = (performance.now() - startMs) / 1000
    console.log(`${scores.length} pairs compared in ${seconds.toFixed(0)} s, ${rate.toFixed(0)} a CPU second`)
  } finally {
    await engine.close()
  }
  return scores
}

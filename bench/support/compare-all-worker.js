/** One thread of compare-all.js. */
import { workerData } from 'node:worker_threads'
import { createMemory, instantiateCore, RESERVED_BYTES } from '../../dist/core/instance.js'
import { recordBytes, writeRecord } from '../../dist/core/records.js'
import { loadCore } from '../../dist/node/core-file.js'
import { decodeTemplate } from '../../dist/template/native.js'
import { pairAt, SKIPPED } from './compare-all.js'

/** More than records of 255 minutiae with both codes take on average by far. */
const MEMORY_BYTES = 1 << 28

const { templates, fingers, kinds, classes, shares, seed, learned, scored, similarities, nextRow } = workerData
const memory = createMemory(MEMORY_BYTES, MEMORY_BYTES)
const core = instantiateCore(loadCore(), memory)
const scratch = RESERVED_BYTES
let next = scratch + Math.max(core.COMPARE_BYTES.value, core.DESCRIBE_BYTES.value)
const pointers = templates.map(template => {
  const { learnedCodes, ...rest } = decodeTemplate(template)
  const contents = learned && learnedCodes ? { ...rest, learnedCodes } : rest
  const pointer = (next + 15) & ~15
  writeRecord(core, memory, pointer, contents)
  next = pointer + recordBytes(core, contents)
  return pointer
})
const n = templates.length
const measure = scored ? core.compareRecords : core.similarityOf
for (let i = Atomics.add(nextRow, 0, 1); i < n; i = Atomics.add(nextRow, 0, 1)) {
  for (let j = i + 1; j < n; j++) {
    const share = shares[kinds[i] * classes + kinds[j]]
    const taken = fingers[i] !== fingers[j] && (share >= 1 || hash(i, j) < share * 2 ** 32)
    similarities[pairAt(i, j, n)] = taken ? measure(pointers[i], pointers[j], scratch) : SKIPPED
  }
}

/** Evenly spread over 32 bits: the sample does not depend on which thread meets the pair. */
function hash(i, j) {
  let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(j + 1, 0x85ebca6b) ^ seed
  for (const factor of [0x7feb352d, 0x846ca68b]) h = Math.imul(h ^ (h >>> 15), factor)
  return (h ^ (h >>> 16)) >>> 0
}

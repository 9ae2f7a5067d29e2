/** How often the screen loses a mate: which share of strangers comes before it. */
import { createMemory, instantiateCore, RESERVED_BYTES } from '../../dist/core/instance.js'
import { recordBytes, writeRecord } from '../../dist/core/records.js'
import { Searcher } from '../../dist/core/searcher.js'
import { loadCore } from '../../dist/node/core-file.js'
import { decodeTemplate } from '../../dist/template/native.js'
import { formatTable, whole } from './table.js'

const SHARES = [0.0007, 0.002, 0.005, 0.01, 0.02, 0.05]
const MINUTIAE = [0, 16, 30, 256]

const MEMORY_BYTES = 1 << 26

/** [{ probe, mate, share }]: of each two prints of one finger, the share of all strangers that the screen puts before the mate. */
function screenShares(prints) {
  const memory = createMemory(MEMORY_BYTES, MEMORY_BYTES)
  const core = instantiateCore(loadCore(), memory)
  const table = RESERVED_BYTES
  const top = (table + 4 * prints.length + 15) & ~15
  const scratch = (top + core.topBytes(prints.length) + 15) & ~15
  let next = scratch + Searcher.scratchBytes
  const pointers = prints.map(({ template }) => {
    const contents = decodeTemplate(template)
    const pointer = (next + 15) & ~15
    next = pointer + recordBytes(core, contents)
    writeRecord(core, memory, pointer, contents)
    return pointer
  })
  const view = new DataView(memory.buffer)
  for (const [slot, pointer] of pointers.entries()) view.setUint32(table + 4 * slot, pointer / 16, true)
  const found = []
  prints.forEach((print, probe) => {
    if (!prints.some(({ finger }, i) => i !== probe && finger === print.finger)) return
    view.setUint32(top, 0, true)
    core.screen(pointers[probe], table, 0, prints.length, top, prints.length, scratch)
    const scores = new Float32Array(prints.length)
    for (let k = 0; k < view.getUint32(top, true); k++) {
      scores[view.getUint32(top + 8 + 8 * k, true)] = view.getFloat32(top + 12 + 8 * k, true)
    }
    const strangers = [...scores.keys()].filter(i => prints[i].finger !== print.finger)
    prints.forEach(({ finger }, mate) => {
      if (mate === probe || finger !== print.finger) return
      const before = strangers.filter(i => scores[i] > scores[mate] || (scores[i] === scores[mate] && i < mate)).length
      found.push({ probe, mate, share: before / strangers.length })
    })
  })
  return found
}

export function reportScreenLoss(prints) {
  const shares = screenShares(prints)
  const minutiae = prints.map(({ template }) => decodeTemplate(template).minutiae.length)
  const rows = MINUTIAE.slice(1).map((below, k) => {
    const some = shares.filter(({ probe }) => minutiae[probe] >= MINUTIAE[k] && minutiae[probe] < below)
    const lost = SHARES.map(
      share => `${((100 * some.filter(each => each.share >= share).length) / some.length).toFixed(2)} %`,
    )
    return [`${MINUTIAE[k]} to ${below - 1}`, whole(some.length), ...lost]
  })
  console.log('\nthe screen: mates that so large a share of strangers comes before')
  console.log(formatTable(['minutiae of the probe', 'mated pairs', ...SHARES], rows))
}

/**
 * What the screen loses, and its speed: every print is hidden among all prints of all sets (640), and every mate's rank
 * among the strangers is taken, by the screen and by full comparison.
 *
 *   node bench/screen.js [--minutiae mindtct|sourceafis] [--every N]     N: only every Nth print is a probe (default 4)
 *   node bench/screen.js --learned FOLDER [--codes geometric]            prints as learned-prints.js says
 *
 * The last line of each gives the screen's scores that 1 in 100 and 1 in 1,000 strangers reach: those of both kinds of
 * codes are made comparable by SCREEN_LEARNED_GAIN (assembly/parameters.ts).
 */
import { parseArgs } from 'node:util'
import { createMemory, instantiateCore, RESERVED_BYTES } from '../dist/core/instance.js'
import { recordBytes, writeRecord } from '../dist/core/records.js'
import { Searcher } from '../dist/core/searcher.js'
import { loadCore } from '../dist/node/core-file.js'
import { readLearnedSet, setsOf } from './learned-prints.js'
import { EXTRACTORS, readSet, SETS } from './peer-prints.js'

const { values } = parseArgs({
  options: {
    minutiae: { type: 'string' },
    every: { type: 'string', default: '4' },
    learned: { type: 'string' },
    codes: { type: 'string', default: 'learned' },
  },
})
const module = loadCore()

const sources = values.learned ? [values.codes] : values.minutiae ? [values.minutiae] : EXTRACTORS
for (const extractor of sources) {
  const prints = values.learned ? learnedPrints(values.learned) : peerPrints(extractor)
  const memory = createMemory(16 << 20, 16 << 20)
  const core = instantiateCore(module, memory)
  const scratch = RESERVED_BYTES
  const table = scratch + Searcher.scratchBytes
  let next = table + 16 * prints.length
  const pointers = prints.map(({ contents }) => {
    const pointer = next
    writeRecord(core, memory, pointer, contents)
    core.describeGeometry(pointer, scratch)
    next += recordBytes(core, contents)
    return pointer
  })
  new Uint32Array(memory.buffer, table, prints.length).set(pointers.map(pointer => pointer / 16))
  const searcher = new Searcher(module, memory, scratch)
  const slots = Uint32Array.from(prints, (_, i) => i)
  const work = scratch + core.topBytes(prints.length)
  const strangers = []
  const tallies = { screen: tally(), full: tally() }
  for (let probe = 0; probe < prints.length; probe += Number(values.every)) {
    new Uint32Array(memory.buffer, scratch, 1)[0] = 0
    const start = process.cpuUsage()
    core.screen(pointers[probe], table, 0, prints.length, scratch, prints.length, (work + 15) & ~15)
    tallies.screen.microseconds += spentSince(start)
    const view = new DataView(memory.buffer, scratch)
    const screened = new Float32Array(prints.length)
    for (let k = 0; k < view.getUint32(0, true); k++) {
      screened[view.getUint32(8 + 8 * k, true)] = view.getFloat32(12 + 8 * k, true)
    }
    count(tallies.screen, prints, probe, screened)
    prints.forEach((_, i) => {
      if (!sameFinger(prints, probe, i)) strangers.push(screened[i])
    })
    const began = process.cpuUsage()
    const full = searcher.rescore(pointers[probe], table, slots)
    tallies.full.microseconds += spentSince(began)
    count(tallies.full, prints, probe, full)
  }
  for (const [name, { pairs, ranks, microseconds, records }] of Object.entries(tallies)) {
    const shares = ranks.map(within => `${((100 * within) / pairs).toFixed(1)} %`)
    const speed = Math.round(records / (microseconds / 1e6))
    console.log(
      `${extractor} ${name}: no stranger before the mate ${shares[0]}, at most 0.5 % ${shares[1]}, 2 % ${shares[2]}, 5 % ${shares[3]}; ${speed} records a CPU second`,
    )
  }
  strangers.sort((p, q) => q - p)
  const [often, rarely] = [100, 1000].map(one => strangers[Math.floor(strangers.length / one)].toPrecision(3))
  console.log(`${extractor} screen: 1 in 100 strangers reaches ${often}, 1 in 1,000 reaches ${rarely}`)
}

function peerPrints(extractor) {
  const geometricCodes = { bits: new Uint8Array(0), masks: new Uint32Array(0) }
  return SETS.flatMap(set =>
    readSet(extractor, set).map(({ minutiae, ...print }) => ({
      set,
      ...print,
      contents: { minutiae, methodVersion: 0, geometricCodes },
    })),
  )
}

function learnedPrints(folder) {
  return setsOf(folder).flatMap(set =>
    readLearnedSet(folder, set).map(({ contents: { learnedCodes, ...contents }, ...print }) => {
      const kept = values.codes === 'geometric' ? contents : { ...contents, learnedCodes }
      return { set, ...print, contents: kept }
    }),
  )
}

function sameFinger(prints, a, b) {
  return prints[a].set === prints[b].set && prints[a].finger === prints[b].finger
}

/** Processor time, which says the same on a machine that is busy with other things too. */
function spentSince(start) {
  const { user, system } = process.cpuUsage(start)
  return user + system
}

function tally() {
  return { pairs: 0, ranks: [0, 0, 0, 0], microseconds: 0, records: 0 }
}

function count(into, prints, probe, scores) {
  const same = other => sameFinger(prints, probe, other)
  const strangers = prints.map((_, i) => i).filter(i => !same(i))
  into.records += prints.length
  for (let mate = 0; mate < prints.length; mate++) {
    if (mate === probe || !same(mate)) continue
    const before = strangers.filter(i => scores[i] >= scores[mate]).length
    into.pairs++
    for (const [k, share] of [0, 0.005, 0.02, 0.05].entries()) {
      if (before <= share * strangers.length) into.ranks[k]++
    }
  }
}

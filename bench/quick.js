/**
 * Whether a kernel has become slower, on any machine: every kernel is timed in turn with the reference kernel
 * (bench/reference.js), and the ratio of both is compared with the one committed in bench/expected-ratios.json.
 *
 * Only the least of many short measurements counts, of the kernel and of the reference: whatever else runs on the
 * machine can only make a measurement longer, so the least is what the processor needs, and the ratio does not depend
 * on load. What remains is that processors differ in what they are good at, hence TOLERATED_LOSS.
 *
 * `npm run bench` keeps V8 from its baseline compiler (--no-liftoff): what is timed is the code that a process comes to, from its
 * first round on.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { createKernels } from './kernels.js'
import { createReference } from './reference.js'
import { figure, formatTable } from './support/table.js'

const RATIOS_FILE = new URL('expected-ratios.json', import.meta.url)

/**
 * A kernel fails when its ratio to the reference is so much worse than the committed one. Wide, because CI machines are
 * of other makes and years than the one that recorded the ratios, and share their caches with strangers; yet narrow
 * enough to catch what happens by accident: a loop that lost its SIMD form, a table computed again for every print, a
 * stage that runs twice.
 */
export const TOLERATED_LOSS = 0.6

/** Rounds that every measurement has, and after how many without any gain of a hundredth it is settled. */
const LEAST_ROUNDS = 12
const SETTLED_ROUNDS = 8
const GAIN = 0.01

/**
 * Rounds are called from so many depths of the stack in turn, 32 frames of some 60 bytes apart: a vector that V8 keeps on the stack may lie
 * across the end of a page, and the kernel then takes up to 3.6 times as long (docs/experiments.md, Speed of a process). Where
 * a process's stack begins is chance, so that in one of some ten the least of all rounds from one depth was such a time.
 */
const DEPTHS = 4
const FRAMES = 32

/**
 * A machine that never comes to rest is measured so long; where a kernel seems to have lost, all are given so much
 * more, in memories of their own: the pages of one may happen to share few sets of a cache.
 */
const FIRST_MS = 20_000
const AGAIN_MS = 10_000
const AGAIN = 3

/** Times all kernels; with `record` the ratios become the expected ones. */
export async function quickBench({ record = false } = {}) {
  const expected = record ? {} : JSON.parse(await readFile(RATIOS_FILE, 'utf8')).ratios
  const times = new Times(await createKernels())
  times.measure(FIRST_MS)
  let kernels = judge(times.ratios(), expected, record)
  for (let again = 0; again < AGAIN && kernels.some(({ verdict }) => verdict === 'slower'); again++) {
    times.add(await createKernels())
    times.measure(AGAIN_MS)
    kernels = judge(times.ratios(), expected, record)
  }
  if (record) await writeFile(RATIOS_FILE, formatRatios(kernels))
  const failed = kernels.filter(({ verdict }) => verdict === 'slower' || verdict === 'not recorded')
  const gone = record ? [] : Object.keys(expected).filter(name => !kernels.some(kernel => kernel.name === name))
  return {
    suite: 'quick',
    referenceMs: times.referenceMs,
    rounds: times.rounds,
    kernels,
    gone,
    ok: failed.length === 0 && gone.length === 0,
  }
}

class Times {
  referenceMs = Infinity
  rounds = 0
  /** The former stay, so that their pages are not given out again. */
  #works = []
  #reference = createReference()
  /** Least milliseconds by kernel and part. */
  #least = new Map()
  #gained = 0

  constructor(works) {
    this.add(works)
  }

  /** Measures these from now on. */
  add(works) {
    this.#works.push(works)
  }

  /** Rounds of all kernels, the reference before and after each, until the least times have settled. */
  measure(mostMs) {
    const endMs = performance.now() + mostMs
    const first = this.rounds
    this.#gained = first
    for (;;) {
      this.rounds++
      for (const work of this.#works.at(-1)) {
        this.#timeReference()
        deeper(FRAMES * (this.rounds % DEPTHS), () => work((kernel, part, ms) => this.#keep(kernel, part, ms)))
      }
      this.#timeReference()
      const settled = this.rounds - first >= LEAST_ROUNDS && this.rounds - this.#gained >= SETTLED_ROUNDS
      if (settled || performance.now() > endMs) return
    }
  }

  /** Kernel time over reference time, by kernel. */
  ratios() {
    const sum = parts => parts.reduce((total, ms) => total + ms, 0)
    return new Map([...this.#least].map(([kernel, parts]) => [kernel, sum(parts) / this.referenceMs]))
  }

  #timeReference() {
    const startedMs = performance.now()
    this.#reference()
    const ms = performance.now() - startedMs
    if (ms < this.referenceMs * (1 - GAIN)) this.#gained = this.rounds
    this.referenceMs = Math.min(this.referenceMs, ms)
  }

  #keep(kernel, part, ms) {
    const parts = this.#least.get(kernel) ?? []
    this.#least.set(kernel, parts)
    const least = parts[part] ?? Infinity
    if (ms < least * (1 - GAIN)) this.#gained = this.rounds
    parts[part] = Math.min(least, ms)
  }
}

/** Runs `work` below so many frames of the stack. The sum keeps each frame where it is: nothing is called last. */
function deeper(frames, work) {
  if (frames > 0) return 1 + deeper(frames - 1, work)
  work()
  return 0
}

function judge(ratios, expected, record) {
  return [...ratios].map(([name, ratio]) => {
    const before = record ? ratio : expected[name]
    if (before === undefined) return { name, ratio, verdict: 'not recorded' }
    const loss = ratio / before - 1
    return { name, ratio, expected: before, loss, verdict: loss > TOLERATED_LOSS ? 'slower' : 'ok' }
  })
}

function formatRatios(kernels) {
  const ratios = Object.fromEntries(kernels.map(({ name, ratio }) => [name, Number(ratio.toPrecision(4))]))
  return `${JSON.stringify({ made: 'npm run bench -- --quick --record', ratios }, null, 2)}\n`
}

export function formatQuick({ referenceMs, rounds, kernels, gone, ok }) {
  const rows = kernels.map(({ name, ratio, expected, loss, verdict }) => [
    name,
    figure(ratio * referenceMs),
    figure(ratio),
    expected === undefined ? '-' : figure(expected),
    loss === undefined ? '-' : `${loss > 0 ? '+' : ''}${Math.round(100 * loss)} %`,
    verdict,
  ])
  const limit = `${Math.round(100 * TOLERATED_LOSS)} %`
  const lines = [
    `kernels against a reference kernel of ${figure(referenceMs)} ms; least of ${rounds} rounds`,
    formatTable(['kernel', 'ms', 'ratio', 'expected', 'loss', ''], rows),
  ]
  for (const name of gone) lines.push(`  '${name}' is in bench/expected-ratios.json, but no kernel has that name`)
  lines.push(
    ok
      ? `  no kernel lost more than ${limit} against the reference`
      : `  a kernel lost more than ${limit}, or the list has changed: make it faster, or, if it has to be so, record the ratios anew (npm run bench -- --quick --record)`,
  )
  return lines.join('\n')
}

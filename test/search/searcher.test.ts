import fc from 'fast-check'
import type { Minutia } from 'sidik'
import { describe, expect, it } from 'vitest'
import { RESERVED_BYTES } from '../../dist/core/instance.js'
import { Searcher } from '../../dist/core/searcher.js'
import { CORE_TARGETS } from '../core-targets.js'
import { countBits, MatchLab } from '../support/match-lab.js'
import { random, randomMinutiae, secondImpression } from '../support/random-templates.js'

/** SCREEN_* of assembly/parameters.ts. */
const SMOOTHING = 4
const FLOOR = 0.35
const TURN = 12
const PX = 40
const LEAST = 10

const SLOTS = 420

/** A table of records: empty slots, equal prints, small ones, and a mate of the probe at slot 300. */
function gallery(module: WebAssembly.Module) {
  const lab = new MatchLab(module)
  const next = random(7)
  const finger = randomMinutiae(next, 40)
  const probe = lab.record(finger)
  const table = lab.reserve(4 * SLOTS)
  const twin = randomMinutiae(next, 30)
  const prints: (readonly Minutia[] | undefined)[] = Array.from({ length: SLOTS }, (_, slot) => {
    if (slot === 300) return secondImpression(next, finger)
    if (slot % 17 === 3) return undefined
    if (slot % 40 === 5) return twin
    if (slot % 50 === 8) return randomMinutiae(next, slot % 3)
    return randomMinutiae(next)
  })
  const records = prints.map(print => (print ? lab.record(print) : 0))
  lab.words(table, SLOTS).set(records.map(record => record >>> 4))
  const scratch = lab.reserve(Searcher.scratchBytes)
  return { lab, finger, probe, table, prints, records, searcher: new Searcher(module, lab.memory, scratch) }
}

/** The screen's score in plain TypeScript. */
function screenScore(
  lab: MatchLab,
  probe: number,
  record: number,
  a: readonly Minutia[],
  b: readonly Minutia[],
): number {
  const [codesA, codesB] = [lab.codes(probe).bits, lab.codes(record).bits]
  const word = (bits: Uint8Array, i: number) => bits.subarray(16 * i, 16 * i + 16)
  const size = (bits: Uint8Array) => bits.reduce((sum, byte) => sum + countBits(byte), 0)
  const likeness = a.map((_, i) =>
    b.map((_, j) => {
      const [p, q] = [word(codesA, i), word(codesB, j)]
      const differ = p.reduce((sum, byte, k) => sum + countBits(byte ^ q[k]), 0)
      return 1 - differ / (size(p) + size(q) + SMOOTHING)
    }),
  )
  const coded = a.map((_, i) => i).filter(i => size(word(codesA, i)) > 0)
  // A similarity is kept to 2^-16, and of equal ones the last counts.
  const rank = (i: number, j: number) => Math.floor(likeness[i][j] * 65_536)
  const centre = [0, 1].map(k => a.reduce((sum, m) => sum + [m.xPx, m.yPx][k], 0) / a.length)
  const votes: { weight: number; turn: number; dx: number; dy: number }[] = []
  for (const i of coded) {
    let j = -1
    for (let k = 0; k < b.length; k++) if (j < 0 || rank(i, k) >= rank(i, j)) j = k
    if (
      j < 0 ||
      likeness[i][j] <= FLOOR ||
      coded.some(k => rank(k, j) > rank(i, j) || (rank(k, j) === rank(i, j) && k > i))
    ) {
      continue
    }
    const turn = (Math.round(((b[j].directionRad - a[i].directionRad) * 128) / Math.PI) + 512) & 255
    const [c, s] = [Math.cos((turn * Math.PI) / 128), Math.sin((turn * Math.PI) / 128)]
    const [x, y] = [a[i].xPx - centre[0], a[i].yPx - centre[1]]
    const [dx, dy] = [b[j].xPx - (c * x + s * y), b[j].yPx - (c * y - s * x)]
    votes.push({ weight: likeness[i][j] - FLOOR, turn, dx, dy })
  }
  let sum = 0
  for (const [t, first] of votes.entries()) {
    for (const second of votes.slice(0, t)) {
      const off = Math.abs(((first.turn - second.turn + 384) & 255) - 128)
      if (off <= TURN && Math.hypot(first.dx - second.dx, first.dy - second.dy) < PX)
        sum += first.weight * second.weight
    }
  }
  return sum / Math.max(LEAST, b.length)
}

describe.each(CORE_TARGETS)('Searcher.screen ($target)', ({ module }) => {
  const { lab, finger, probe, table, prints, records, searcher } = gallery(module)
  const survivors = (...slices: readonly (readonly [number, number])[]) => {
    for (const [first, last] of slices) searcher.screen(probe, table, first, last)
    return searcher.takeTop()
  }

  it('scores as a plain loop does, and keeps the best of them in order', () => {
    const { slots, scores } = survivors([0, SLOTS])
    expect(slots).toHaveLength(searcher.capacity)
    const expected = new Map<number, number>()
    records.forEach((record, slot) => {
      if (record) expected.set(slot, screenScore(lab, probe, record, finger, prints[slot]!))
    })
    let last = Infinity
    slots.forEach((slot, k) => {
      expect(Math.abs(scores[k] - expected.get(slot)!), `slot ${slot}`).toBeLessThan(1e-4 + 1e-3 * scores[k])
      expect(scores[k]).toBeLessThanOrEqual(last)
      last = scores[k]
      expected.delete(slot)
    })
    for (const [slot, score] of expected) expect(score, `slot ${slot} was left out`).toBeLessThan(last + 1e-4)
    expect(slots[0]).toBe(300)
  })

  it('keeps the same whatever the slices and their order', () => {
    const whole = survivors([0, SLOTS])
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: SLOTS - 1 }), { maxLength: 12 }),
        fc.nat(1000),
        (cuts, seed) => {
          const edges = [0, ...cuts.toSorted((p, q) => p - q), SLOTS]
          const next = random(seed)
          const slices = edges.slice(1).map((edge, k) => ({ slice: [edges[k], edge] as const, key: next() }))
          expect(survivors(...slices.toSorted((p, q) => p.key - q.key).map(({ slice }) => slice))).toEqual(whole)
        },
      ),
      { numRuns: 12 },
    )
  })

  it('prefers the lower slot among equal prints, whatever comes first', () => {
    const capacity = 5
    const twins = prints.flatMap((_, slot) => (slot % 40 === 5 && slot % 17 !== 3 ? [slot] : []))
    expect(twins.length).toBeGreaterThan(capacity + 2)
    const top = lab.reserve(lab.core.topBytes(capacity))
    const twinProbe = lab.record(prints[twins[0]]!)
    for (const order of [twins, twins.toReversed()]) {
      lab.words(top, 1)[0] = 0
      for (const slot of order) lab.core.screen(twinProbe, table, slot, slot + 1, top, capacity, lab.scratch)
      const kept = Array.from(lab.words(top + 8, 2 * capacity)).filter((_, k) => k % 2 === 0)
      expect(kept.sort((p, q) => p - q)).toEqual(twins.slice(0, capacity))
    }
  })

  it('passes over empty slots, and begins anew after takeTop', () => {
    const all = survivors([0, 60]).slots
    expect([...all].sort((p, q) => p - q)).toEqual(prints.flatMap((print, slot) => (print && slot < 60 ? [slot] : [])))
    expect(survivors([3, 4])).toEqual({ slots: new Uint32Array(0), scores: new Float32Array(0) })
    expect(survivors([7, 7]).slots).toHaveLength(0)
  })

  it('does not take what was in its scratch before for survivors', () => {
    const used = lab.reserve(Searcher.scratchBytes)
    lab.words(used, Searcher.scratchBytes / 4).fill(0xffffffff)
    const other = new Searcher(module, lab.memory, used)
    expect(other.takeTop().slots).toHaveLength(0)
    other.screen(probe, table, 0, SLOTS)
    expect(other.takeTop()).toEqual(survivors([0, SLOTS]))
  })

  it('finds nothing like a print without minutiae, and survives 255 of them', () => {
    const next = random(9)
    const many = lab.record(Array.from({ length: 255 }, () => randomMinutiae(next, 1)[0]))
    for (const other of [lab.record([]), many]) {
      searcher.screen(other, table, 0, SLOTS)
      const { scores } = searcher.takeTop()
      expect(scores.every(score => Number.isFinite(score) && score >= 0)).toBe(true)
      if (other !== many) expect(scores.every(score => score === 0)).toBe(true)
    }
  })
})

describe.each(CORE_TARGETS)('Searcher.rescore ($target)', ({ module, target }) => {
  const { lab, probe, table, records, searcher } = gallery(module)

  it('scores as single comparisons do, in the order asked, more than the capacity at once', () => {
    const slots = Uint32Array.from({ length: SLOTS }, (_, k) => (k * 11) % SLOTS)
    const scores = searcher.rescore(probe, table, slots)
    slots.forEach((slot, k) => {
      const expected = records[slot] ? lab.core.compareRecords(probe, records[slot], lab.scratch) : -1
      expect(scores[k], `slot ${slot}`).toBe(expected)
    })
    expect(slots[scores.indexOf(Math.max(...scores))]).toBe(300)
    expect(SLOTS).toBeGreaterThan(searcher.capacity)
  })

  // The debug build has its tables elsewhere.
  it.runIf(target === 'release')('takes a score that is not a number for a failure', () => {
    // What a stray write over the core's own data did: the tables of its exponential are not numbers.
    const data = new Uint8Array(lab.memory.buffer, 1_024, RESERVED_BYTES - 1_024)
    const sound = data.slice()
    const slots = Uint32Array.from(records.flatMap((record, slot) => (record ? [slot] : [])))
    data.fill(0xff)
    expect(() => searcher.rescore(probe, table, slots)).toThrow(WebAssembly.RuntimeError)
    data.set(sound)
    expect(searcher.rescore(probe, table, slots).every(Number.isFinite)).toBe(true)
  })
})

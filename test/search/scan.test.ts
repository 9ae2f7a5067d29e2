import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordBytes, writeRecord } from '../../dist/core/records.js'
import { Searcher } from '../../dist/core/searcher.js'
import { CORE_TARGETS } from '../core-targets.js'
import { bitsThatDiffer, type Code, codeOf, readIndex } from '../support/code-index.js'
import { type CodedMinutia, codedContents, codedFinger, secondCoded } from '../support/learned-templates.js'
import { countBits, MatchLab } from '../support/match-lab.js'
import { random } from '../support/random-templates.js'

/** SCAN_* and SCREEN_MIN_MINUTIAE of assembly/parameters.ts. */
const PROBE = 24
const DIFFER = 40
const LEAST = 10

/** Of src/core/searcher.ts. */
const CELLS = 60
const QUICK_CELLS = 30
/** INDEX_* of assembly/parameters-search.ts. */
const INDEX_LOOKED = 27
const INDEX_DIFFER = 36
const INDEX_VOTERS = 256
const INDEX_BEST = 512
/** Of assembly/search/index-votes.ts. */
const LEAST_VOTERS = 16
const WORTH = 16

const SLOTS = 300
const MATE = 211
const OTHER_NETWORK = 40

const differing = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, byte, k) => sum + countBits(byte ^ b[k]), 0)

/** Numbers of the minutiae that the scan looks for. */
const bestMinutiae = (probe: readonly CodedMinutia[]) =>
  [...probe.keys()].sort((i, j) => probe[j].quality - probe[i].quality || i - j).slice(0, PROBE)

/** The scan's score in plain TypeScript. */
function scanScore(probe: readonly CodedMinutia[], print: readonly CodedMinutia[]): number {
  const best = bestMinutiae(probe)
  const sum = best.reduce((all, i) => {
    const least = Math.min(255, ...print.map(({ code }) => differing(probe[i].code, code)))
    return all + Math.max(0, DIFFER - least) ** 2
  }, 0)
  return sum / Math.sqrt(Math.max(LEAST, print.length))
}

/** The largest distance up to which there are no more of the things counted than allowed, but for the nearest ones. */
function reach(distances: readonly number[], counts: readonly number[], allowed: number): number {
  const within = (limit: number) => counts.reduce((sum, count, i) => sum + (distances[i] <= limit ? count : 0), 0)
  let limit = 0
  while (limit < 128 && (within(limit) === 0 || within(limit + 1) <= allowed)) limit++
  return limit
}

/** The slots that an index names, in plain TypeScript. */
function namedByIndex(
  probe: readonly CodedMinutia[],
  index: ReturnType<typeof readIndex>,
  sizeOf: (slot: number) => number,
  most: number,
) {
  const { groups, cells, starts, codes, members } = index
  const sums = new Map<number, number>()
  for (const i of bestMinutiae(probe)) {
    const own = codeOf(probe[i].code)
    const far = (code: Code) => bitsThatDiffer(own, code)
    const groupAt = groups.map(far)
    const looked = reach(
      groupAt,
      groupAt.map(() => 1),
      INDEX_LOOKED,
    )
    const near = [...cells.keys()].filter(cell => groupAt[Math.floor(cell / groups.length)] <= looked)
    const cellAt = near.map(cell => far(cells[cell]))
    const nearest = [...near.keys()].sort((a, b) => cellAt[a] - cellAt[b] || a - b).slice(0, most)
    const places = nearest
      .map(k => near[k])
      .flatMap(cell => Array.from({ length: starts[cell + 1] - starts[cell] }, (_, i) => starts[cell] + i))
    const nearby = places.map(place => ({ slot: members[place], differ: far(codes[place]) }))
    const candidates = nearby.filter(({ differ }) => differ < INDEX_DIFFER)
    const voters = Math.max(LEAST_VOTERS, Math.floor(index.records / INDEX_VOTERS))
    const limit = reach(
      candidates.map(({ differ }) => differ),
      candidates.map(() => 1),
      voters,
    )
    const votes = new Map<number, number>()
    for (const { slot, differ } of candidates) {
      if (differ > limit) continue
      const asNear = 1 + candidates.filter(other => other.differ <= differ).length
      const rarity = Math.max(0, Math.log(index.records / asNear))
      votes.set(slot, Math.max(votes.get(slot) ?? 0, Math.max(1, Math.floor(WORTH * rarity ** 2))))
    }
    for (const [slot, vote] of votes) sums.set(slot, (sums.get(slot) ?? 0) + vote)
  }
  const worth = (slot: number) => Math.floor(255 * Math.sqrt(LEAST / Math.max(LEAST, sizeOf(slot))))
  return [...sums]
    .filter(([, sum]) => sum > 0)
    .map(([slot, sum]) => ({ slot, score: sum * worth(slot) }))
    .sort((a, b) => b.score - a.score || a.slot - b.slot)
    .slice(0, INDEX_BEST)
    .map(({ slot }) => slot)
}

/** A table of records with learned codes; one in 40 of another network, one in 17 empty, a mate of the probe. */
function gallery(module: WebAssembly.Module) {
  const lab = new MatchLab(module)
  const next = random(21)
  const graded = (finger: readonly CodedMinutia[]) =>
    finger.map(minutia => ({ ...minutia, quality: Math.floor(100 * next()) }))
  const record = (print: readonly CodedMinutia[], network = 1) => {
    const contents = codedContents(print, network)
    const pointer = lab.reserve(recordBytes(lab.core, contents))
    writeRecord(lab.core, lab.memory, pointer, contents)
    return pointer
  }
  const finger = graded(codedFinger(next, 40))
  const prints = Array.from({ length: SLOTS }, (_, slot) => {
    if (slot === MATE) return graded(secondCoded(next, finger))
    if (slot % 17 === 3) return undefined
    // Codes near the probe's, so that sums differ.
    const near = slot % 5 === 0 ? secondCoded(next, finger).slice(0, 1 + (slot % 7)) : []
    return graded([...near, ...codedFinger(next, slot % 3 === 0 ? slot % 4 : undefined)].slice(0, 255))
  })
  const table = lab.reserve(4 * SLOTS)
  const pointers = prints.map((print, slot) => (print ? record(print, slot % OTHER_NETWORK === 39 ? 2 : 1) : 0))
  lab.words(table, SLOTS).set(pointers.map(pointer => pointer >>> 4))
  const searcher = new Searcher(module, lab.memory, lab.reserve(Searcher.scratchBytes))
  return { lab, finger, prints, table, probe: record(finger), searcher }
}

describe.each(CORE_TARGETS)('Searcher.scan ($target)', ({ module }) => {
  const { finger, prints, table, probe, searcher } = gallery(module)
  const scanned = (...slices: readonly (readonly [number, number])[]) => {
    for (const [first, last] of slices) searcher.scan(probe, table, first, last)
    return { scanned: searcher.takeScanned(), screened: searcher.takeTop() }
  }

  it('scores as a plain loop does, best first, and leaves no record of the network out', () => {
    const { slots, scores } = scanned([0, SLOTS]).scanned
    const expected = prints.flatMap((print, slot) =>
      print && print.length > 0 && slot % OTHER_NETWORK !== 39 ? [{ slot, score: scanScore(finger, print) }] : [],
    )
    expected.sort((a, b) => Math.fround(b.score) - Math.fround(a.score) || a.slot - b.slot)
    expect([...slots]).toEqual(expected.map(({ slot }) => slot))
    expected.forEach(({ score }, k) => {
      expect(scores[k]).toBeCloseTo(score, 3)
    })
    expect(slots[0]).toBe(MATE)
  })

  it('screens what it cannot scan', () => {
    const { slots } = scanned([0, SLOTS]).screened
    const others = prints.flatMap((print, slot) =>
      print && (slot % OTHER_NETWORK === 39 || print.length === 0) ? [slot] : [],
    )
    expect([...slots].sort((a, b) => a - b)).toEqual(others)
  })

  it('keeps the same whatever the slices', () => {
    const whole = scanned([0, SLOTS])
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: SLOTS - 1 }), { maxLength: 8 })
    fc.assert(
      fc.property(cuts, some => {
        const edges = [0, ...some.sort((a, b) => a - b), SLOTS]
        expect(scanned(...edges.slice(1).map((edge, k) => [edges[k], edge] as const))).toEqual(whole)
      }),
      { numRuns: 6 },
    )
  })
})

describe.each(CORE_TARGETS)('Searcher.scanByIndex ($target)', ({ module }) => {
  const { lab, finger, prints, table, probe, searcher } = gallery(module)
  const segment = searcher.segmentSlots

  /** An index of the first slots of the table; the others are as if they had come later. */
  function indexed(count: number, networkVersion = 1) {
    const pointer = lab.reserve(lab.core.indexBytes(40 * SLOTS))
    const slots = lab.words(pointer + lab.core.INDEX_SLOTS.value, segment)
    slots.set(lab.words(table, count))
    searcher.indexSegment({ pointer, networkVersion, centres: 1, like: 0 })
    searcher.beginProbe()
    return { pointer, slots }
  }
  const byIndex = (pointer: number, quick = false) => {
    searcher.beginProbe()
    searcher.scanByIndex(probe, table, 0, SLOTS, pointer, { indexes: 1, quick })
    return { scanned: searcher.takeScanned(), screened: searcher.takeTop() }
  }
  searcher.scan(probe, table, 0, SLOTS)
  const whole = { scanned: searcher.takeScanned(), screened: searcher.takeTop() }
  const scoreOf = new Map([...whole.scanned.slots].map((slot, k) => [slot, whole.scanned.scores[k]]))

  it('finds the mate first, scores what it finds as the scan does, and leaves most others alone', () => {
    const { scanned } = byIndex(indexed(SLOTS).pointer)
    expect(scanned.slots[0]).toBe(MATE)
    scanned.slots.forEach((slot, k) => {
      expect(scanned.scores[k]).toBe(scoreOf.get(slot))
    })
    expect(scanned.slots.length).toBeLessThan(whole.scanned.slots.length / 2)
  })

  it('scans what a plain loop over the nearest cells finds, or over half as many', () => {
    const { pointer } = indexed(SLOTS)
    const index = readIndex(lab.core, lab.memory, pointer)
    const expected = (cells: number) => namedByIndex(finger, index, slot => prints[slot]!.length, cells)
    const inOrder = (slots: Iterable<number>) => [...slots].sort((a, b) => a - b)
    const [usual, quick] = [expected(CELLS), expected(QUICK_CELLS)]
    expect(quick.length).toBeGreaterThan(20)
    expect(usual.length).toBeGreaterThan(quick.length)
    expect(inOrder(byIndex(pointer).scanned.slots)).toEqual(inOrder(usual))
    expect(inOrder(byIndex(pointer, true).scanned.slots)).toEqual(inOrder(quick))
  })

  it('screens what is of no network or another, as the scan does', () => {
    expect(byIndex(indexed(SLOTS).pointer).screened).toEqual(whole.screened)
  })

  it('scans everything that came after the index was built, or changed since', () => {
    const { pointer, slots } = indexed(150)
    const later = [...whole.scanned.slots].filter(slot => slot >= 150)
    expect([...byIndex(pointer).scanned.slots]).toEqual(expect.arrayContaining(later))
    slots[7] = 0
    expect([...byIndex(pointer).scanned.slots]).toContain(7)
  })

  it('is the scan with a probe of another network than the index', () => {
    expect(byIndex(indexed(SLOTS, 9).pointer)).toEqual(whole)
  })

  it('indexes nothing of an empty segment', () => {
    const { pointer, slots } = indexed(0)
    expect(slots.every(slot => slot === 0)).toBe(true)
    expect(byIndex(pointer)).toEqual(whole)
  })

  it.each([60, 300])('names records once whose 255 codes are all the probe’s: %d of them', copies => {
    const lab = new MatchLab(module)
    const next = random(5)
    const [{ code }] = codedFinger(next, 1)
    const alike = (count: number) => codedFinger(next, count).map(minutia => ({ ...minutia, code }))
    const record = (print: readonly CodedMinutia[]) => {
      const contents = codedContents(print)
      const pointer = lab.reserve(recordBytes(lab.core, contents))
      writeRecord(lab.core, lab.memory, pointer, contents)
      return pointer
    }
    const table = lab.reserve(4 * copies)
    const many = record(alike(255))
    lab.words(table, copies).fill(many >>> 4)
    const index = lab.reserve(lab.core.indexBytes(copies * 255))
    const searcher = new Searcher(module, lab.memory, lab.reserve(Searcher.scratchBytes))
    lab.words(index + lab.core.INDEX_SLOTS.value, copies).fill(many >>> 4)
    searcher.indexSegment({ pointer: index, networkVersion: 1, centres: 1, like: 0 })
    searcher.scanByIndex(record(alike(40)), table, 0, copies, index, { indexes: 1, quick: false })
    // Of more than can be gathered, the first.
    const found = [...searcher.takeScanned().slots]
    expect(found).toEqual(Array.from({ length: found.length }, (_, slot) => slot))
    expect(found.length).toBeGreaterThan(Math.min(copies, 110) - 1)
  })
})

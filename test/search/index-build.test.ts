import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordBytes, writeRecord } from '../../dist/core/records.js'
import { CORE_TARGETS } from '../core-targets.js'
import { bitsThatDiffer, type Code, codeOf, readIndex } from '../support/code-index.js'
import { type CodedMinutia, codedContents, codedFinger, secondCoded } from '../support/learned-templates.js'
import { MatchLab } from '../support/match-lab.js'
import { random } from '../support/random-templates.js'

const GUARD = 64

interface Filled {
  readonly slot: number
  readonly print: readonly CodedMinutia[]
  readonly network: number
}

/** An index of records in these slots, and the bytes behind it, which nobody may touch. */
function build(lab: MatchLab, filled: readonly Filled[], { network = 1, like = 0 } = {}) {
  if (like === 0) lab.clear()
  const codes = filled.reduce((sum, { print, network: own }) => sum + (own === network ? print.length : 0), 0)
  const pointers = filled.map(({ print, network: own }) => {
    const contents = codedContents(print, own)
    const pointer = lab.reserve(recordBytes(lab.core, contents))
    writeRecord(lab.core, lab.memory, pointer, contents)
    return pointer
  })
  const bytes = lab.core.indexBytes(codes)
  const index = lab.reserve(bytes + GUARD)
  const whole = new Uint8Array(lab.memory.buffer, index, bytes + GUARD)
  whole.fill(0xa5)
  const slots = lab.words(index + lab.core.INDEX_SLOTS.value, lab.core.SEGMENT_SLOTS.value)
  slots.fill(0)
  filled.forEach(({ slot }, i) => {
    slots[slot] = pointers[i] >>> 4
  })
  lab.core.indexSegment(index, network, 1, like, lab.scratch)
  return {
    ...readIndex(lab.core, lab.memory, index),
    pointer: index,
    slots,
    bytes: whole.slice(0, bytes),
    guard: whole.slice(bytes),
  }
}

/** The first of the nearest. */
function nearest(centres: readonly Code[], code: Code): number {
  let best = 0
  centres.forEach((centre, i) => {
    if (bitsThatDiffer(centre, code) < bitsThatDiffer(centres[best], code)) best = i
  })
  return best
}

function cellOf({ groups, cells }: { groups: readonly Code[]; cells: readonly Code[] }, code: Code): number {
  const first = nearest(groups, code) * groups.length
  return first + nearest(cells.slice(first, first + groups.length), code)
}

const pairs = (slots: readonly number[], codes: readonly Code[]) => slots.map((slot, i) => `${slot} ${codes[i]}`).sort()

describe.each(CORE_TARGETS)('indexSegment ($target)', ({ module }) => {
  const lab = new MatchLab(module)

  it('has every code of the network once, with its slot, in the cell whose centre is nearest', () => {
    const next = random(3)
    const finger = codedFinger(next, 30)
    const filled = Array.from({ length: 60 }, (_, k) => ({
      slot: k === 59 ? lab.core.SEGMENT_SLOTS.value - 1 : 7 * k,
      print: k % 3 === 0 ? secondCoded(next, finger) : codedFinger(next, k % 5 === 0 ? k % 4 : 20),
      network: k % 10 === 4 ? 2 : 1,
    }))
    const index = build(lab, filled)
    const own = filled.filter(({ network, print }) => network === 1 && print.length > 0)
    const expected = own.flatMap(({ slot, print }) => print.map(({ code }) => ({ slot, code: codeOf(code) })))
    expect([index.count, index.records]).toEqual([expected.length, own.length])
    expect(pairs(index.members, index.codes)).toEqual(
      pairs(
        expected.map(({ slot }) => slot),
        expected.map(({ code }) => code),
      ),
    )
    expect([index.starts[0], index.starts.at(-1)]).toEqual([0, index.count])
    index.starts.slice(1).forEach((end, cell) => {
      for (let k = index.starts[cell]; k < end; k++) expect(cellOf(index, index.codes[k])).toBe(cell)
    })
    expect([...index.slots.entries()].flatMap(([slot, pointer]) => (pointer > 0 ? [slot] : []))).toEqual(
      own.map(({ slot }) => slot),
    )
  })

  it('makes the same bytes again, whatever was in the scratch, and touches none behind', () => {
    const next = random(5)
    const filled = Array.from({ length: 40 }, (_, slot) => ({ slot, print: codedFinger(next, 12), network: 1 }))
    const once = build(lab, filled)
    new Uint8Array(lab.memory.buffer, lab.scratch, 65_536).fill(0xff)
    const again = build(lab, filled)
    expect(again.bytes).toEqual(once.bytes)
    expect([...once.guard, ...again.guard].every(byte => byte === 0xa5)).toBe(true)
  })

  it('takes the centres of another index over, and sorts its own codes by them', () => {
    const next = random(8)
    const filled = (count: number) =>
      Array.from({ length: count }, (_, slot) => ({ slot, print: codedFinger(next, 15), network: 1 }))
    const first = build(lab, filled(50))
    const second = build(lab, filled(20), { like: first.pointer })
    expect([second.groups, second.cells]).toEqual([first.groups, first.cells])
    expect(second.count).toBe(300)
    second.starts.slice(1).forEach((end, cell) => {
      for (let k = second.starts[cell]; k < end; k++) expect(cellOf(second, second.codes[k])).toBe(cell)
    })
    expect(second.guard.every(byte => byte === 0xa5)).toBe(true)
  })

  it('takes any number of codes, none and many that are equal as well', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 })
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 3 }), fc.nat(1_000), (sizes, kinds, seed) => {
        const next = random(seed)
        const few = codedFinger(next, 9).map(({ code }) => code)
        const filled = sizes.map((size, slot) => ({
          slot,
          // With `kinds` 0 all codes are their own.
          print: codedFinger(next, size).map((minutia, i) =>
            kinds > 0 ? { ...minutia, code: few[i % kinds] } : minutia,
          ),
          network: 1,
        }))
        const index = build(lab, filled)
        const codes = filled.flatMap(({ print }) => print.map(({ code }) => codeOf(code)))
        expect([...index.codes].sort()).toEqual(codes.sort())
        expect(index.starts.at(-1)).toBe(codes.length)
        expect(index.guard.every(byte => byte === 0xa5)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})

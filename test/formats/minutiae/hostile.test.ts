import fc from 'fast-check'
import { SidikError } from 'sidik'
import { decodeExtension, minutiaeFormatOf, readMinutiaeRecord, writeMinutiaeRecord } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { KINDS, recordOf } from './arbitraries.js'
import { GOLDENS } from './golden-records.js'
import { kindOf, outcomeOf } from './read-any.js'

/** Mutated inputs a reader; SIDIK_FUZZ_RUNS=100000 for a long run, which then says what became of them. */
const RUNS = Number(process.env.SIDIK_FUZZ_RUNS ?? 2000)

const CODES = ['RECORD_FORMAT', 'RECORD_VERSION', 'RECORD_CORRUPT']
const KNOWN = ['read', 'deviates', ...CODES]

const BITS = [1, 2, 4, 8, 16, 32, 64, 128]

const mutation = fc.oneof(
  fc.record({ at: fc.nat(), value: fc.nat(255) }),
  fc.record({ at: fc.nat(), remove: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ at: fc.nat(), insert: fc.uint8Array({ minLength: 1, maxLength: 20 }) }),
  fc.record({ at: fc.nat(), swap: fc.nat(255) }),
)
type Mutation = { at: number; value?: number; remove?: number; insert?: Uint8Array; swap?: number }

function mutated(bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  let all = [...bytes]
  for (const { at, value, remove, insert, swap } of mutations) {
    // Half of all hit the headers, where the lengths and counts are.
    const place = (at % 2 === 0 ? at : at % 64) % Math.max(1, all.length)
    if (value !== undefined) all[place] = value
    else if (remove !== undefined) all.splice(place, remove)
    else if (insert !== undefined) all = [...all.slice(0, place), ...insert, ...all.slice(place)]
    else if (swap !== undefined) all[place] ^= 1 << (swap % 8)
  }
  return Uint8Array.from(all)
}

const isCard = (format: string) => format === 'iso-19794-2-2005-card'

describe('a damaged record', () => {
  it.each(GOLDENS)('$name: cut at any byte is refused', ({ tagged, bytes }) => {
    for (let length = 0; length < bytes.length; length++) {
      const outcome = outcomeOf(kindOf(tagged), bytes.subarray(0, length))
      if (isCard(tagged.format)) expect(['read', 'RECORD_CORRUPT']).toContain(outcome)
      else expect([length, CODES.includes(outcome)]).toEqual([length, true])
    }
  })

  it.each(GOLDENS)('$name: any bit of it changed is refused, or written again as it is', ({ tagged, bytes }) => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      for (const value of [0, 0xff, ...BITS.map(bit => bytes[at] ^ bit)]) {
        changed[at] = value
        expect(KNOWN).toContain(outcomeOf(kindOf(tagged), changed))
      }
    }
  })

  it.each(KINDS)('%s: mutated at random is refused, or written again as it is', kind => {
    const outcomes = new Map<string, number>()
    const startMs = performance.now()
    fc.assert(
      fc.property(recordOf[kind], fc.array(mutation, { minLength: 1, maxLength: 4 }), (tagged, mutations) => {
        const bytes = mutated(writeMinutiaeRecord(tagged), mutations)
        const outcome = outcomeOf(kind, bytes)
        expect(KNOWN).toContain(outcome)
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        minutiaeFormatOf(bytes)
      }),
      { numRuns: RUNS },
    )
    if (process.env.SIDIK_FUZZ_RUNS === undefined) return
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
    console.log(`${kind}: ${RUNS} in ${seconds} s:`, JSON.stringify(Object.fromEntries([...outcomes].sort())))
  })

  it('with lengths and counts at their greatest is refused at once', () => {
    const startMs = performance.now()
    for (const { tagged, bytes } of GOLDENS) {
      for (let at = 0; at + 4 <= bytes.length; at++) {
        const changed = bytes.slice()
        changed.fill(0xff, at, at + 4)
        expect(KNOWN).toContain(outcomeOf(kindOf(tagged), changed))
      }
    }
    expect(performance.now() - startMs).toBeLessThan(1000)
  })
})

describe('anything else', () => {
  it('is refused by readMinutiaeRecord with an error of its kind', () => {
    const heads = ['', 'FMR\0', 'FMR\x00 20\0', 'FMR\x00030\0', 'FMR\x00035\0'].map(text => Buffer.from(text, 'latin1'))
    fc.assert(
      fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 200 }), (head, tail) => {
        const bytes = Uint8Array.from([...head, ...tail])
        try {
          readMinutiaeRecord(bytes, { onDeviation: () => {} })
        } catch (error) {
          expect(error).toBeInstanceOf(SidikError)
          expect(CODES).toContain((error as SidikError).code)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('as data of an extension is kept as bytes', () => {
    const standards = ['iso-19794-2-2005', 'iso-19794-2-2011', 'ansi-378'] as const
    const context = fc.record({
      standard: fc.constantFrom(...standards),
      widthPx: fc.integer({ min: 1, max: 0xffff }),
      heightPx: fc.integer({ min: 1, max: 0xffff }),
      minutiaCount: fc.nat(255),
    })
    fc.assert(
      fc.property(fc.nat(4), fc.uint8Array({ maxLength: 40 }), context, (type, data, context) => {
        let deviations = 0
        const extension = decodeExtension(type, data, context, { onDeviation: () => deviations++ })
        if (deviations > 0) expect(extension).toEqual({ kind: 'opaque', type, data })
        else
          expect(extension.kind === 'opaque').toBe(
            type === 0 || type === 4 || (type === 3 && context.standard === 'ansi-378'),
          )
      }),
      { numRuns: RUNS },
    )
  })
})

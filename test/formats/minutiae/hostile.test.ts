import fc from 'fast-check'
import { SidikError } from 'sidik'
import { decodeExtension, minutiaeFormatOf, readMinutiaeRecord, writeMinutiaeRecord } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { changed, countOutcomes, everyByteChanged, everyCut } from '../damage.js'
import { FUZZ_RUNS, mutated } from '../fuzzing.js'
import { KINDS, recordOf } from './arbitraries.js'
import { GOLDENS } from './golden-records.js'
import { kindOf, outcomeOf } from './read-any.js'

/** The greatest and least of counts and lengths, types of extensions, and bytes of identifiers and versions. */
const LIKELY = [0, 1, 2, 3, 4, 0x7f, 0x80, 0xfe, 0xff, ...Buffer.from('FMR 0235')]

const isCard = (format: string) => format === 'iso-19794-2-2005-card'

describe('a damaged record', () => {
  it.each(GOLDENS)('$name: cut at any byte is refused', ({ tagged, bytes }) => {
    for (const cut of everyCut(bytes)) {
      const outcome = outcomeOf(kindOf(tagged), cut)
      if (isCard(tagged.format)) expect(['read', 'RECORD_CORRUPT']).toContain(outcome)
      else expect([cut.length, outcome]).toEqual([cut.length, expect.stringContaining('RECORD_')])
    }
  })

  it.each(GOLDENS)('$name: any bit of it changed is refused, or written again as it is', ({ tagged, bytes }) => {
    for (const damaged of everyByteChanged(bytes)) outcomeOf(kindOf(tagged), damaged)
  })

  it.each(KINDS)(
    '%s: mutated at random is refused, or written again as it is',
    kind => {
      const inputs = recordOf[kind].chain(tagged => mutated([writeMinutiaeRecord(tagged)], LIKELY))
      const counts = countOutcomes(kind, inputs, bytes => {
        minutiaeFormatOf(bytes)
        return outcomeOf(kind, bytes)
      })
      expect(counts.RECORD_CORRUPT).toBeGreaterThan(0)
    },
    3_600_000,
  )

  it('with lengths and counts at their greatest is refused, or written again as it is', () => {
    for (const { tagged, bytes } of GOLDENS) {
      for (let at = 0; at + 4 <= bytes.length; at++) {
        outcomeOf(kindOf(tagged), changed(bytes, at, 0xff, 0xff, 0xff, 0xff))
      }
    }
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
          expect((error as SidikError).code).toMatch(/^RECORD_/)
        }
      }),
      { numRuns: FUZZ_RUNS },
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
      { numRuns: FUZZ_RUNS },
    )
  })
})

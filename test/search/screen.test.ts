import fc from 'fast-check'
import { decodeTemplate } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { GalleryMemory } from '../../dist/core/gallery-memory.js'
import { Matcher } from '../../dist/core/matcher.js'
import { Searcher } from '../../dist/core/searcher.js'
import { partsOf } from '../../dist/template/native-parts.js'
import { CORE_TARGETS } from '../core-targets.js'
import { random, randomMinutiae, secondImpression, templateOf } from '../support/random-templates.js'

const SLOTS = 260

describe.each(CORE_TARGETS)('screening ($target)', ({ module }) => {
  const next = random(11)
  const fingers = Array.from({ length: SLOTS }, () => randomMinutiae(next))
  const templates = fingers.map(minutiae => templateOf(minutiae))
  const probe = decodeTemplate(templateOf(secondImpression(next, fingers[77])))
  const memory = new GalleryMemory(1, module, 1 << 26, 1)
  // Every ninth slot stays empty.
  templates.forEach((template, slot) => {
    if (slot % 9 !== 4) memory.setSlot(slot, memory.addRecord(partsOf(template))!)
  })
  memory.writeProbe(0, probe)
  const { probe: pointer, table, scratch } = memory.pointers(0, 0)
  const searcher = new Searcher(module, memory.memory, scratch)

  const sliced = (cuts: readonly number[]) => {
    const bounds = [0, ...cuts, SLOTS]
    for (let k = 1; k < bounds.length; k++) searcher.screen(pointer, table, bounds[k - 1], bounds[k])
    return searcher.takeTop()
  }
  const whole = sliced([])

  it('keeps the best, best first, equal ones by slot, and no empty slot', () => {
    expect(whole.slots.length).toBe(searcher.capacity)
    for (let k = 1; k < whole.slots.length; k++) {
      const [before, after] = [whole.scores[k - 1], whole.scores[k]]
      expect(before > after || (before === after && whole.slots[k - 1] < whole.slots[k])).toBe(true)
    }
    expect([...whole.slots].filter(slot => slot % 9 === 4)).toEqual([])
    expect(whole.slots[0]).toBe(77)
  })

  it('gives the same however the table is cut', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: SLOTS - 1 }), { maxLength: 12 })
    fc.assert(
      fc.property(cuts, some => {
        expect(sliced(some.sort((a, b) => a - b))).toEqual(whole)
      }),
      { numRuns: 8 },
    )
  })

  it('rescores exactly as a comparison of two does', () => {
    const matcher = new Matcher(module)
    const slots = whole.slots.slice(0, 20)
    const scores = searcher.rescore(pointer, table, slots)
    expect([...scores]).toEqual([...slots].map(slot => matcher.match(probe, decodeTemplate(templates[slot]))))
  })
})

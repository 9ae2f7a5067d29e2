import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SlotSet } from '../../dist/core/slot-set.js'

const slots = fc.integer({ min: 0, max: 9_000 })

describe('SlotSet', () => {
  it('holds what a set of numbers holds, and gives the lowest', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('add', 'delete', 'take'), slots), { maxLength: 300 })
    fc.assert(
      fc.property(steps, all => {
        const set = new SlotSet()
        const model = new Set<number>()
        for (const [step, slot] of all) {
          if (step === 'take') {
            const below = [...model].filter(each => each < slot)
            const lowest = below.length > 0 ? Math.min(...below) : undefined
            expect(set.lowest(slot)).toBe(lowest)
            if (lowest === undefined) continue
            set.delete(lowest)
            model.delete(lowest)
          } else {
            set[step as 'add' | 'delete'](slot)
            model[step as 'add' | 'delete'](slot)
          }
          expect(set.size).toBe(model.size)
        }
      }),
    )
  })
})

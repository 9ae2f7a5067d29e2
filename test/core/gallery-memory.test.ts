import { describe, expect, it } from 'vitest'
import { GalleryMemory } from '../../dist/core/gallery-memory.js'
import { partsOf } from '../../dist/template/native-parts.js'
import { RELEASE } from '../core-targets.js'
import { codedFinger, codedTemplate } from '../support/learned-templates.js'
import { random } from '../support/random-templates.js'

describe('GalleryMemory', () => {
  // In a gallery of four millions the last 43,579 of the first memory were in no index, and scanned with every search.
  it.each([1, 8, 40])('full of templates of %d minutiae has room for the index of every segment', minutiae => {
    const memory = new GalleryMemory(1, RELEASE, 96 * 2 ** 20, 1)
    const parts = partsOf(codedTemplate(codedFinger(random(minutiae), minutiae)))
    let slots = 0
    for (; slots < memory.maxSlots; slots++) {
      const pointer = memory.addRecord(parts)
      if (pointer === undefined) break
      memory.setSlot(slots, pointer)
    }
    expect(slots).toBeGreaterThan(30_000)
    const lacking = memory.lackingIndexes
    expect(lacking.length).toBeGreaterThanOrEqual(Math.floor(slots / 65_536))
    for (const segment of lacking) {
      const plan = memory.planIndex(segment, segment === 0)
      expect(plan, `segment ${segment} of ${lacking.length}, ${slots} slots`).toBeDefined()
      memory.publishIndex(plan!)
    }
  })

  it('takes no more memory for 200 rebuilt indexes than for the first ones', () => {
    const memory = new GalleryMemory(1, RELEASE, 2 ** 30, 1)
    const next = random(9)
    const some = Array.from({ length: 300 }, () => partsOf(codedTemplate(codedFinger(next))))
    const add = () => memory.addRecord(some[Math.floor(next() * some.length)])!
    const count = 9_000
    for (let slot = 0; slot < count; slot++) memory.setSlot(slot, add())
    let first = 0
    for (let rebuild = 0; rebuild < 200; rebuild++) {
      for (let change = 0; change < 1_000; change++) {
        const slot = Math.floor(next() * count)
        const former = memory.pointerAt(slot)
        memory.setSlot(slot, add())
        memory.removeRecord(former)
      }
      memory.publishIndex(memory.planIndex(0, true)!)()
      if (rebuild === 9) first = memory.memory.buffer.byteLength
    }
    // An index of 9,000 takes 5.5 MB, and may find its hole a little too small now and then.
    expect(memory.memory.buffer.byteLength).toBeLessThan(first + 3 * 6_000_000)
  })
})

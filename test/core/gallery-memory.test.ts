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
})

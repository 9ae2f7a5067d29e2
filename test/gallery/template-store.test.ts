import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemplateStore } from '../../dist/gallery/template-store.js'

describe('TemplateStore', () => {
  it('returns copies of what was put in, whatever was put in and taken out around it', () => {
    const step = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.boolean())
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const store = new TemplateStore()
        const present: { address: number; bytes: Uint8Array }[] = []
        for (const [bytes, remove] of steps) {
          present.push({ address: store.add(bytes), bytes: bytes.slice() })
          bytes.fill(0)
          if (!remove) continue
          const [gone] = present.splice(0, 1)
          store.remove(gone.address, gone.bytes.length)
        }
        for (const { address, bytes } of present) expect(store.get(address, bytes.length)).toEqual(bytes)
      }),
    )
  })

  it('goes past its first buffer', () => {
    const store = new TemplateStore()
    const addresses = Array.from({ length: 900 }, (_, i) => store.add(new Uint8Array(7_000).fill(i)))
    expect(addresses.map(address => store.get(address, 7_000)[6_999])).toEqual(addresses.map((_, i) => i % 256))
    expect(store.usedBytes).toBe(900 * 7_008)
  })
})

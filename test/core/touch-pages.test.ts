import { describe, expect, it } from 'vitest'
import { createMemory } from '../../dist/core/instance.js'
import { touchPages } from '../../dist/core/touch-pages.js'
import { random } from '../support/random-templates.js'

describe('touchPages', () => {
  it('changes nothing, wherever it begins and also past the end', () => {
    const memory = createMemory(3 * 65_536, 8 * 65_536)
    const bytes = new Uint8Array(memory.buffer)
    const next = random(7)
    // Zeros and others, at beginnings of pages too.
    for (let i = 0; i < bytes.length; i++) bytes[i] = next() < 0.5 ? 0 : 256 * next()
    const before = bytes.slice()
    for (const [first, last] of [
      [0, bytes.length],
      [4_095, 8_193],
      [65_536, 65_536],
      [70_000, 2 ** 32],
      [2 ** 31, 2 ** 32],
    ])
      touchPages(memory, first, last)
    expect(Buffer.compare(bytes, before)).toBe(0)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemory, ensureBytes, instantiateCore, RESERVED_BYTES } from '../../dist/core/instance.js'
import { CORE_TARGETS } from '../core-targets.js'
import { random } from '../support/random-templates.js'

const RADIUS = 9
const ROW = 24
const TAPS = 19 * ROW
const SKIP = 0xffff
const [WIDTH, HEIGHT] = [24, 20]

describe.each(CORE_TARGETS)('oriented filter ($target)', ({ module }) => {
  const memory = createMemory(0, 16 * 1024 * 1024)
  const core = instantiateCore(module, memory)
  const orientations: number = core.ORIENTATIONS.value
  const periods: number = core.PERIODS.value
  const margin: number = core.MARGIN.value
  const stride = WIDTH + 2 * margin
  const imageBytes = core.paddedBytes(WIDTH, HEIGHT)
  const bank = RESERVED_BYTES
  const source = bank + core.BANK_BYTES.value
  const target = source + imageBytes
  const classes = target + imageBytes
  ensureBytes(memory, classes + 1024)
  core.buildKernels(bank)
  const taps = new Int16Array(memory.buffer, bank, orientations * periods * TAPS)
  const periodPx = (index: number) => core.PERIOD_SHORTEST.value * core.PERIOD_RATIO.value ** index

  /** Tap of a kernel at an offset, as it lies in the bank. */
  const tap = (kind: number, x: number, y: number) => taps[kind * TAPS + (y + RADIUS) * ROW + x + RADIUS]

  /** Filters `value`, a function of the pixel, by one kernel a cell. */
  function filter(value: (x: number, y: number) => number, kinds: readonly number[]): Int16Array {
    const pixels = new Int16Array(memory.buffer, source, imageBytes / 2)
    pixels.forEach((_, i) => {
      pixels[i] = value((i % stride) - margin, Math.floor(i / stride) - margin)
    })
    new Uint16Array(memory.buffer, classes, kinds.length).set(kinds)
    new Int16Array(memory.buffer, target, imageBytes / 2).fill(-1)
    core.orientedFilter(source, target, WIDTH, HEIGHT, classes, bank)
    const padded = new Int16Array(memory.buffer, target, imageBytes / 2)
    return Int16Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
      return padded[(Math.floor(i / WIDTH) + margin) * stride + (i % WIDTH) + margin]
    })
  }

  const cells = (WIDTH / 4) * (HEIGHT / 4)
  const everywhere = (kind: number) => new Array<number>(cells).fill(kind)

  it('is the plain sum of products, rounded, with the kernel of each cell', () => {
    const kind = fc.oneof({ arbitrary: fc.nat(orientations * periods - 1), weight: 5 }, fc.constant(SKIP))
    const kinds = fc.array(kind, { minLength: cells, maxLength: cells })
    fc.assert(
      fc.property(kinds, fc.nat(), (kinds, seed) => {
        const next = random(seed)
        const pixels = Int16Array.from(
          { length: stride * (HEIGHT + 2 * margin) },
          () => Math.floor(next() * 3201) - 1600,
        )
        const value = (x: number, y: number) => pixels[(y + margin) * stride + x + margin]
        const found = filter(value, kinds)
        const expected = found.map((_, i) => {
          const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)]
          const kind = kinds[Math.floor(y / 4) * (WIDTH / 4) + Math.floor(x / 4)]
          if (kind === SKIP) return 0
          let sum = 0
          for (let v = -RADIUS; v <= RADIUS; v++) {
            for (let u = -RADIUS; u <= RADIUS; u++) sum += tap(kind, u, v) * value(x + u, y + v)
          }
          return Math.floor((sum + 8192) / 16_384)
        })
        expect(found).toEqual(expected)
      }),
      { numRuns: 10 },
    )
  })

  it('keeps to the range of its results where they would exceed it', () => {
    const found = filter((x, y) => (tap(40, x - 10, y - 10) > 0 ? 32_767 : -32_768), everywhere(40))
    expect(found[10 * WIDTH + 10]).toBe(32_767)
  })

  it('ignores a constant and has empty taps where the rows are filled up', () => {
    for (let kind = 0; kind < orientations * periods; kind++) {
      let sum = 0
      for (let y = -RADIUS; y <= RADIUS; y++) for (let x = -RADIUS; x <= RADIUS; x++) sum += tap(kind, x, y)
      // Rounding of 361 taps of one in 16,384.
      expect(Math.abs(sum)).toBeLessThan(40)
      for (let row = 0; row < 19; row++) {
        for (let i = 19; i < ROW; i++) expect(taps[kind * TAPS + row * ROW + i]).toBe(0)
      }
    }
  })

  it('lets the ridges of its own orientation and period pass whole, and those across not', () => {
    for (let period = 0; period < periods; period++) {
      for (let turn = 0; turn < orientations; turn += 3) {
        const kind = period * orientations + turn
        const ridges = (angle: number) => (x: number, y: number) => {
          const across = (x - 12) * Math.sin(angle) + (y - 10) * Math.cos(angle)
          return Math.round(1000 * Math.cos((2 * Math.PI * across) / periodPx(period)))
        }
        const angle = (Math.PI * turn) / orientations
        const gain = filter(ridges(angle), everywhere(kind))[10 * WIDTH + 12] / 1000
        // From 15.3 px on the mean of a kernel that holds little more than one ridge takes its share.
        expect(gain).toBeGreaterThan(period < 6 ? 0.95 : 0.8)
        expect(gain).toBeLessThan(1.01)
        const across = filter(ridges(angle + Math.PI / 2), everywhere(kind))
        expect(Math.max(...across.map(Math.abs))).toBeLessThan(period < 6 ? 120 : 300)
      }
    }
  })

  it('has kernels that look the same upside down, and a quarter turn apart when turned', () => {
    for (let kind = 0; kind < orientations * periods; kind++) {
      const turn = kind % orientations
      const quarter = kind - turn + ((turn + orientations / 2) % orientations)
      for (let y = -RADIUS; y <= RADIUS; y++) {
        for (let x = -RADIUS; x <= RADIUS; x++) {
          if (tap(kind, x, y) !== tap(kind, -x, -y)) expect.fail(`kernel ${kind} differs at ${x}, ${y}`)
          if (Math.abs(tap(kind, x, y) - tap(quarter, y, -x)) > 1) expect.fail(`kernels ${kind} and ${quarter} differ`)
        }
      }
    }
  })
})

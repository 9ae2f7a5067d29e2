import { readdirSync, readFileSync } from 'node:fs'
import type { GrayImage } from 'sidik'
import { describe, expect, it } from 'vitest'
import { Extractor } from '../../dist/core/extractor.js'
import { decodeImage } from '../../dist/image/decode.js'
import { WAYS } from '../core-targets.js'
import { grating, landscape, noise, paint, phaseOf, rings, TURN } from './pictures.js'

const SIDE = 300
const PRINTS = new URL('../../fixtures/prints/', import.meta.url)

const whiteNoise = (seed: number) => {
  const grain = noise(seed, SIDE, SIDE)
  return paint(SIDE, SIDE, (x, y) => 128 + 50 * grain[y * SIDE + x])
}
const blurred = (seed: number, sigmaPx: number) => {
  const grain = noise(seed, SIDE, SIDE, sigmaPx)
  return paint(SIDE, SIDE, (x, y) => 128 + 50 * grain[y * SIDE + x])
}

/** Lines of words of upright, slanted and level strokes, as of small print. */
function printedPage(linePx: number): GrayImage {
  const heightPx = Math.floor(linePx * 0.6)
  return paint(SIDE, SIDE, (x, y) => {
    const line = Math.floor(y / linePx)
    const letter = Math.floor(x / (heightPx * 0.75))
    const kind = Math.imul(letter * 31 + line * 17 + 7, 0x9e3779b1) >>> 28
    const [u, v] = [x % (heightPx * 0.75), y % linePx]
    if (kind > 12 || v >= heightPx) return 250
    const strokes = [
      u < 1.5,
      Math.abs(u - heightPx * 0.5) < 1,
      v < 1.5,
      Math.abs(v - heightPx / 2) < 1 && u < heightPx * 0.5,
      Math.abs(u - v / 2) < 1,
    ]
    return strokes.some((set, k) => set && (kind >> (k % 4)) & 1) ? 20 : 250
  })
}

const NOT_PRINTS: [name: string, image: GrayImage][] = [
  ['a blank page', paint(SIDE, SIDE, () => 255)],
  ['black', paint(SIDE, SIDE, () => 0)],
  ['a gradient', paint(SIDE, SIDE, (x, y) => x / 2 + y / 4)],
  ['white noise', whiteNoise(1)],
  ['faint noise', paint(SIDE, SIDE, (x, y) => 128 + 6 * Math.sin(x * 12.9898 + y * 78.233 + x * y))],
  ...[1.5, 2, 2.5, 3, 3.5, 4].map((sigma, i): [string, GrayImage] => [
    `noise blurred by ${sigma} px`,
    blurred(i, sigma),
  ]),
  ...[4, 8, 13].map((size): [string, GrayImage] => [
    `a checkerboard of ${size} px`,
    paint(SIDE, SIDE, (x, y) => ((Math.floor(x / size) + Math.floor(y / size)) & 1 ? 255 : 0)),
  ]),
  ...[6, 9, 12].map((periodPx): [string, GrayImage] => [
    `parallel lines ${periodPx} px apart`,
    grating({ angleRad: 0.7, periodPx }, SIDE, SIDE),
  ]),
  ['rings', rings(9, SIDE)],
  [
    'a spiral',
    paint(SIDE, SIDE, (x, y) => {
      const [dx, dy] = [x - 150, y - 150]
      return 128 + 100 * Math.cos((TURN * Math.hypot(dx, dy)) / 9 + Math.atan2(dy, dx))
    }),
  ],
  [
    'lines on half a page',
    paint(SIDE, SIDE, (x, y) => (x < 150 ? 128 - 90 * Math.cos(phaseOf({ angleRad: 1, periodPx: 8 }, x, y)) : 255)),
  ],
  ['a photograph', landscape(20, SIDE)],
  ['another photograph', landscape(40, SIDE)],
  ['small print', printedPage(14)],
  ['large print', printedPage(24)],
]

describe.each(WAYS)('what is no fingerprint ($target, $way)', ({ module, network }) => {
  const extractor = new Extractor(module, network)

  it.each(NOT_PRINTS)('%s is refused', (_, image) => {
    expect(() => extractor.extract(image)).toThrow(
      expect.objectContaining({
        name: 'SidikError',
        code: 'NOT_A_FINGERPRINT',
        message: expect.stringMatching(/capture/),
      }),
    )
  })

  it('but every print of the fixtures is taken', async () => {
    const files = readdirSync(PRINTS).filter(name => name.endsWith('.png'))
    expect(files.length).toBeGreaterThan(20)
    for (const name of files) {
      const print = extractor.extract(await decodeImage(readFileSync(new URL(name, PRINTS))))
      expect(print.minutiae.length, name).toBeGreaterThan(8)
      expect(print.quality.score, name).toBeGreaterThan(20)
    }
  })
})

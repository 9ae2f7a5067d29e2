import { readFile } from 'node:fs/promises'
import type { GrayImage } from 'sidik'
import { beforeAll, describe, expect, it } from 'vitest'
import { Extractor } from '../../dist/core/extractor.js'
import { decodeImage } from '../../dist/image/decode.js'
import { loadNetwork } from '../../dist/node/network-file.js'
import { crc32 } from '../../dist/template/crc32.js'
import { CORE_TARGETS } from '../core-targets.js'
import { cropped } from '../extract/pictures.js'
import { type MapName, OpenNetwork } from './open-network.js'

/** The core against training/quantized.py, which computes the same integers by other means (training/golden.py wrote the file). */

interface Golden {
  readonly weightsCrc32: number
  readonly prints: readonly {
    readonly print: string
    /** x, y, width, height: all of it is print, so that no part of a map is left out. */
    readonly part: readonly [number, number, number, number]
    readonly maps: Readonly<Record<string, { shape: number[]; crc32: number }>>
    readonly minutiae: readonly {
      readonly x: number
      readonly y: number
      readonly cosine: number
      readonly sine: number
      readonly bifurcation: boolean
      readonly quality: number
      readonly code: string
    }[]
  }[]
}

/** What is left in a map when all is done: the reference's name of it. */
const LEFT: readonly (readonly [MapName, string])[] = [
  ['input', 'image'],
  ['half', 'stem'],
  ['quarter-inner', 'at4.one'],
  ['sixteenth-inner', 'at16.one'],
  ['sixteenth', 'at16'],
  ['up8', 'up8'],
  ['eighth', 'sum8'],
  ['eighth-inner', 'merge8'],
  ['up4', 'up4'],
  ['quarter', 'sum4'],
  ['merged', 'merge4'],
  ['output', 'detect'],
  ['codes', 'code_map'],
]

async function pictureOf({ print, part }: Golden['prints'][number]): Promise<GrayImage> {
  return cropped(await decodeImage(await readFile(fixture(`prints/${print}`)), {}), ...part)
}

const fixture = (name: string) => new URL(`../../fixtures/${name}`, import.meta.url)
let golden: Golden
beforeAll(async () => {
  golden = JSON.parse(await readFile(fixture('network/golden.json'), 'utf8'))
})

it('has the weights that the golden figures were made with', () => {
  expect(golden.weightsCrc32).toBe(loadNetwork().version)
  expect(golden.prints.length).toBeGreaterThan(1)
})

describe.each(CORE_TARGETS)('the network ($target)', ({ module }) => {
  it('gives the same integers as its reference, map by map, and the same codes', async () => {
    const network = new OpenNetwork(module)
    for (const print of golden.prints) {
      network.run(await pictureOf(print))
      for (const [name, reference] of LEFT) {
        const { values, shape } = network.map(name)
        const found = { name, shape, crc32: crc32(new Uint8Array(values.buffer)) }
        expect(found).toEqual({ name, ...print.maps[reference] })
      }
      expect(network.codes()).toEqual(print.minutiae.map(({ code }) => code))
    }
  })

  it('gives the same minutiae in the same order', async () => {
    const extractor = new Extractor(module, loadNetwork())
    for (const print of golden.prints) {
      const { minutiae } = print
      const found = extractor.extract(await pictureOf(print)).minutiae
      expect(found.map(({ xPx, yPx, type, quality }) => ({ xPx, yPx, type, quality }))).toEqual(
        minutiae.map(({ x, y, bifurcation, quality }) => ({
          xPx: Math.round(x / 32),
          yPx: Math.round(y / 32),
          type: bifurcation ? 'bifurcation' : 'ridge-ending',
          quality,
        })),
      )
      for (const [i, { directionRad }] of found.entries()) {
        const { cosine, sine } = minutiae[i]
        expect(Math.cos(directionRad)).toBeCloseTo(cosine / 16384, 3)
        expect(Math.sin(directionRad)).toBeCloseTo(sine / 16384, 3)
      }
    }
  })
})

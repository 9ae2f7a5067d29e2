/** A finger that is laid down at another angle is the same finger: the network turns with the print. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { turnImage } from '../../dist/evaluate/turn-image.js'
import { decodeImage } from '../../dist/image/decode.js'
import { engineForTests } from '../support/engine.ts'

const engine = await engineForTests()
const templateOf = async (image: Awaited<ReturnType<typeof decodeImage>>) => (await engine.extract(image)).template

/** Of the score that an image has with itself. */
async function sharesOf(name: string, stepDeg: number): Promise<number[]> {
  const image = await decodeImage(readFileSync(new URL(`../../fixtures/prints/${name}`, import.meta.url)))
  const upright = await templateOf(image)
  const { score } = engine.match(upright, upright)
  const shares: number[] = []
  for (let degrees = stepDeg; degrees < 360; degrees += stepDeg) {
    shares.push(engine.match(upright, await templateOf(turnImage(image, degrees))).score / score)
  }
  return shares
}

describe('an image that is turned', () => {
  it.each(['101_1.png', '102_1.png', '104_1.png'])('scores as upright, each 15 degrees: %s', async name => {
    for (const share of await sharesOf(name, 15)) expect(share).toBeGreaterThan(0.9)
  })

  it.each(['103_1.png', '105_1.png', '106_1.png', '107_1.png', '108_1.png'])('and by quarters: %s', async name => {
    for (const share of await sharesOf(name, 90)) expect(share).toBeGreaterThan(0.92)
  })
})

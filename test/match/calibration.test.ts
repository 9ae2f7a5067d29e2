import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fmrOfScore, type Template } from 'sidik'
import { rateInterval95 } from 'sidik/evaluate'
import { decodeTemplate } from 'sidik/formats'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadNetwork } from '../../dist/node/network-file.js'
import { engineForTests } from '../support/engine.js'

const ROLLED = join(import.meta.dirname, '../../../shared/data/fingerprints-unlabelled/nist-sd14')

const engine = await engineForTests(2)

/** Scores of all pairs of prints of different fingers, one each, and how often they reach a score. */
function strangers(prints: readonly Template[]) {
  const pairs = prints.flatMap((first, a) =>
    prints.slice(0, a).map((second, b) => ({ fingers: [a, b] as const, score: engine.match(first, second).score })),
  )
  return (least: number) => {
    const hits = pairs.filter(({ score }) => score >= least).map(({ fingers }) => fingers)
    const [low, high] = rateInterval95(new Array(prints.length).fill(prints.length - 1), hits)
    return { low, high, rate: hits.length / pairs.length }
  }
}

describe('the false match rate that a score states, on synthetic prints it was not fitted to', () => {
  const bytes = readFileSync(join(import.meta.dirname, '../../fixtures/calibration-strangers.bin'))
  const prints: Template[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + bytes.readUInt16LE(at)
    prints.push(new Uint8Array(bytes.subarray(at + 2, end)))
    at = end
  }

  it('is of prints of the network that is shipped', () => {
    expect(prints.length).toBeGreaterThan(70)
    const versions = new Set(prints.map(print => decodeTemplate(print).learnedCodes?.networkVersion))
    expect([...versions], 'make the fixture anew: bench/calibration-fixture.js').toEqual([loadNetwork().version])
  })

  let counted: ReturnType<typeof strangers>
  beforeAll(() => {
    counted = strangers(prints)
  })

  // Synthetic strangers are more alike than real ones (docs/calibration.md): this holds the excess to what is stated there.
  it.each([
    [10, 2],
    [20, 8],
    [30, 30],
  ])('at score %d is at most %d times exceeded', (score, times) => {
    const { low, rate } = counted(score)
    expect(low).toBeLessThanOrEqual(times * fmrOfScore(score))
    if (score < 30) expect(rate).toBeGreaterThan(0)
  })
})

describe.skipIf(!existsSync(ROLLED))(
  'the false match rate that a score states, on rolled prints it was not fitted to',
  () => {
    let counted: ReturnType<typeof strangers>
    beforeAll(async () => {
      const images = readdirSync(ROLLED)
        .sort()
        // Ten prints a card, one of each finger: every eleventh takes all fingers in turn.
        .filter((_, i) => i % 11 === 0)
        .map(name => readFileSync(join(ROLLED, name)))
      counted = strangers(await Promise.all(images.map(async image => (await engine.extract(image)).template)))
    }, 60_000)

    it.each([10, 15, 20, 25, 30])('holds at score %d', score => {
      expect(counted(score).low).toBeLessThanOrEqual(fmrOfScore(score))
    })
  },
)

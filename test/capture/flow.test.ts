import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createEngine, type Engine } from 'sidik'
import { type CaptureFrame, checkSequence, type SequencePrint, segmentSlap } from 'sidik/capture'
import { folderSource } from 'sidik/capture/folder'
import { FRICTION_RIDGE_POSITIONS } from 'sidik/formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from './adapters/files.js'

/** A real ten-print card: ten rolled prints, both slaps and the thumbs. Not ours to pass on: the test is skipped without it. */
const CARD = fileURLToPath(
  new URL('../../../shared/data/formats/ansi-nist/good/jnbis-type-4-tpcard.an2', import.meta.url),
)

/** Sure positions of what a slap shows, or no print at all: the way that docs/capture.md describes. */
async function printsOf(engine: Engine, frame: CaptureFrame): Promise<SequencePrint[]> {
  const { position = 0, impression = 'plain', missing = [] } = frame
  if (position <= 10) return [{ position, impression, template: (await engine.extract(frame)).template }]
  const { fingers, problems } = segmentSlap(frame, { hand: position, missing })
  expect(problems.filter(({ code }) => code !== 'finger-at-edge')).toEqual([])
  const group = FRICTION_RIDGE_POSITIONS.get(position)?.name ?? ''
  return Promise.all(
    fingers.map(async ({ position: of = 0, image }) => {
      const { template } = await engine.extract(image)
      return { position: of, impression, template, group }
    }),
  )
}

describe.skipIf(!existsSync(CARD))('a ten-print card that a scanner drops into a folder', () => {
  let engine: Engine
  let prints: SequencePrint[]

  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
    const folder = temporaryFolder('flow')
    copyFileSync(CARD, join(folder, 'card.an2'))
    const source = folderSource({ folder, settleMs: 10 })
    prints = []
    let frames = 0
    for await (const frame of source.capture()) {
      prints.push(...(await printsOf(engine, frame)))
      if (++frames === 14) break
    }
    await source.close()
  })

  afterAll(() => engine.close())

  it('comes out as two prints of each finger, which confirm each other', () => {
    const positions = prints.map(({ position }) => position).sort((a, b) => a - b)
    expect(positions).toEqual(Array.from({ length: 20 }, (_, i) => Math.floor(i / 2) + 1))
    expect(checkSequence(engine, prints)).toEqual({ findings: [], unchecked: [] })
  })

  it('is stopped where the hands of its slaps were mixed up', () => {
    const swapped = prints.map(print =>
      print.group?.includes('four fingers')
        ? { ...print, position: print.position > 5 ? print.position - 5 : print.position + 5 }
        : print,
    )
    const { findings } = checkSequence(engine, swapped)
    expect(findings.map(({ code }) => code)).toEqual(['hands-swapped'])
    expect(findings[0].prints).toEqual(swapped.flatMap(({ group }, i) => (group?.includes('four fingers') ? [i] : [])))
  })
})

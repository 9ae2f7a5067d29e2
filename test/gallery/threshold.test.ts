import { readFileSync } from 'node:fs'
import type { Template } from 'sidik'
import { syntheticProbe, syntheticTemplate } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { scoreOfFpir } from '../../dist/score.js'
import { engineForTests } from '../support/engine.js'
import { codedFinger, codedTemplate } from '../support/learned-templates.js'
import { random } from '../support/random-templates.js'

/** Fingers of fixtures/prints, each with four impressions. */
const FINGERS = [101, 102, 103, 104, 105, 106, 107, 108]
const FLOOR = 40

/** Draws of eight different fingers, and how many of them may hold two that are taken for one: measured 0. */
const DRAWS = 60

const engine = await engineForTests(2)

const filled = (templates: readonly Template[]) => {
  const gallery = engine.createGallery()
  for (const [i, template] of templates.entries()) gallery.insert(`${i}`, template)
  return gallery
}

describe('a search without a threshold', () => {
  it('returns nobody for a stranger, and the finger for its other prints', async () => {
    const printOf = async (finger: number, impression: number) => {
      const file = new URL(`../../fixtures/prints/${finger}_${impression}.png`, import.meta.url)
      return (await engine.extract(readFileSync(file))).template
    }
    const first = await Promise.all(FINGERS.map(finger => printOf(finger, 1)))
    const again = await Promise.all(FINGERS.map(finger => printOf(finger, 2)))
    for (const [i] of FINGERS.entries()) {
      const others = filled(first.filter((_, k) => k !== i))
      expect(await others.search(again[i])).toMatchObject({ candidates: [], minScore: FLOOR, searched: 7 })
      const ranked = await others.search(again[i], { minScore: 0 })
      expect([ranked.candidates.length, ranked.minScore]).toEqual([7, 0])
    }
    const gallery = filled(first)
    const found = await Promise.all(
      again.map(async probe => (await gallery.search(probe)).candidates.map(({ id }) => id)),
    )
    // Whoever is found is the right one; poor prints may be found nowhere.
    expect(found.every((ids, i) => ids.length === 0 || ids.join() === `${i}`)).toBe(true)
    expect(found.filter(ids => ids.length > 0).length).toBeGreaterThanOrEqual(6)
  })

  it('returns nobody for the strangers of many small galleries', async () => {
    let returned = 0
    for (let draw = 0; draw < DRAWS; draw++) {
      const gallery = filled(Array.from({ length: 7 }, (_, i) => syntheticTemplate(11, 8 * draw + i)))
      returned += (await gallery.search(syntheticProbe(11, 8 * draw + 7))).candidates.length
      gallery.close()
    }
    expect(returned).toBe(0)
  })

  it('asks for more the more templates there are, and never for less than 40', async () => {
    const next = random(31)
    const probe = codedTemplate(codedFinger(next, 10))
    const gallery = engine.createGallery()
    const asked = async () => (await gallery.search(probe)).minScore
    for (const size of [0, 1, 100, 101, 500, 3_000]) {
      while (gallery.size < size) gallery.insert(`${gallery.size}`, probe)
      expect(await asked()).toBe(Math.max(FLOOR, scoreOfFpir(0.01, size)))
    }
    expect(await asked()).toBeCloseTo(54.75, 2)
    // Those that are there at the call, not those that ever were.
    for (let i = 200; i < 3_000; i++) gallery.remove(`${i}`)
    expect(await asked()).toBe(scoreOfFpir(0.01, 200))
  })
})

describe('a threshold that is asked for', () => {
  it('is kept as it is, also below 40', async () => {
    const gallery = filled([syntheticTemplate(3, 0)])
    const probe = syntheticProbe(3, 0, 'clean')
    const asked = async (options: object) => (await gallery.search(probe, options)).minScore
    expect(await asked({ minScore: 12.5 })).toBe(12.5)
    expect(await asked({ targetFmr: 0.01 })).toBe(20)
    expect(await asked({ targetFpir: 0.01 })).toBeCloseTo(20, 9)
    expect(await asked({ targetFpir: 1 })).toBe(0)
    expect(await asked({ targetFpir: 1e-6 })).toBeCloseTo(60, 3)
  })

  it('decides who is returned', async () => {
    const gallery = filled([syntheticTemplate(3, 0), syntheticTemplate(3, 1)])
    const probe = syntheticProbe(3, 0)
    const [{ score }] = (await gallery.search(probe, { minScore: 0 })).candidates
    const count = async (targetFpir: number) => (await gallery.search(probe, { targetFpir })).candidates.length
    const fpir = 1 - (1 - 10 ** (-score / 10)) ** 2
    expect([await count(fpir * 1.01), await count(fpir * 0.99)]).toEqual([1, 0])
  })
})

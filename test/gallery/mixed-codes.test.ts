import { createEngine, type Engine } from 'sidik'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codedFinger, codedTemplate, secondCoded } from '../support/learned-templates.js'
import { random } from '../support/random-templates.js'

/** Fingers in turn with codes of network 1, of network 2, and without (as records of others are). */
const COUNT = 420

/** All that is near, strangers too. */
const RANKING = { minScore: 0 }

describe('a gallery of templates with and without learned codes', () => {
  const next = random(5)
  const fingers = Array.from({ length: COUNT }, () => codedFinger(next, 24))
  const templates = fingers.map((finger, i) => codedTemplate(finger, i % 3))
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
  })
  afterAll(() => engine.close())

  it.each([0, 1, 2])('is searched by what each has in common with a probe of network %i', async network => {
    const gallery = engine.createGallery()
    for (const [i, template] of templates.entries()) gallery.insert(`f${i}`, template)
    for (const finger of [30, 31, 32]) {
      const probe = codedTemplate(secondCoded(next, fingers[finger]), network)
      // Two at a time: both ask for geometric codes that nobody has made so far.
      const results = await Promise.all([gallery.search(probe, RANKING), gallery.search(probe, RANKING)])
      for (const { candidates, searched } of results) {
        expect(searched).toBe(COUNT)
        expect(candidates[0].id).toBe(`f${finger}`)
        expect(candidates[0].codes).toBe(network > 0 && finger % 3 === network ? 'learned' : 'geometric')
        for (const { id, ...comparison } of candidates) {
          expect(comparison).toEqual(engine.match(probe, templates[Number(id.slice(1))]))
        }
      }
      expect(results[1].candidates).toEqual(results[0].candidates)
    }
    const saved = gallery.toBytes()
    gallery.close()
    const reopened = await engine.openGallery(saved)
    expect(reopened.get('f31')).toEqual(templates[31])
    reopened.close()
  })
})

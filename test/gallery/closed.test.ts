import { createEngine } from 'sidik'
import { syntheticTemplate } from 'sidik/synthesize'
import { expect, it } from 'vitest'

const MIB = 2 ** 20

it('gives back the memory of closed galleries while the engine lives on', async () => {
  const some = Array.from({ length: 100 }, (_, i) => syntheticTemplate(11, i))
  const engine = await createEngine({ threads: 2 })
  const fillSearchAndClose = async () => {
    const gallery = engine.createGallery()
    for (let i = 0; i < 6_000; i++) gallery.insert(`${i}`, some[i % some.length])
    await gallery.search(some[0], { exhaustive: true })
    gallery.close()
  }
  for (let round = 0; round < 8; round++) await fillSearchAndClose()
  const early = process.memoryUsage.rss()
  for (let round = 0; round < 40; round++) await fillSearchAndClose()
  const late = process.memoryUsage.rss()
  await engine.close()
  // 40 galleries of 10 MiB; as many as wait for a collection at one moment and not at the other are allowed.
  expect((late - early) / MIB).toBeLessThan(150)
})

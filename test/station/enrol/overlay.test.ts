import sharp from 'sharp'
import { candidateOverlay, correct, enrol, type Recorded, withdraw } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { engineForTests } from '../../support/engine.js'
import { newStation, print, somebody, tenTemplates } from './support.js'

const engine = await engineForTests()

describe('candidateOverlay', () => {
  it('shows the two fingers that are most alike, or those of a position, with images or without', async () => {
    const station = await newStation({ engine })
    const fingers = (impression: number) => [
      { position: 2, image: print(`101_${impression}`) },
      { position: 3, image: print(`102_${impression}`) },
    ]
    const one = (await enrol(station, somebody(1, fingers(1)))) as Recorded
    const two = (await enrol(station, somebody(2, fingers(2)), { images: 'none' })) as Recorded
    const best = (await candidateOverlay(station, two.recordId, one.recordId))!
    expect(best.position).toBe(best.candidatePosition)
    expect(best.score).toBeGreaterThan(40)
    for (const position of [2, 3]) {
      const shown = (await candidateOverlay(station, one.recordId, two.recordId, { position }))!
      expect(shown).toMatchObject({ position, candidatePosition: position })
      const { data, info } = await sharp(shown.png).raw().toBuffer({ resolveWithObject: true })
      expect(info).toMatchObject({ format: 'raw', channels: 3 })
      // Coloured pairs are drawn over gray prints.
      let coloured = 0
      for (let i = 0; i < data.length; i += 3) if (Math.abs(data[i] - data[i + 1]) > 60) coloured++
      expect(coloured).toBeGreaterThan(500)
      expect(best.score).toBeGreaterThanOrEqual(shown.score)
    }
    expect(await candidateOverlay(station, one.recordId, two.recordId, { position: 9 })).toBeUndefined()
    // Fingers that moved are found where they are.
    const moved = [
      { position: 4, image: print('102_2') },
      { position: 5, image: print('101_2') },
    ]
    await correct(
      station,
      two.recordId,
      { fingers: moved, exceptions: { 2: 'bandaged', 3: 'bandaged' } },
      {
        operator: 'operator-7',
        reason: 'wrong positions',
      },
    )
    const swapped = await candidateOverlay(station, one.recordId, two.recordId, { position: 2 })
    expect(swapped).toMatchObject({ position: 2, candidatePosition: 5 })
    withdraw(station, two.recordId, { operator: 'operator-7', reason: 'twice' })
    expect(await candidateOverlay(station, one.recordId, two.recordId)).toBeUndefined()
  })

  it('needs an engine, and records that are known', async () => {
    const station = await newStation()
    const { recordId } = (await enrol(station, somebody(3, tenTemplates(3)))) as Recorded
    await expect(candidateOverlay(station, recordId, recordId)).rejects.toThrow(TypeError)
    const other = await newStation({ engine })
    await expect(candidateOverlay(other, 'none', 'none')).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' })
    const known = (await enrol(other, somebody(4, tenTemplates(4)))) as Recorded
    await expect(candidateOverlay(other, known.recordId, 'none')).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' })
  })
})

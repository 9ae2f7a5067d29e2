import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { summary } from '../../../bench/support/kill-station/bundles.js'
import { killRounds } from '../../../bench/support/kill-station/rounds.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-media-kill-'))
afterAll(() => rmSync(parent, { recursive: true }))

it('a kiosk and a centre that are killed over and over lose nothing on their sticks, and take no bundle that is not whole', async () => {
  const { kills, states } = await killRounds({ parent, kills: 6, seed: 5, scenario: 'bundles' })
  expect(kills).toBe(6)
  // It was killed at work, not only at its beginning; and settled afterwards.
  const [, carried, exporting, importing, , settled] = summary(states).match(/\d+/g)!.map(Number)
  expect([carried > 0, exporting + importing > 0, settled > 0]).toEqual([true, true, true])
})

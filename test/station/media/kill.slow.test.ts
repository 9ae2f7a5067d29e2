import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { summary } from '../../../bench/support/kill-station/bundles.js'
import { killRounds } from '../../../bench/support/kill-station/rounds.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-media-kill-'))
afterAll(() => rmSync(parent, { recursive: true }))

it('a kiosk and a centre that are killed over and over lose nothing on their sticks, and take no bundle that is not whole', async () => {
  const { kills, states } = await killRounds({ parent, kills: 6, seed: 8, scenario: 'bundles' })
  expect(kills).toBe(6)
  // By the lines behind which this seed kills: not only at the beginning, and twice all is settled afterwards.
  const [, carried, , , , settled] = summary(states).match(/\d+/g)!.map(Number)
  expect([carried > 3, settled]).toEqual([true, 2])
})

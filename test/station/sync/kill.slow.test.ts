import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { killRounds } from '../../../bench/support/kill-station/rounds.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-sync-kill-'))
afterAll(() => rmSync(parent, { recursive: true }))

it('stations that are killed while they synchronise call nothing synchronised that is not held above, and come to the same', async () => {
  const { kills, states } = await killRounds({ parent, kills: 5, seed: 5, scenario: 'sync' })
  expect(kills).toBe(5)
  const sum = (part: string) => states.reduce((all, state) => all + state[part], 0)
  expect(sum('synchronised')).toBeGreaterThan(5)
  expect(sum('completed')).toBeGreaterThan(0)
})

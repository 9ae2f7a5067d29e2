import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { killRounds } from '../../../bench/support/kill-station/rounds.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-print-kill-'))
afterAll(() => rmSync(parent, { recursive: true }))

it('an office that is killed while it prints has balanced books, no card twice, and whatever it acknowledged', async () => {
  const { kills, states } = await killRounds({ parent, kills: 3, seed: 12, scenario: 'print' })
  expect(kills).toBe(3)
  const sum = (part: string) => states.reduce((all, state) => all + state[part], 0)
  expect(sum('cards')).toBeGreaterThan(0)
  expect(sum('completed')).toBeGreaterThan(0)
}, 180_000)

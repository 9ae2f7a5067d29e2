import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { summary } from '../../../bench/support/kill-station/decisions.js'
import { killRounds } from '../../../bench/support/kill-station/rounds.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-decisions-kill-'))
afterAll(() => rmSync(parent, { recursive: true }))

it('a file of decisions that a kill interrupts is imported again, and each decision is there once', async () => {
  const { kills, states } = await killRounds({ parent, kills: 8, seed: 3, scenario: 'decisions' })
  expect(kills).toBe(8)
  expect(Number(summary(states).split(' ')[0])).toBeGreaterThan(100)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { killRounds } from '../../../bench/support/kill-station/rounds.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-passed-kill-'))
afterAll(() => rmSync(parent, { recursive: true }))

it('a city and its sub-district, killed while cards travel, agree where each is, which is one place', async () => {
  const { kills, states } = await killRounds({ parent, kills: 4, seed: 5, scenario: 'passed' })
  expect(kills).toBe(4)
  expect(states.at(-1).ended.size).toBeGreaterThan(0)
}, 180_000)

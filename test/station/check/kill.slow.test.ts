import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { summary } from '../../../bench/support/kill-station/check.js'
import { killRounds } from '../../../bench/support/kill-station/rounds.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-check-kill-'))
afterAll(() => rmSync(parent, { recursive: true }))

it('a hub that is killed while it compares records has compared each once, and each pair is a case', async () => {
  const { kills, states } = await killRounds({ parent, kills: 4, seed: 4, scenario: 'check' })
  expect(kills).toBe(4)
  expect(Number(/(\d+) compared once each/.exec(summary(states))![1])).toBeGreaterThan(3)
})

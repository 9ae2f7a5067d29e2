import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { summary } from '../../../bench/support/kill-station/enrol.js'
import { killRounds } from '../../../bench/support/kill-station/rounds.js'

const parent = mkdtempSync(join(tmpdir(), 'sidik-enrol-kill-'))
afterAll(() => rmSync(parent, { recursive: true }))

it('a station that is killed again and again has every record that it acknowledged, whole, and its drafts', async () => {
  const { kills, states } = await killRounds({ parent, kills: 7, seed: 11, scenario: 'enrol' })
  expect(kills).toBe(7)
  expect(Number(summary(states).split(' ')[0])).toBeGreaterThan(3)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { killRounds } from '../../bench/support/kill-rounds.js'

/**
 * Two rows of kills side by side, one with keys, because each child mostly waits for the disk.
 * Thousands: bench/kill-gallery.js.
 */
const KILLS = 120
const ROWS = 2

describe('a durable gallery whose process is killed', () => {
  it(`${KILLS} times loses nothing acknowledged and holds nothing else`, async () => {
    const parent = mkdtempSync(join(tmpdir(), 'sidik-kill-'))
    const rows = Array.from({ length: ROWS }, (_, row) => {
      const isSealed = row % 2 === 1
      return killRounds({ parent, kills: KILLS / ROWS, seed: 100 + row, engineEvery: 50, isSealed, name: `row-${row}` })
    })
    const tallies = await Promise.all(rows)
    const sum = (of: (tally: (typeof tallies)[number]) => number) =>
      tallies.reduce((total, tally) => total + of(tally), 0)
    expect(sum(({ kills }) => kills)).toBe(KILLS)
    // It was killed at work, not only at its beginning.
    expect(sum(({ acknowledged }) => acknowledged)).toBeGreaterThan(KILLS)
    expect(sum(({ opening }) => opening)).toBeGreaterThan(0)
    expect(sum(({ compacting }) => compacting)).toBeGreaterThan(0)
    rmSync(parent, { recursive: true })
  }, 180_000)
})

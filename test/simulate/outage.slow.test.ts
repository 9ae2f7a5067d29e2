import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { simulateOutage } from '../../dist/simulate/outage.js'
import { spawnCli, temporaryFolder } from '../cli/run.js'

// Some ten seconds of work; a machine that is busy takes many times that.
vi.setConfig({ testTimeout: 180_000 })

/** Of the size that a test can have. */
const SIZE = ['--kiosks', '2', '--days', '6', '--records', '60', '--seed', '1']

describe('an outage with real processes', () => {
  it('loses nothing, and says what it looked at', async () => {
    const folder = temporaryFolder()
    const { exitCode, stdout, stderr } = await spawnCli(['simulate', 'outage', ...SIZE, '--folder', folder, '--json'])
    const report = JSON.parse(stdout)
    const broken = report.invariants.filter(({ holds }: { holds: boolean }) => !holds)
    expect([exitCode, stderr, broken]).toEqual([0, '', []])
    expect(report).toMatchObject({ holds: true, kiosks: 2, days: 6, records: 60, seed: 1 })
    expect(report.timeline).toHaveLength(6)
    expect(report.timeline.at(-1).recorded).toBeGreaterThan(40)
    const { kills, messages, lines } = report
    for (const counts of [kills, messages, lines]) {
      expect(Object.values<number>(counts).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1)
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it('has a copied disk refused at the smallest size too, and says for what there was nothing to look at', async () => {
    const size = ['--kiosks', '1', '--days', '1', '--records', '1', '--seed', '1']
    const { exitCode, stdout, stderr } = await spawnCli(['simulate', 'outage', ...size])
    expect([exitCode, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/^holds +refusals-planted +1 +0 /m)
    expect(stdout).not.toMatch(/BROKEN/)
    expect(stdout).toMatch(/^UNSEEN +decisions-arrived +0 +0 /m)
    // On a busy machine no evening may have come with anything synchronised.
    expect(stdout).toMatch(
      /^UNSEEN: there was nothing to look at for (never-premature, )?decisions-arrived, same-nik-found, same-person-found;/m,
    )
  })

  it('with a hub that compares no records shows that nobody is found who was recorded twice', async () => {
    const { invariants } = await simulateOutage({
      ...{ kiosks: 2, days: 6, records: 60, seed: 1, folder: temporaryFolder() },
      isChecking: false,
      signal: new AbortController().signal,
      onProgress: () => {},
    })
    const broken = invariants.filter(({ violations }) => violations > 0)
    expect(broken.map(({ name }) => name)).toEqual(['same-person-found', 'nothing-unchecked'])
    const [{ first }, unchecked] = broken
    expect(first.filter(what => !/^(hub|kiosk-\d): .* were never a case$/.test(what))).toEqual([])
    expect(unchecked.violations).toBe(unchecked.looked)
  })

  it('leaves neither processes nor files when it is interrupted', async () => {
    const folder = temporaryFolder()
    let running = 0
    const { exitCode, stdout, stderr } = await spawnCli(
      // A day of it is longer than anybody waits.
      ['simulate', 'outage', '--kiosks', '3', '--days', '1', '--records', '9000', '--folder', folder, '--json'],
      async child => {
        // The stations are open, and at work.
        while (!hasFiles(folder)) await new Promise(resolve => setTimeout(resolve, 20))
        running = processesOf(folder).length
        child.kill('SIGINT')
      },
    )
    expect(exitCode).toBe(130)
    expect(stderr).toMatch(/^sidik: INTERRUPTED: /)
    expect(JSON.parse(stdout).error.code).toBe('INTERRUPTED')
    expect(readdirSync(folder)).toEqual([])
    if (existsSync('/proc')) expect(running).toBeGreaterThan(1)
    expect(processesOf(folder)).toEqual([])
  })
})

function hasFiles(folder: string): boolean {
  return readdirSync(folder).some(run => readdirSync(`${folder}/${run}`).some(name => name.endsWith('.sqlite')))
}

/** Command lines that name a file below the folder; none where the system does not show them. */
function processesOf(folder: string): string[] {
  if (!existsSync('/proc')) return []
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(pid => commandLineOf(pid))
    .filter(line => line.includes(folder))
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

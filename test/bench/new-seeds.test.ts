import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryFolder } from '../cli/run.js'

// Some seconds of work; a machine that is busy takes many times that.
vi.setConfig({ testTimeout: 180_000 })

const run = (...args: string[]) =>
  new Promise<{ code: unknown; stdout: string }>(resolve => {
    execFile(process.execPath, ['bench/new-seeds.js', ...args], (error, stdout) =>
      resolve({ code: error === null ? 0 : error.code, stdout }),
    )
  })

const parent = temporaryFolder()

const COMMAND = /^npx sidik simulate (shortage|outage) .*--seed \d+$/gm

it('says how to repeat a run before it, and leaves nothing behind where all holds', async () => {
  const folder = mkdtempSync(join(parent, 'seeds-'))
  const size = ['--seeds=3', '--only=shortage', '--shortage=--days 10 --offices 2']
  const { code, stdout } = await run(...size, `--folder=${folder}`)
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^npx sidik simulate .*\n {2}\d+ invariants hold, \d+ s\n$/),
  ])
  expect(stdout.match(COMMAND)).toEqual(['npx sidik simulate shortage --days 10 --offices 2 --seed 3'])
  expect(readdirSync(folder)).toEqual([])
})

it('draws seeds, goes on after a run that does not hold, says how to repeat each, and leaves their files', async () => {
  const folder = mkdtempSync(join(parent, 'seeds-'))
  // In a day there is little that could be looked at, and what was not looked at does not hold.
  const size = ['--count=2', '--only=shortage', '--shortage=--days 1 --offices 1']
  const { code, stdout } = await run(...size, `--folder=${folder}`)
  expect(code).toBe(1)
  expect(stdout).toMatch(/BROKEN one-card-a-person: there was nothing to look at/)
  const [before, after] = stdout.split('To repeat them:')
  const commands = before.match(COMMAND)!
  expect(new Set(commands).size).toBe(2)
  expect(after.match(COMMAND)).toEqual(commands)
  expect(readdirSync(folder)).toHaveLength(2)
})

it('runs each seed with both, and says why a run did not begin', async () => {
  const sizes = ['--shortage=--years 1', '--outage=--years 1']
  const { code, stdout } = await run('--seeds=1,2', ...sizes, `--folder=${parent}`)
  expect([code, stdout]).toEqual([1, expect.stringContaining("unknown option '--years'")])
  const runs = ['shortage --years 1 --seed 1', 'outage --years 1 --seed 1', 'shortage --years 1 --seed 2']
  expect(stdout.match(COMMAND)!.slice(0, 3)).toEqual(runs.map(each => `npx sidik simulate ${each}`))
})

it('refuses what is no option', async () => {
  for (const bad of ['--count=0', '--only=both', '--days=3']) expect((await run(bad)).code).not.toBe(0)
})

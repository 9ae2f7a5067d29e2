import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryFolder } from '../cli/run.js'

// Some seconds of work; a machine that is busy takes many times that.
vi.setConfig({ testTimeout: 180_000 })

const run = (...args: string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>(resolve => {
    execFile(process.execPath, ['bench/new-seeds.js', ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
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
  expect(stdout).toMatch(/UNSEEN one-card-a-person: there was nothing to look at/)
  const [before, after] = stdout.split('To repeat them:')
  const commands = before.match(COMMAND)!
  expect(new Set(commands).size).toBe(2)
  expect(after.match(COMMAND)).toEqual(commands)
  expect(readdirSync(folder)).toHaveLength(2)
})

it('runs each seed with both', async () => {
  const folder = mkdtempSync(join(parent, 'seeds-'))
  const sizes = ['--shortage=--days 1 --offices 1', '--outage=--kiosks 1 --days 1 --records 1']
  const { stdout } = await run('--seeds=1,2', ...sizes, `--folder=${folder}`)
  const [shortage, outage] = ['shortage --days 1 --offices 1', 'outage --kiosks 1 --days 1 --records 1']
  const runs = [1, 2].flatMap(seed => [`${shortage} --seed ${seed}`, `${outage} --seed ${seed}`])
  expect(stdout.match(COMMAND)!.slice(0, 4)).toEqual(runs.map(each => `npx sidik simulate ${each}`))
})

it.each([
  ['--seeds=abc', "--seeds must be whole numbers from 0 to 4294967295 with commas between, has 'abc'"],
  ['--seeds=', "has ''"],
  ['--seeds=-1', "has '-1'"],
  ['--seeds=1,,2', "has ''"],
  ['--seeds=1e3', "has '1e3'"],
  ['--seeds=4294967296', "has '4294967296'"],
  ['--count=0', "--count must be a whole number from 1, is '0'"],
  ['--count=', "--count must be a whole number from 1, is ''"],
  ['--only=foo', "--only must be shortage or outage, is 'foo'"],
  ['--shortage=--bogus', "--shortage: unknown option '--bogus'"],
  ['--shortage=--days 0', "--shortage: option '--days <n>' argument '0' is invalid"],
  ['--shortage=60', '--shortage: '],
  ['--shortage=--help', "--shortage takes sizes alone, not '--help'"],
  ['--outage=--years 1', "--outage: unknown option '--years'"],
  ['--outage=--seed 1', '--outage takes sizes alone, not --seed'],
  ['--outage=--json', '--outage takes sizes alone, not --json'],
  ['--days=3', "Unknown option '--days'"],
  ['3', '3'],
])('refuses %s in one line before anything runs', async (bad, says) => {
  const folder = mkdtempSync(join(parent, 'seeds-'))
  const { code, stdout, stderr } = await run(`--folder=${folder}`, bad)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^[^\n]+\n$/)
  expect(stderr).toContain(says)
  expect(readdirSync(folder)).toEqual([])
})

it('refuses a folder that is none', async () => {
  for (const folder of [join(parent, 'absent'), 'package.json', '']) {
    const { code, stdout, stderr } = await run('--seeds=1', `--folder=${folder}`)
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      `--folder must be a folder that can be written to, is '${folder}'\n`,
    ])
  }
})

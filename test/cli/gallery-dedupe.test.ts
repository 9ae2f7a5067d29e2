import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from 'sidik'
import { beforeAll, describe, expect, it } from 'vitest'
import { entriesOf, filled } from '../dedupe/fingers.js'
import { cli, cliJson, printFile, spawnCli, temporaryFolder } from './run.js'

const parent = temporaryFolder()
const [prints, file, durable, large] = ['prints', 'gallery.sidikgal', 'durable', 'large.sidikgal'].map(name =>
  join(parent, name),
)
const few = entriesOf(40, 60, { 3: 1, 40: 2 })

beforeAll(async () => {
  mkdirSync(prints)
  for (const name of ['101_1', '101_2', '104_1', '106_1']) copyFileSync(printFile(name), join(prints, `${name}.png`))
  const engine = await createEngine({ threads: 1 })
  await filled(engine, few).save(file)
  await filled(engine, entriesOf(41, 300, { 7: 1 })).save(large)
  const gallery = await engine.openDurableGallery(durable, { create: true })
  await Promise.all(few.map(({ id, template }) => gallery.insert(id, template)))
  await gallery.close()
  await engine.close()
})

describe('sidik gallery dedupe', () => {
  it('reports what is there twice, in words and in a file', async () => {
    const report = join(parent, 'report.json')
    const { exitCode, stdout } = await cli('gallery', 'dedupe', file, '-o', report, '--threads', '1')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(
      /^63 prints, 1,953 pairs judged at a score of 40: 0\.2 of different fingers expected by chance\n/,
    )
    expect(stdout).toContain('4 pairs in 2 groups')
    expect(stdout).toContain(`report: ${report}`)
    const found = JSON.parse(readFileSync(report, 'utf8'))
    expect(found.groups).toEqual([
      ['f40', 'f40-1', 'f40-2'],
      ['f3', 'f3-1'],
    ])
    expect(Object.keys(found).filter(name => /ms|thread|resumed|path|date/i.test(name))).toEqual([])
  })

  it('gives the same report for a durable gallery, by any threads, and with a state', async () => {
    const state = join(parent, 'state')
    const before = statSync(durable).mtimeMs
    const runs = [
      [file, '--threads', '1'],
      [file, '--threads', '2', '--state', state],
      [file, '--threads', '1', '--state', state],
      [durable, '--threads', '1', '--state', state],
    ]
    const reports: string[] = []
    for (const [i, args] of runs.entries()) {
      const report = join(parent, `same-${i}.json`)
      const { exitCode, json } = await cliJson('gallery', 'dedupe', ...args, '-o', report)
      expect([exitCode, json.resumed, json.report]).toEqual([0, i < 2 ? 0 : 63, report])
      reports.push(readFileSync(report, 'utf8'))
    }
    expect(new Set(reports).size).toBe(1)
    expect(statSync(durable).mtimeMs).toBe(before)
    const other = await cli('gallery', 'dedupe', file, '--state', state, '--target-false-pairs', '2')
    expect([other.exitCode, other.stderr]).toEqual([3, expect.stringContaining('STATE_MISMATCH')])
  })

  it('takes a folder of prints, and a threshold in each way', async () => {
    const { exitCode, json } = await cliJson('gallery', 'dedupe', prints, '--target-fmr', '1e-6', '--exhaustive')
    expect([exitCode, json.minScore, json.exhaustive, json.enrolment.enrolled]).toEqual([0, 60, true, 4])
    expect(json.pairs.map(({ a, b }: { a: string; b: string }) => [a, b])).toEqual([['101_1', '101_2']])
    const nothing = await cli('gallery', 'dedupe', prints, '--min-score', '200')
    expect([nothing.exitCode, nothing.stdout]).toEqual([1, expect.stringContaining('nothing is there twice')])
  })

  it('says early what cannot be written or is no gallery', async () => {
    const absent = join(parent, 'absent', 'report.json')
    for (const option of ['-o', '--state']) {
      const { exitCode, stderr } = await cli('gallery', 'dedupe', file, option, absent)
      expect([exitCode, stderr]).toEqual([3, expect.stringContaining('FILE_UNWRITABLE')])
    }
    const { exitCode, stderr } = await cli('gallery', 'dedupe', join(parent, 'nothing'))
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('FILE_UNREADABLE')])
    writeFileSync(join(parent, 'text'), 'of a letter')
    const format = await cli('gallery', 'dedupe', file, '--state', join(parent, 'text'))
    expect([format.exitCode, format.stderr]).toEqual([3, expect.stringContaining('STATE_FORMAT')])
  })

  it('stops at an interrupt, says how to go on, and goes on', async () => {
    const [state, report, expected] = ['large-state', 'large.json', 'expected.json'].map(name => join(parent, name))
    const args = ['gallery', 'dedupe', large, '--state', state, '-o', report, '--threads', '1', '--json']
    const { exitCode, stderr } = await spawnCli(args, async child => {
      while (!existsSync(state) || statSync(state).size < 500) await new Promise(resolve => setTimeout(resolve, 10))
      child.kill('SIGINT')
    })
    expect(exitCode).toBe(130)
    expect(stderr).toBe(`sidik: INTERRUPTED: stopped before the end; the same command goes on from ${state}\n`)
    expect(existsSync(report)).toBe(false)
    const { json } = await cliJson(...args)
    expect(json.resumed).toBeGreaterThan(0)
    expect(json.resumed).toBeLessThan(301)
    await cli('gallery', 'dedupe', large, '-o', expected, '--threads', '1')
    expect(readFileSync(report, 'utf8')).toBe(readFileSync(expected, 'utf8'))
    expect(readdirSync(parent).filter(name => name.startsWith('.'))).toEqual([])
  })
})

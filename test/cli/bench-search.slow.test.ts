import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, cliJson, PRINTS, temporaryFolder } from './run.js'

const KINDS = ['clean', 'typical', 'poor', 'given']

describe('bench search', () => {
  const folder = temporaryFolder()
  const galleries = join(folder, 'galleries')
  const few = ['--probes', '5', '--threads', '1', '--galleries', galleries]

  it('measures galleries of each size, and hides prints among them', async () => {
    const plot = join(folder, 'plot.svg')
    const asked = ['--fingers', '300,9000', '--prints', PRINTS, '--plot', plot]
    const { exitCode, json } = await cliJson('bench', 'search', ...asked, ...few)
    expect(exitCode).toBe(0)
    expect(json.sizes.map(({ fingers, given }) => [fingers, given])).toEqual([
      [300, 8],
      [9_000, 8],
    ])
    for (const { gallery, kinds, threads } of json.sizes) {
      expect(threads).toBe(1)
      expect(gallery.reused).toBe(false)
      expect(gallery.fileBytes).toBe(statSync(gallery.file).size)
      expect(gallery.bytesPerFinger).toBeGreaterThan(500)
      expect(kinds.map(({ kind }) => kind)).toEqual(KINDS)
      for (const { probes, exhaustive, search } of kinds) {
        expect(probes).toBe(5)
        expect(exhaustive.method).toBe('scan')
        expect(search.p99Ms).toBeGreaterThanOrEqual(search.p50Ms)
      }
      const clean = kinds[0]
      expect([clean.exhaustive.first, clean.recall]).toEqual([5, 1])
    }
    const [, large] = json.sizes
    expect(large.kinds.map(({ search }) => search.method)).toEqual(KINDS.map(() => 'index'))
    expect(large.gallery.bytesPerFingerWithIndex).toBeGreaterThan(large.gallery.bytesPerFinger)
    expect(large.kinds[1].exhaustive.comparisonsPerCpuSecond).toBeGreaterThan(1_000)
    expect(readFileSync(plot, 'utf8')).toMatch(/^<\?xml[\s\S]*<\/svg>\n$/)
  })

  it('opens what it made, and makes anew what is not its own', async () => {
    const once = ['bench', 'search', '--fingers', '40', ...few]
    const own = join(galleries, 'synthetic-1-40.sidikgal')
    const other = join(galleries, 'synthetic-2-40.sidikgal')
    const reused = async (...more: string[]) => (await cliJson(...once, ...more)).json.sizes[0].gallery.reused
    expect(await reused()).toBe(false)
    expect(await reused()).toBe(true)
    expect(await reused('--seed', '2')).toBe(false)
    const bytes = readFileSync(own)
    writeFileSync(own, readFileSync(other))
    expect(await reused()).toBe(false)
    expect(readFileSync(own)).toEqual(bytes)
  })

  it('prints a table for people', async () => {
    const { exitCode, stdout } = await cli('bench', 'search', '--fingers', '40', ...few)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('40 fingers, 1 worker thread')
    for (const kind of ['clean', 'typical', 'poor']) expect(stdout).toMatch(new RegExp(`^${kind} +scan +`, 'm'))
  })

  it.each([
    ['no number', ['--fingers', 'many']],
    ['an empty one', ['--fingers', '10,,20']],
    ['none', []],
    ['too many', ['--fingers', '30000000']],
  ])('refuses sizes: %s', async (_, args) => {
    const { exitCode, stderr } = await cli('bench', 'search', ...args)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('--fingers')
  })

  it('says what is wrong with a folder of galleries that is a file, a plot that cannot be written', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const asked = ['bench', 'search', '--fingers', '10', '--probes', '2', '--threads', '1']
    expect(await cli(...asked, '--galleries', file)).toMatchObject({ exitCode: 3 })
    const plot = join(folder, 'absent', 'plot.svg')
    expect(await cli(...asked, '--plot', plot)).toMatchObject({ exitCode: 3 })
    expect(existsSync(plot)).toBe(false)
  })
})

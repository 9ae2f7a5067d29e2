/**
 * Files that the command line writes of prints are for their owner alone, whatever the umask and
 * whatever was there.
 */
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFiles } from '../../dist/cli/output-folder.js'
import { cli, PRINTS, printFile, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (name: string) => join(folder, name)
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const good = printFile('101_1')

describe.skipIf(process.platform === 'win32')('with a umask of 0', () => {
  let before = 0o022
  beforeEach(() => {
    before = process.umask(0)
  })
  afterEach(() => void process.umask(before))

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'extract',
      ['extract', good, '-o', at('a.sdkt'), '--iso', at('a.iso'), '--overlay', at('a.png')],
      ['a.sdkt', 'a.iso', 'a.png'],
    ],
    ['convert', ['convert', good, at('b.iso'), '--to', 'iso-19794-2-2005'], ['b.iso']],
    ['inspect', ['inspect', good, '--png', at('c.png')], ['c.png']],
    ['match', ['match', good, printFile('101_2'), '--overlay', at('d.png')], ['d.png']],
  ])('%s makes files of 0600', async (_, args, files) => {
    const { exitCode, stderr } = await cli(...args)
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(files.map(name => [name, modeOf(at(name))])).toEqual(files.map(name => [name, '600']))
  })

  it('a file that others could read before is not readable to them after', async () => {
    writeFileSync(at('shared.iso'), 'before', { mode: 0o644 })
    expect((await cli('convert', good, at('shared.iso'), '--to', 'iso-19794-2-2005')).exitCode).toBe(0)
    expect(modeOf(at('shared.iso'))).toBe('600')
  })

  it('dedupe makes a list of 0600', async () => {
    expect((await cli('gallery', 'build', PRINTS, '-o', at('all.gallery'))).exitCode).toBe(0)
    const { exitCode, stderr } = await cli('gallery', 'dedupe', at('all.gallery'), '-o', at('pairs.json'))
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(modeOf(at('pairs.json'))).toBe('600')
  })

  it('a folder of fingers is 0700, its files 0600', async () => {
    const files = new Map([['a.png', Uint8Array.of(1)]])
    await writeFiles(at('fingers'), files, new AbortController().signal)
    expect(modeOf(at('fingers'))).toBe('700')
    expect(readdirSync(at('fingers')).map(name => modeOf(join(at('fingers'), name)))).toEqual(['600'])
  })
})

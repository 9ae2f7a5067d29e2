import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { findSets } from 'sidik/evaluate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

describe('findSets', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sidik-sets-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const write = (...files: string[]) => {
    for (const file of files) {
      mkdirSync(join(directory, file, '..'), { recursive: true })
      writeFileSync(join(directory, file), '')
    }
  }

  it('sorts prints by number, whatever the extension, and ignores everything else', async () => {
    write('10_1.png', '9_10.JPG', '9_2.tif', '9_1.webp', '2_1.pgm', '3_1.bmp', '3_2.jpeg', '3_3.TIFF', '4_1.wsq')
    write(
      'readme.txt',
      '9_3.svg',
      '9_4.png.part',
      'x_1.png',
      '9_.png',
      '-1_1.png',
      '._9_1.png',
      '9_1_truth.png',
      '9_1.gif',
    )
    mkdirSync(join(directory, '9_9.png'))
    const [set, ...others] = await findSets(directory)
    expect(others).toEqual([])
    expect(set.prints.map(print => print.file)).toEqual([
      '2_1.pgm',
      '3_1.bmp',
      '3_2.jpeg',
      '3_3.TIFF',
      '4_1.wsq',
      '9_1.webp',
      '9_2.tif',
      '9_10.JPG',
      '10_1.png',
    ])
    expect(set.prints[7]).toMatchObject({ finger: 9, impression: 10, path: join(directory, '9_10.JPG') })
  })

  it('finds the sets in subfolders, one level deep, by name', async () => {
    write('db10/1_1.png', 'db2/1_1.png', 'db2/1_2.png', 'notes/readme.txt', 'deep/down/1_1.png', 'loose.txt')
    const sets = await findSets(directory)
    expect(sets.map(({ name, prints }) => [name, prints.length])).toEqual([
      ['db2', 2],
      ['db10', 1],
    ])
  })

  it('takes a folder with prints as one set and leaves its subfolders alone', async () => {
    write('1_1.png', 'truth/1_1.png')
    const sets = await findSets(join(directory, '.'))
    expect(sets).toHaveLength(1)
    expect(sets[0].name).toBe(directory.split('/').pop())
    expect(sets[0].prints).toHaveLength(1)
  })

  it('follows links to folders and files', async () => {
    write('real/1_1.png')
    mkdirSync(join(directory, 'all/linked'), { recursive: true })
    symlinkSync(join(directory, 'real'), join(directory, 'all/set'))
    symlinkSync(join(directory, 'real/1_1.png'), join(directory, 'all/linked/5_1.png'))
    symlinkSync(join(directory, 'nowhere'), join(directory, 'all/dangling'))
    const sets = await findSets(join(directory, 'all'))
    expect(sets.map(({ name, prints }) => [name, prints[0].finger])).toEqual([
      ['linked', 5],
      ['set', 1],
    ])
  })

  it('names a print that is a link to nowhere, or to itself', async () => {
    symlinkSync(join(directory, 'gone.png'), join(directory, '1_1.png'))
    await expect(findSets(directory)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/1_1\.png/),
    })
    rmSync(join(directory, '1_1.png'))
    symlinkSync('2_1.png', join(directory, '2_1.png'))
    await expect(findSets(directory)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/2_1\.png/),
    })
  })

  it.each([
    ['an empty folder', []],
    ['only other files', ['a.png', 'sub/b.png', 'sub/deeper/1_1.png']],
    ['numbers too long to be exact', ['1234567890123456789_1.png']],
  ])('refuses %s', async (_, files) => {
    write(...files)
    await expect(findSets(directory)).rejects.toMatchObject({ name: 'SidikError', code: 'DATASET_FORMAT' })
  })

  it.each([
    ['1_1.png', '1_1.bmp'],
    ['1_1.png', '01_1.png'],
    ['1_1.png', '1_001.png'],
  ])('refuses the same impression twice: %s and %s', async (a, b) => {
    write(a, b, '1_2.png')
    await expect(findSets(directory)).rejects.toMatchObject({
      code: 'DATASET_FORMAT',
      message: expect.stringMatching(/twice/),
    })
  })

  it('says when the folder is not there or not a folder', async () => {
    write('file')
    await expect(findSets(join(directory, 'gone'))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/gone/),
    })
    await expect(findSets(join(directory, 'file'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(findSets('nul\0byte')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

const fingerprints = resolve('../shared/data/fingerprints')

describe.skipIf(!existsSync(fingerprints))('findSets on the development sets', () => {
  it('finds 8 sets of 80 images, fingers 101 to 110', async () => {
    const sets = await findSets(fingerprints)
    expect(sets.map(set => set.prints.length)).toEqual(new Array(8).fill(80))
    expect(sets[0].name).toBe('fvc2002-db1b')
    expect(sets[7].prints.at(-1)).toMatchObject({ finger: 110, impression: 8 })
  })
})

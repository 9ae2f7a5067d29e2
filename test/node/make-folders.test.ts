import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFolders } from '../../dist/node/make-folders.js'

describe('makeFolders', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sidik-folders-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('makes a folder and those above it, and says which was the first', async () => {
    const path = join(folder, 'a/b/c')
    expect(await makeFolders(path, 0o700)).toBe(join(folder, 'a'))
    for (const made of ['a', 'a/b', 'a/b/c']) expect((await stat(join(folder, made))).mode & 0o777).toBe(0o700)
    expect(await makeFolders(path)).toBeUndefined()
    expect(await makeFolders(join(folder, 'a/b/d/'))).toBe(join(folder, 'a/b/d/'))
    expect(await makeFolders(`${folder}/a/e/..`)).toBe(join(folder, 'a/e'))
  })

  it('takes a link to a folder for one', async () => {
    await symlink(folder, join(folder, 'link'))
    expect(await makeFolders(join(folder, 'link'))).toBeUndefined()
    expect(await makeFolders(join(folder, 'link/a'))).toBe(join(folder, 'link/a'))
  })

  it('is done once when many ask for it at once', async () => {
    const path = join(folder, 'a/b/c/d')
    await Promise.all(Array.from({ length: 20 }, () => makeFolders(path)))
    expect((await stat(path)).isDirectory()).toBe(true)
  })

  it('says what is in the way', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(makeFolders(join(folder, 'file'))).rejects.toThrow(expect.objectContaining({ code: 'EEXIST' }))
    await expect(makeFolders(join(folder, 'file/a'))).rejects.toThrow(expect.objectContaining({ code: 'ENOTDIR' }))
    await symlink(join(folder, 'nowhere'), join(folder, 'dangling'))
    await expect(makeFolders(join(folder, 'dangling'))).rejects.toThrow(expect.objectContaining({ code: 'ENOENT' }))
    await expect(makeFolders('')).rejects.toThrow(expect.objectContaining({ code: 'ENOENT' }))
  })

  // Node's own way never ended there, nor let the process end.
  it.runIf(process.platform === 'linux')('ends where nothing can be made', async () => {
    await expect(makeFolders('/proc/none/of/this')).rejects.toThrow(expect.objectContaining({ code: 'ENOENT' }))
  })
})

import { execFileSync } from 'node:child_process'
import { appendFileSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeFile, type ListedFile } from '../../../../dist/capture/adapters/folder/folder-listing.js'
import { readListed } from '../../../../dist/capture/adapters/folder/read-listed.js'
import { temporaryFolder } from '../files.js'

const folder = temporaryFolder('listed')
const path = join(folder, 'a')

function listed(): ListedFile {
  writeFileSync(path, 'a print')
  const found = statSync(path, { bigint: true })
  const { size, mtimeNs: modifiedNs } = found
  return { name: 'a', stat: describeFile(found), sizeBytes: Number(size), modifiedNs, sinceMs: 0, changed: false }
}

it('reads a file only while it is as it was listed', async () => {
  expect(Buffer.from((await readListed(path, listed()))!).toString()).toBe('a print')
  const changes: (() => void)[] = [
    () => appendFileSync(path, ' more'),
    () => writeFileSync(path, 'a truth'),
    () => {
      writeFileSync(join(folder, 'b'), 'a trunk')
      renameSync(join(folder, 'b'), path)
    },
    () => rmSync(path),
  ]
  for (const change of changes) {
    const before = listed()
    // Times of files move on in steps of some milliseconds.
    await new Promise(resolve => setTimeout(resolve, 20))
    change()
    expect(await readListed(path, before)).toBeUndefined()
  }
  const before = listed()
  await new Promise(resolve => setTimeout(resolve, 20))
  writeFileSync(path, 'a truth')
  const seconds = Number(before.modifiedNs) / 1e9
  utimesSync(path, seconds, seconds)
  expect(await readListed(path, before)).toBeUndefined()
})

it.skipIf(process.platform === 'win32')('waits for no FIFO that took the place of a file', async () => {
  const before = listed()
  rmSync(path)
  execFileSync('mkfifo', [path])
  await expect(readListed(path, before)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringContaining('is a FIFO'),
  })
  rmSync(path)
})

it('reads no file that is far too large for a print, or is none', async () => {
  const before = listed()
  truncateSync(path, 300 * 1024 * 1024)
  const large = { ...before, sizeBytes: statSync(path).size }
  await expect(readListed(path, large)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' })
  rmSync(path)
  await expect(readListed(join(path, 'b'), before)).resolves.toBeUndefined()
})

/** Where there is no more room: a real limit of a file's size, and a real disk that is full. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { stateIn } from './durable/held-storage.js'

const CHILD = fileURLToPath(new URL('durable/filling-child.mjs', import.meta.url))
const parent = mkdtempSync(join(tmpdir(), 'sidik-full-'))
const mounted = join(parent, 'disk')
const hasDisk = mountSmallDisk()
afterAll(() => {
  if (hasDisk) execFileSync('umount', [mounted])
  rmSync(parent, { recursive: true })
})

/** 512 KiB, where that may be done. */
function mountSmallDisk(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  mkdirSync(mounted)
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'sidik-test', mounted]).status === 0
}

async function fill(folder: string, command: string, args: string[], code: string) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  const { full, failures, compacted, ids, refused } = JSON.parse(stdout)
  expect(full).toBeGreaterThan(20)
  expect(failures.length).toBeGreaterThan(0)
  for (const failure of failures) {
    expect(failure).toMatchObject({ code: 'FILE_UNWRITABLE', message: expect.stringContaining(code) })
    expect(failure.message).toContain('the change was not made')
  }
  const { text, damage } = await stateIn(folder)
  expect(damage).toEqual([])
  return { compacted, ids, refused, found: JSON.parse(text).map(([id]: [string]) => id) }
}

describe('a durable gallery without room', () => {
  it.skipIf(process.platform === 'win32')('for a longer file refuses, and goes on once it is compacted', async () => {
    const folder = join(parent, 'limited')
    // In blocks of 512 bytes, as POSIX has it.
    const shell = `ulimit -f 600 && exec "$0" "$@"`
    const filled = await fill(folder, 'sh', ['-c', shell, process.execPath, CHILD, folder], 'EFBIG')
    expect([filled.compacted, filled.refused]).toEqual([true, []])
    expect(filled.found).toEqual(filled.ids)
  })

  it.skipIf(!hasDisk)('on the disk refuses, loses nothing, and leaves no part of a snapshot', async () => {
    const folder = join(mounted, 'gallery')
    const filled = await fill(folder, process.execPath, [CHILD, folder], 'ENOSPC')
    expect(filled.found.length).toBeGreaterThan(0)
    if (filled.compacted === true) expect(filled.found).toEqual(filled.ids)
    else expect(filled.compacted).toContain('FILE_UNWRITABLE')
  })
})

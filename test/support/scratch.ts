/** What the tests of a file open and write, and what ends it: test/setup.ts calls that. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Closable {
  close(): Promise<unknown>
}

const opened = { test: [] as Closable[], file: [] as Closable[] }
let folder: string | undefined
let paths = 0

/** In a folder that is removed after the tests of the file. */
export function newPath(name = 'station.db'): string {
  folder ??= mkdtempSync(join(tmpdir(), 'sidik-tests-'))
  return join(folder, `${++paths}-${name}`)
}

/** Has it closed after the test, or after all tests of the file. */
export function closedAfter<T extends Closable>(when: 'test' | 'file', it: T): T {
  opened[when].push(it)
  return it
}

export async function endTest(): Promise<void> {
  for (const each of opened.test.splice(0)) await each.close()
}

export async function endFile(): Promise<void> {
  for (const each of opened.file.splice(0)) await each.close()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = undefined
}

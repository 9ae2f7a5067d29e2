/** Files that somebody may have put into the folder that a hub serves from. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveHub } from 'sidik/station'
import { expect, it } from 'vitest'
import { newPlace } from '../../sync/support.js'

const LOCK = 'lock-00000000-0000-0000-0000-000000000000.json'

const fifo = (path: string) => void execFileSync('mkfifo', [path])
const endless = (path: string) => {
  writeFileSync(path, '')
  truncateSync(path, 2 ** 36)
}

it.skipIf(process.platform === 'win32').each<[string, (folder: string, elsewhere: string) => void]>([
  ['a FIFO as a lock', folder => fifo(join(folder, LOCK))],
  ['a link as a lock', (folder, elsewhere) => symlinkSync(join(elsewhere, LOCK), join(folder, LOCK))],
  ['an endless lock', folder => endless(join(folder, LOCK))],
  ['a FIFO among the uploads', folder => fifo(join(folder, 'uploads', 'upload.json'))],
  ['a link among the uploads', (folder, elsewhere) => symlinkSync(elsewhere, join(folder, 'uploads', 'upload'))],
])('a hub neither waits for %s nor follows it, and says what it is', async (_, harm) => {
  const { station } = await newPlace('hub')
  const [folder, elsewhere] = [`${station.path}.hub`, `${station.path}.elsewhere`]
  for (const path of [join(folder, 'uploads'), elsewhere]) mkdirSync(path, { recursive: true })
  harm(folder, elsewhere)
  const said = await serveHub(station, { port: 0 }).catch((error: unknown) => error)
  expect(said).toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining(folder) })
  expect(readdirSync(elsewhere)).toEqual([])
})

it.skipIf(process.platform === 'win32')('a hub serves from no folder that is a link', async () => {
  const { station } = await newPlace('hub')
  const elsewhere = `${station.path}.elsewhere`
  mkdirSync(elsewhere)
  symlinkSync(elsewhere, `${station.path}.hub`)
  const said = await serveHub(station, { port: 0 }).catch((error: unknown) => error)
  expect(said).toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('link') })
  expect(readdirSync(elsewhere)).not.toContain(LOCK)
})

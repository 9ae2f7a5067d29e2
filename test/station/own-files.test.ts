/** Files of a station: for their owner alone, and nothing that is no file is opened. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openStation, verifyStation, verifyStationFile } from 'sidik/station'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyStation, FILES, flipBit, KEY, newPath, record, stationWith } from './files.js'

const modesOf = (path: string) => {
  const names = readdirSync(dirname(path)).filter(name => name.startsWith(basename(path)))
  return names.map(name => [name, (statSync(join(dirname(path), name)).mode & 0o777).toString(8)])
}
const allPrivate = (modes: ReturnType<typeof modesOf>) => modes.map(([name]) => [name, '600'])

describe.skipIf(process.platform === 'win32')('with a umask of 0, the files of a station', () => {
  let before = 0o022
  beforeEach(() => {
    before = process.umask(0)
  })
  afterEach(() => void process.umask(before))

  it('are 0600: file, log, index and mark', async () => {
    const { station, path } = await stationWith(2)
    expect(modesOf(path)).toHaveLength(4)
    expect(modesOf(path)).toEqual(allPrivate(modesOf(path)))
    await station.close()
    expect(modesOf(path)).toEqual(allPrivate(modesOf(path)))
  })

  it('that an older version left open to others are closed to them when the station is opened', async () => {
    const { station, path, identity } = await stationWith(2)
    const copy = copyStation(path)
    await station.close()
    for (const end of FILES) if (existsSync(copy + end)) chmodSync(copy + end, 0o666)
    const again = await openStation({ path: copy, key: KEY, identity })
    record(again, 'one-more')
    expect(modesOf(copy)).toEqual(allPrivate(modesOf(copy)))
    await again.close()
  })

  it('also the copy of a damaged log, of this time and of times before', async () => {
    const { station, path, identity } = await stationWith(3)
    const copy = copyStation(path)
    await station.close()
    flipBit(`${copy}-wal`, readFileSync(`${copy}-wal`).length - 3_000, 2)
    chmodSync(`${copy}-wal`, 0o644)
    const damaged = await openStation({ path: copy, key: KEY, identity })
    await damaged.close()
    expect(modesOf(copy).some(([name]) => name.includes('-wal.damaged-'))).toBe(true)
    expect(modesOf(copy)).toEqual(allPrivate(modesOf(copy)))
    for (const [name] of modesOf(copy)) chmodSync(join(dirname(copy), name), 0o644)
    await (await openStation({ path: copy, key: KEY, identity })).close()
    expect(modesOf(copy)).toEqual(allPrivate(modesOf(copy)))
  })
})

const STRANGE: Record<string, (path: string) => void> = {
  'a FIFO': path => void execFileSync('mkfifo', [path]),
  'a folder': path => mkdirSync(path),
  'a symbolic link': path => symlinkSync('/dev/zero', path),
}

describe.skipIf(process.platform === 'win32').each(Object.entries(STRANGE))('%s', (kind, put) => {
  it.each(FILES)('in the place of the file%s is named, and nothing waits for it', async end => {
    const { station, path, identity } = await stationWith(1)
    const copy = copyStation(path)
    await station.close()
    rmSync(copy + end, { force: true })
    put(copy + end)
    // A link to the file itself is followed: what it leads to is a device.
    const told = kind === 'a symbolic link' && end === '' ? 'a device' : kind
    const error = { code: 'FILE_UNREADABLE', message: expect.stringContaining(`${basename(copy)}${end} is ${told}`) }
    await expect(openStation({ path: copy, key: KEY, identity })).rejects.toMatchObject(error)
    await expect(verifyStationFile(copy, { key: KEY, identity })).rejects.toMatchObject(error)
  })
})

it.skipIf(process.platform === 'win32')('a station whose file is reached by a link of its owner opens', async () => {
  const { station, path, identity } = await stationWith(1)
  await station.close()
  const link = newPath()
  symlinkSync(path, link)
  const again = await openStation({ path: link, key: KEY, identity })
  expect((await verifyStation(again)).ok).toBe(true)
  await again.close()
})

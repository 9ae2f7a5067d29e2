import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import {
  createIdentity,
  encodeTemplates,
  enrol,
  galleryState,
  type Recorded,
  type Station,
  status,
} from 'sidik/station'
import { syntheticTemplate } from 'sidik/synthesize'
import { describe, expect, it, vi } from 'vitest'
import { localGalleryOf } from '../../../dist/station/check/local-gallery.js'
import { append } from '../../../dist/station/journal/append.js'
import { engineForTests } from '../../support/engine.js'
import { newPath, newStation, somebody } from '../enrol/support.js'
import { peopleOf } from './fingers.ts'
import { told } from './told.ts'

const engine = await engineForTests()

const SEED = 9
const { firstOf, againOf } = peopleOf(SEED, [1, 2, 3])
const templatesOf = (person: number) => encodeTemplates(firstOf(person))

const folderOf = (path: string) => `${path}.index`
const tailBytes = (path: string) =>
  readdirSync(folderOf(path))
    .filter(name => name.startsWith('tail'))
    .reduce((sum, name) => sum + statSync(join(folderOf(path), name)).size, 0)

/** Says as a centre does that a record has these fingers, or that it is gone. */
function tell(station: Station, record: string, person: number | undefined): void {
  if (person === undefined) {
    append(station, { kind: 'removal', direction: 'down', record, body: { reason: 'deleted' } })
    return
  }
  told(station, record, templatesOf(person))
}

/** Records that a search of this person comes upon. */
async function found(station: Station, person: number): Promise<string[]> {
  const gallery = localGalleryOf(station)!
  const { candidates } = await gallery.withAll(() => gallery.identify(againOf(person), {}))
  return candidates.filter(({ fpir }) => fpir < 0.001).map(({ id }) => id)
}

const PERSONS = [1, 2, 3, 4]
const whoIsFound = async (station: Station) => {
  const all: string[][] = []
  for (const person of PERSONS) all.push((await found(station, person)).sort())
  return all
}

describe('the index of persons beside the file', () => {
  it('is there when the station is opened again: nothing is read from the records', async () => {
    const given = { path: newPath(), identity: await createIdentity('kept'), engine }
    const first = await newStation(given)
    for (const person of PERSONS) tell(first, `record-${person}`, person)
    await found(first, 1)
    await first.close()
    const bytes = tailBytes(given.path)
    const again = await newStation(given)
    await vi.waitFor(() => expect(galleryState(again)).toMatchObject({ loaded: 4, total: 4 }))
    expect(await whoIsFound(again)).toEqual(PERSONS.map(person => [`record-${person}`]))
    expect(tailBytes(given.path)).toBe(bytes)
    // A change is written, and no more than that.
    tell(again, 'record-5', 5)
    expect(await found(again, 5)).toEqual(['record-5'])
    expect(tailBytes(given.path) - bytes).toBeLessThan((bytes / PERSONS.length) * 1.5)
  })

  it('follows its file, whatever time either is from', async () => {
    const change = fc.record({ record: fc.integer({ min: 1, max: 4 }), person: fc.option(fc.constantFrom(...PERSONS)) })
    const plan = fc.record({
      changes: fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 }),
      ofFile: fc.nat(),
      ofIndex: fc.nat(),
    })
    await fc.assert(
      fc.asyncProperty(plan, async ({ changes, ofFile, ofIndex }) => {
        const given = { path: newPath(), identity: await createIdentity('times'), engine }
        const copies = newPath()
        const expected: string[][][] = []
        for (const [time, some] of changes.entries()) {
          const station = await newStation(given)
          for (const { record, person } of some) tell(station, `record-${record}`, person ?? undefined)
          expected.push(await whoIsFound(station))
          await station.close()
          mkdirSync(`${copies}-${time}`)
          cpSync(given.path, `${copies}-${time}/file`)
          cpSync(folderOf(given.path), `${copies}-${time}/index`, { recursive: true })
        }
        const [file, index] = [ofFile % changes.length, ofIndex % changes.length]
        for (const end of ['', '-wal', '-shm', '.mark', '.index'])
          rmSync(given.path + end, { recursive: true, force: true })
        cpSync(`${copies}-${file}/file`, given.path)
        cpSync(`${copies}-${index}/index`, folderOf(given.path), { recursive: true })
        const station = await newStation(given)
        expect(await whoIsFound(station)).toEqual(expected[file])
        await station.close()
      }),
      { numRuns: 12 },
    )
  })

  it('is made anew when it is damaged, another file’s or gone, and the station says so', async () => {
    const given = { path: newPath(), identity: await createIdentity('damaged'), engine }
    const first = await newStation(given)
    for (const person of PERSONS) tell(first, `record-${person}`, person)
    await found(first, 1)
    await first.close()
    const other = { path: newPath(), identity: await createIdentity('other'), engine }
    const stranger = await newStation(other)
    tell(stranger, 'record-1', 4)
    await found(stranger, 1)
    await stranger.close()

    const folder = folderOf(given.path)
    const marker = join(folder, 'sidik-gallery')
    const tail = () => join(folder, readdirSync(folder).find(name => name.startsWith('tail'))!)
    const flip = (file: string, at: number) => {
      const bytes = readFileSync(file)
      bytes[at] ^= 0x40
      writeFileSync(file, bytes)
    }
    const harms: [name: string, harm: () => void, isNoted: boolean][] = [
      ['a bit of a template', () => flip(tail(), statSync(tail()).size >> 1), true],
      ['the marker', () => writeFileSync(marker, 'nothing'), true],
      ['no tail', () => rmSync(tail()), true],
      ['all of it gone', () => rmSync(folder, { recursive: true }), false],
      [
        'the index of another file',
        () => {
          rmSync(folder, { recursive: true })
          cpSync(folderOf(other.path), folder, { recursive: true })
        },
        true,
      ],
      [
        'a file in its place',
        () => {
          rmSync(folder, { recursive: true })
          writeFileSync(folder, 'no folder')
        },
        true,
      ],
    ]
    let noted = 0
    for (const [name, harm, isNoted] of harms) {
      harm()
      const station = await newStation(given)
      expect(await whoIsFound(station), name).toEqual(PERSONS.map(person => [`record-${person}`]))
      const { count, newest } = status(station).anomalies
      expect(count - noted, name).toBe(isNoted ? 1 : 0)
      if (isNoted)
        expect(newest[0]).toMatchObject({ code: 'index-damaged', detail: expect.stringContaining('made anew') })
      noted = count
      await station.close()
      if (name === 'a file in its place') expect(readFileSync(folder, 'utf8')).toBe('no folder')
    }
  })

  it('leaves a folder alone that holds what no index has', async () => {
    const given = { path: newPath(), identity: await createIdentity('theirs'), engine }
    mkdirSync(folderOf(given.path))
    const theirs = join(folderOf(given.path), 'thesis.txt')
    writeFileSync(theirs, 'years of work')
    const station = await newStation(given)
    tell(station, 'record-1', 1)
    expect(await found(station, 1)).toEqual(['record-1'])
    await station.close()
    expect(readFileSync(theirs, 'utf8')).toBe('years of work')
  })

  it('is kept by one opening of a station; another reads the records into memory', async () => {
    const given = { path: newPath(), identity: await createIdentity('both'), engine }
    const first = await newStation(given)
    tell(first, 'record-1', 1)
    expect(await found(first, 1)).toEqual(['record-1'])
    const second = await newStation(given)
    expect(await found(second, 1)).toEqual(['record-1'])
    const { recordId } = (await enrol(second, somebody(1, againOf(2)))) as Recorded
    expect(await found(first, 2)).toEqual([recordId])
    await first.close()
    const third = await newStation(given)
    expect(await whoIsFound(third)).toEqual([['record-1'], [recordId], [], []])
  })

  it.skipIf(process.platform === 'win32')('waits for no FIFO, follows no link and reads no endless file', async () => {
    const elsewhere = `${newPath()}-elsewhere`
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'sidik-gallery'), 'of somebody else')
    const fifo = (name: string) => (folder: string) => {
      mkdirSync(folder)
      execFileSync('mkfifo', [join(folder, name)])
    }
    const harms: [name: string, harm: (folder: string) => void][] = [
      ['a lock', fifo('lock-00000000-0000-0000-0000-000000000000.json')],
      ['a marker', fifo('sidik-gallery')],
      ['a snapshot', fifo('snapshot-000001.sidikgal')],
      [
        'an endless tail',
        folder => {
          mkdirSync(folder)
          const tail = join(folder, 'tail-000001.sidiktail')
          writeFileSync(tail, '')
          truncateSync(tail, 2 ** 36)
        },
      ],
      ['a link', folder => symlinkSync(elsewhere, folder)],
    ]
    for (const [name, harm] of harms) {
      const given = { path: newPath(), identity: await createIdentity('strange'), engine }
      harm(folderOf(given.path))
      const station = await newStation(given)
      tell(station, 'record-1', 1)
      expect(await found(station, 1), name).toEqual(['record-1'])
      expect(status(station).anomalies.newest[0], name).toMatchObject({ code: 'index-damaged' })
      await station.close()
    }
    expect(readFileSync(join(elsewhere, 'sidik-gallery'), 'utf8')).toBe('of somebody else')
  })

  it.skipIf(process.platform === 'win32')('is for its owner alone, and shows nothing of a template', async () => {
    const before = process.umask(0)
    try {
      const given = { path: newPath(), identity: await createIdentity('private'), engine }
      const station = await newStation(given)
      tell(station, 'record-1', 1)
      await found(station, 1)
      await station.close()
      const folder = folderOf(given.path)
      expect(statSync(folder).mode & 0o777).toBe(0o700)
      const needle = Buffer.from(syntheticTemplate(SEED, 11)).subarray(100, 124)
      expect(Buffer.from(templatesOf(1)).includes(needle)).toBe(true)
      for (const name of readdirSync(folder)) {
        expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
        const bytes = readFileSync(join(folder, name))
        expect(bytes.includes(needle) || bytes.includes('record-1'), name).toBe(false)
      }
      expect(existsSync(folder)).toBe(true)
    } finally {
      process.umask(before)
    }
  })
})

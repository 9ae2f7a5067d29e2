import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { createIdentity, openStation, peers, type Station, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { entriesApplied, signedEntryOf } from '../../dist/station/journal/read.js'
import { partsOf } from '../../dist/station/station.js'
import { readMark } from '../../dist/station/store/mark.js'
import { copyStation, flipBit, KEY, newPath, record, stationWith } from './files.js'

function anomalies(station: Station): string[] {
  const { file } = partsOf(station)
  return entriesApplied(file, 1, 1_000)
    .map(row => signedEntryOf(row).header)
    .filter(({ kind }) => kind === 'anomaly')
    .map(({ kind }) => kind)
}

const records = (station: Station) =>
  partsOf(station)
    .file.all<{ id: string }>('SELECT id FROM record ORDER BY id')
    .map(({ id }) => id)

describe('openStation', () => {
  it('makes a station, and opens it again as it was', async () => {
    const { station, path, identity } = await stationWith(2)
    expect([station.id, station.path]).toEqual(['3276-01', path])
    await station.close()
    await expect(async () => peers(station)).rejects.toMatchObject({ code: 'STATION_CLOSED' })
    await station.close()
    const again = await openStation({ path, key: KEY, identity, existing: true })
    expect(records(again)).toEqual(['record-1', 'record-2'])
    expect(peers(again)).toMatchObject([{ id: 'centre', relation: 'upstream' }])
    expect(anomalies(again)).toEqual([])
    await again.close()
  })

  it('writes nothing at a time that no entry can have, and goes on when the clock is right again', async () => {
    let now = Date.UTC(2026, 0, 1)
    const { station } = await stationWith(0, { clock: () => now })
    const recorded = (id: string) => record(station, id)
    recorded('record-1')
    for (const wrong of [now * 1_000, -1, Number.NaN, Date.UTC(9999, 0, 1), null, '5']) {
      now = wrong as number
      expect(() => recorded('record-2'), `${wrong}`).toThrow(/^clock says/)
    }
    now = Date.UTC(9999, 0, 1) - 1
    recorded('record-2')
    now = Date.UTC(2026, 0, 2)
    recorded('record-3')
    expect(records(station)).toEqual(['record-1', 'record-2', 'record-3'])
    expect((await verifyStation(station)).findings).toEqual([])
    await station.close()
  })

  it('refuses another key, another station and another key of the same station, and changes nothing', async () => {
    const { station, path, identity } = await stationWith(1)
    await station.close()
    const before = readFileSync(path)
    const other = await createIdentity('3276-02')
    const cloned = await createIdentity(identity.id)
    await expect(openStation({ path, key: new Uint8Array(32), identity })).rejects.toMatchObject({
      code: 'STATION_KEY',
    })
    await expect(openStation({ path, key: KEY, identity: other })).rejects.toMatchObject({ code: 'STATION_IDENTITY' })
    await expect(openStation({ path, key: KEY, identity: cloned })).rejects.toMatchObject({ code: 'STATION_IDENTITY' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('has no other file than the one named', async () => {
    const identity = await createIdentity('a')
    const path = newPath()
    await expect(openStation({ path, key: KEY, identity, existing: true })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
    expect(existsSync(path)).toBe(false)
    const nowhere = `${path}/none/station.db`
    await expect(openStation({ path: nowhere, key: KEY, identity })).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    await expect(openStation({ path: dirname(path), key: KEY, identity })).rejects.toMatchObject({
      code: expect.stringMatching(/^(FILE|STATION)_/),
    })
  })

  it('says which argument is wrong', async () => {
    const identity = await createIdentity('a')
    const ask = (options: object) => openStation({ path: newPath(), key: KEY, identity, ...options } as never)
    await expect(ask({ path: '' })).rejects.toThrow(/path/)
    await expect(ask({ key: 'secret' })).rejects.toThrow(/key must be 32 bytes/)
    await expect(ask({ key: new Uint8Array(31) })).rejects.toThrow(TypeError)
    await expect(ask({ identity: { id: 'a' } })).rejects.toThrow(/signingKey/)
    await expect(ask({ identiti: 1 })).rejects.toThrow(/did you mean 'identity'/)
    await expect(ask({ clock: 5 })).rejects.toThrow(/clock/)
  })

  it('lets two handles record into one file, and both see all', async () => {
    const { station, path, identity } = await stationWith(1)
    const second = await openStation({ path, key: KEY, identity })
    for (let i = 0; i < 20; i++) record(i % 2 === 0 ? station : second, `both-${i}`)
    expect(records(station)).toEqual(records(second))
    expect(records(station)).toHaveLength(21)
    await station.close()
    record(second, 'alone')
    await second.close()
  })

  it('notes a clock that steps back, once', async () => {
    let now = Date.parse('2026-11-25T10:00:00.000Z')
    const { station } = await stationWith(1, { clock: () => now })
    now -= 3_600_000
    record(station, 'earlier')
    record(station, 'earlier-still')
    expect(anomalies(station)).toHaveLength(1)
    await station.close()
  })
})

describe('what was acknowledged and is gone', () => {
  /** A copy as after a power cut, with a log that was not folded in: the station is still open. */
  async function withLog(records: number) {
    const made = await stationWith(records)
    const path = copyStation(made.path)
    await made.station.close()
    return { path, identity: made.identity }
  }

  it('is noticed for a flipped bit in the write-ahead log: the log is kept, an anomaly is noted, the station goes on', async () => {
    const { path, identity } = await withLog(6)
    flipBit(`${path}-wal`, Math.floor(readFileSync(`${path}-wal`).length * 0.7), 3)
    const log = readFileSync(`${path}-wal`)
    const station = await openStation({ path, key: KEY, identity })
    const left = records(station).length
    expect(left).toBeLessThan(6)
    expect(anomalies(station)).toHaveLength(1)
    record(station, 'goes-on')
    const [kept] = readdirSync(dirname(path)).filter(name => name.startsWith(`${basename(path)}-wal.damaged-`))
    expect(readFileSync(`${dirname(path)}/${kept}`).equals(log)).toBe(true)
    await station.close()
    const again = await openStation({ path, key: KEY, identity })
    expect(anomalies(again)).toHaveLength(1)
    await again.close()
  })

  it('is noticed for any bit of the log that was written last', async () => {
    const { path, identity } = await withLog(1)
    const size = readFileSync(`${path}-wal`).length
    const whole = await openStation({ path: copyStation(path), key: KEY, identity })
    expect([records(whole).length, anomalies(whole).length]).toEqual([1, 0])
    await whole.close()
    for (let i = 0; i < 25; i++) {
      const copy = copyStation(path)
      flipBit(`${copy}-wal`, Math.floor(((i + Math.random()) / 25) * size), i % 8)
      const station = await openStation({ path: copy, key: KEY, identity }).catch(error => error)
      // All that was acknowledged is there, or its loss is noted, or nothing opens.
      if (station instanceof Error) expect(station).toMatchObject({ code: 'STATION_CORRUPT' })
      else {
        expect(records(station).length === 1 || anomalies(station).length === 1, `flip ${i}`).toBe(true)
        await station.close()
      }
    }
  })

  it('is noticed for a file that was put back from a backup, or made anew', async () => {
    const { station, path, identity } = await stationWith(2)
    await station.close()
    const backup = readFileSync(path)
    const later = await openStation({ path, key: KEY, identity })
    record(later, 'after-the-backup')
    await later.close()
    writeFileSync(path, backup)
    const restored = await openStation({ path, key: KEY, identity })
    expect(records(restored)).toEqual(['record-1', 'record-2'])
    expect(anomalies(restored)).toHaveLength(1)
    await restored.close()
    rmSync(path)
    const anew = await openStation({ path, key: KEY, identity })
    expect([records(anew).length, anomalies(anew).length]).toEqual([0, 1])
    await anew.close()
  })

  it('is not claimed where the mark is missing, unreadable, older or of another station', async () => {
    const { station, path, identity } = await stationWith(2)
    await station.close()
    const mark = readFileSync(`${path}.mark`)
    const foreign = await stationWith(9, { identity: await createIdentity('3276-02') })
    await foreign.station.close()
    for (const bytes of [
      undefined,
      Buffer.from('x'.repeat(700)),
      Buffer.alloc(0),
      mark,
      readFileSync(`${foreign.path}.mark`),
    ]) {
      if (bytes === undefined) rmSync(`${path}.mark`)
      else writeFileSync(`${path}.mark`, bytes)
      const again = await openStation({ path, key: KEY, identity })
      record(again, `more-${records(again).length}`)
      expect(anomalies(again)).toEqual([])
      await again.close()
    }
  })

  it('reads no more of the mark than its two lines, however long somebody made it', async () => {
    const { station, path, identity } = await stationWith(2)
    truncateSync(`${path}.mark`, 4 * 2 ** 30)
    record(station, 'while-open')
    await station.close()
    truncateSync(`${path}.mark`, 4 * 2 ** 30)
    const again = await openStation({ path, key: KEY, identity })
    record(again, 'after')
    expect(anomalies(again)).toEqual([])
    expect((await verifyStation(again)).findings).toEqual([])
    const [{ sequence }] = partsOf(again).file.all<{ sequence: number }>(
      'SELECT max(sequence) AS sequence FROM journal',
    )
    expect(readMark(`${path}.mark`)).toMatchObject({ station: identity.id, sequence })
    await again.close()
  })

  it('survives one of its two lines being torn', async () => {
    const { station, path, identity } = await stationWith(3)
    await station.close()
    const backup = readFileSync(path)
    const later = await openStation({ path, key: KEY, identity })
    record(later, 'a')
    record(later, 'b')
    await later.close()
    for (const half of [0, 256]) {
      const copy = newPath()
      writeFileSync(copy, backup)
      const mark = readFileSync(`${path}.mark`)
      mark.fill(0, half + 20, half + 60)
      writeFileSync(`${copy}.mark`, mark)
      const restored = await openStation({ path: copy, key: KEY, identity })
      expect(anomalies(restored)).toHaveLength(1)
      await restored.close()
    }
  })
})

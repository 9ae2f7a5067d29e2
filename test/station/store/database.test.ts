import { execFileSync, fork } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import {
  addPeer,
  createIdentity,
  exportBundle,
  limits,
  openStation,
  publicIdentity,
  status,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { StationFile } from '../../../dist/station/store/database.js'
import { APPLICATION_ID, MIGRATIONS } from '../../../dist/station/store/schema.js'
import { KEY, newPath, record, stationWith } from '../files.js'

const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

const schemaOf = (path: string) => {
  const database = new Database(path, { readonly: true })
  const rows = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all()
  database.close()
  return rows
}

describe("a station's file", () => {
  it('of every earlier version becomes one of this version, and works', async () => {
    const fresh = newPath()
    new StationFile(fresh, { create: true }).close()
    for (let version = 1; version < MIGRATIONS.length; version++) {
      const path = newPath()
      const database = new Database(path)
      for (const sql of MIGRATIONS.slice(0, version)) database.exec(sql)
      database.pragma(`application_id = ${APPLICATION_ID}`)
      database.pragma(`user_version = ${version}`)
      database.close()
      expect(codeOf(() => new StationFile(path, { create: false, readOnly: true }))).toBe('STATION_VERSION')
      const { station } = await stationWith(2, { path })
      expect(schemaOf(path), `version ${version}`).toEqual(schemaOf(fresh))
      expect(await verifyStation(station)).toMatchObject({ ok: true, findings: [] })
      await station.close()
    }
  })

  it('given out for any older version is told from one, or is as it was where that has the same tables', async () => {
    const hasOtherTables = (version: number) => MIGRATIONS.slice(version).some(sql => /CREATE|ALTER|DROP/.test(sql))
    for (let version = 1; version < MIGRATIONS.length; version++) {
      const { path, station, identity } = await stationWith(1)
      await station.close()
      const database = new Database(path)
      database.pragma(`user_version = ${version}`)
      database.close()
      const opened = openStation({ path, key: KEY, identity })
      if (hasOtherTables(version)) {
        await expect(opened, `version ${version}`).rejects.toMatchObject({ code: 'STATION_ALTERED' })
        continue
      }
      const again = await opened
      expect((await verifyStation(again)).findings).toEqual([])
      await again.close()
    }
  })

  it('of a newer version, of another program, of no version or of no database is left as it is', async () => {
    const identity = await createIdentity('a')
    const files: [string, (path: string) => void][] = [
      ['STATION_VERSION', path => pragma(path, `application_id = ${APPLICATION_ID}`, 'user_version = 9999')],
      ['STATION_FORMAT', path => pragma(path, 'user_version = 1')],
      ['STATION_FORMAT', path => pragma(path, 'application_id = 5')],
      ['STATION_CORRUPT', path => pragma(path, `application_id = ${APPLICATION_ID}`)],
      ['STATION_FORMAT', path => writeFileSync(path, 'x'.repeat(8_192))],
      ['STATION_FORMAT', path => writeFileSync(path, `SQLite format 3\0${'x'.repeat(8_192)}`)],
      ['FILE_UNREADABLE', path => mkdirSync(path)],
    ]
    for (const [code, make] of files) {
      const path = newPath()
      make(path)
      const before = code === 'FILE_UNREADABLE' ? undefined : readFileSync(path)
      await expect(openStation({ path, key: KEY, identity }), code).rejects.toMatchObject({ code })
      if (before !== undefined) expect(readFileSync(path).equals(before), code).toBe(true)
    }
  })

  function pragma(path: string, ...pragmas: string[]): void {
    const database = new Database(path)
    database.exec('CREATE TABLE notes (text TEXT)')
    for (const each of pragmas) database.pragma(each)
    database.close()
  }

  it('keeps all or nothing of a transaction, inside another one too, and tells of commits alone', () => {
    const file = new StationFile(newPath(), { create: true })
    let commits = 0
    file.onCommit(() => commits++)
    const put = (name: string) => file.run('INSERT INTO meta VALUES (?, ?)', name, 'x')
    const names = () => file.all<{ name: string }>('SELECT name FROM meta ORDER BY name').map(({ name }) => name)
    file.transaction(() => {
      put('a')
      expect(() =>
        file.transaction(() => {
          put('b')
          throw new Error('inner')
        }),
      ).toThrow('inner')
      expect(commits).toBe(0)
    })
    expect([names(), commits, file.inTransaction]).toEqual([['a'], 1, false])
    expect(() =>
      file.transaction(() => {
        put('c')
        throw new Error('outer')
      }),
    ).toThrow('outer')
    expect([names(), commits]).toEqual([['a'], 1])
    file.close()
    expect(file.isOpen).toBe(false)
  })

  it('that is full changes nothing, and goes on when there is room', async () => {
    const { station } = await stationWith(1)
    const { file } = partsOf(station)
    file.pragma(`max_page_count = ${(file.pragma('page_count') as number) + 3}`)
    const large = new Uint8Array(100_000)
    expect(codeOf(() => record(station, 'large', { payload: large }))).toBe('STATION_FULL')
    expect(await verifyStation(station)).toMatchObject({ ok: true, counts: { payloads: 1, entries: 3 } })
    record(station, 'small')
    file.pragma('max_page_count = 1000000')
    record(station, 'large', { payload: large })
    expect(await verifyStation(station)).toMatchObject({ ok: true, counts: { payloads: 3, entries: 5 } })
    await station.close()
  })

  it('is written by two processes at a time, each entry once and in order', async () => {
    const { station, path, identity } = await stationWith(0)
    const child = fileURLToPath(new URL('writer.js', import.meta.url))
    const ended = [1, 2].map(
      number =>
        new Promise(resolve => {
          const process = fork(child, [path, JSON.stringify(identity), String(number), '25'], { stdio: 'inherit' })
          process.on('exit', resolve)
        }),
    )
    for (let i = 0; i < 25; i++) {
      record(station, `here-${i}`)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(await Promise.all(ended)).toEqual([0, 0])
    expect(await verifyStation(station)).toMatchObject({ ok: true, findings: [], counts: { entries: 77 } })
    await station.close()
  })

  it('waits for another writer, and says when that takes too long', async () => {
    const { station, path } = await stationWith(0)
    const other = new Database(path)
    other.exec('BEGIN IMMEDIATE')
    partsOf(station).file.pragma('busy_timeout = 50')
    expect(codeOf(() => record(station, 'x'))).toBe('STATION_BUSY')
    other.exec('COMMIT')
    other.close()
    record(station, 'x')
    await station.close()
  })
})

/** A real file system of its own, which takes rights that few have. */
function tinyDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'sidik-tiny-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    rmSync(folder, { recursive: true })
    return undefined
  }
}

describe('a disk that is really full', () => {
  const disk = tinyDisk()

  it.skipIf(disk === undefined)(
    'takes no record more and loses none, and what is small goes on: anomalies, overrides, an export',
    async () => {
      try {
        const identity = await createIdentity('a')
        const path = join(disk!, 'station.db')
        const station = await openStation({ path, key: KEY, identity })
        let recorded = 0
        const fill = () => {
          for (; ; recorded++) record(station, `r-${recorded}`, { payload: new Uint8Array(900_000).fill(recorded) })
        }
        expect(codeOf(fill)).toBe('STATION_FULL')
        expect(recorded).toBeGreaterThan(2)
        expect(status(station).disk.freeBytes).toBeLessThan(18_000_000)
        expect(limits(station).map(({ limit }) => limit)).toContain('disk-free')
        addPeer(station, { ...(await publicIdentity(await createIdentity('hub'))), relation: 'upstream' })
        for (let i = 0; i < 500; i++) {
          append(station, { kind: 'anomaly', direction: 'local', body: { code: 'full', detail: 'small' } })
        }
        const stick = mkdtempSync(join(tmpdir(), 'sidik-stick-'))
        expect((await exportBundle(station, { to: 'hub', folder: stick })).entries).toBeGreaterThanOrEqual(recorded)
        rmSync(stick, { recursive: true })
        expect(await verifyStation(station)).toMatchObject({ ok: true, findings: [], counts: { payloads: recorded } })
        // Another program takes the rest: what was acknowledged stays.
        const rest = openSync(join(disk!, 'other'), 'w')
        expect(
          codeOf(() => {
            for (;;) writeSync(rest, new Uint8Array(4_096))
          }),
        ).toBe('ENOSPC')
        closeSync(rest)
        const small = () =>
          append(station, { kind: 'anomaly', direction: 'local', body: { code: 'full', detail: 'x'.repeat(2_000) } })
        expect(
          codeOf(() => {
            for (let i = 0; i < 5_000; i++) small()
          }),
        ).toBe('STATION_FULL')
        expect(status(station).disk.freeBytes).toBeLessThan(100_000)
        rmSync(join(disk!, 'other'))
        small()
        await station.close()
        const again = await openStation({ path, key: KEY, identity })
        expect(partsOf(again).file.get('SELECT count(*) AS n FROM record')).toEqual({ n: recorded })
        expect(await verifyStation(again)).toMatchObject({ ok: true, findings: [] })
        await again.close()
      } finally {
        execFileSync('umount', ['--lazy', disk!])
        rmSync(disk!, { recursive: true })
      }
    },
  )
})

describe('version 6', () => {
  it('knows from the journal which peer below has sent which payload', () => {
    const database = new Database(':memory:')
    for (const sql of MIGRATIONS.slice(0, 5)) database.exec(sql)
    const [sent, waiting] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
    database.exec(`INSERT INTO peer VALUES ('hub', 'upstream', '', ''), ('kiosk', 'downstream', '', '');
      INSERT INTO vouched VALUES ('beyond', '', '', 'kiosk', 'kiosk', 'downstream')`)
    const entry = database.prepare(
      `INSERT INTO journal
       VALUES (?, 1, ?, 'enrolled', 'up', NULL, zeroblob(1), zeroblob(1), zeroblob(1), zeroblob(1))`,
    )
    const names = database.prepare(`INSERT INTO entry_payload VALUES (?, 1, ?, 'photo', ?, 5)`)
    for (const [i, station] of ['self', 'hub', 'beyond'].entries()) {
      entry.run(station, i + 1)
      names.run(station, 0, sent)
      names.run(station, 1, waiting)
    }
    database.prepare('INSERT INTO payload VALUES (?, 5, zeroblob(5))').run(sent)
    database.exec(MIGRATIONS[5])
    expect(database.prepare('SELECT * FROM provided').all()).toEqual([{ peer: 'kiosk', hash: sent }])
    database.close()
  })
})

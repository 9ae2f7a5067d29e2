import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { createIdentity, openStation, publicIdentity, type StationIdentity } from 'sidik/station'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROJECTED_TABLES } from '../../../dist/station/project/project.js'
import { StationFile } from '../../../dist/station/store/database.js'
import { SEALED_COLUMNS } from '../../../dist/station/store/sealed.js'
import { PageFile } from '../../../dist/station/verify/pages.js'
import { type Verification, verifyStation, verifyStationFile } from '../../../dist/station/verify/verify.js'
import { copyStation, flipBit, KEY, record, stationWith } from '../files.js'

let identity: StationIdentity
let whole: string

beforeAll(async () => {
  const made = await stationWith(9)
  identity = made.identity
  whole = made.path
  await made.station.close()
})

const verifyFile = (path: string) => verifyStationFile(path, { key: KEY, identity })

const codesOf = ({ findings }: Verification) => [...new Set(findings.map(({ code }) => code))].sort()

/** A copy in which somebody who knows SQL was at work. */
function tampered(...statements: string[]): string {
  const path = copyStation(whole)
  const database = new Database(path)
  database.pragma('foreign_keys = OFF')
  for (const sql of statements) {
    expect(database.prepare(sql).run().changes, sql).toBeGreaterThan(0)
  }
  database.close()
  return path
}

/** All that can be read of a file. */
function dump(path: string): string {
  const database = new Database(path, { readonly: true })
  const tables = database.prepare(`SELECT name, sql FROM sqlite_schema ORDER BY name`).all() as {
    name: string
    sql: string
  }[]
  const isTable = ({ sql }: { sql: string | null }) => sql?.startsWith('CREATE TABLE') ?? false
  const rows = tables.filter(isTable).map(({ name }) => database.prepare(`SELECT * FROM ${name}`).raw().all())
  database.close()
  return JSON.stringify([tables, rows])
}

describe('a file that somebody made long', () => {
  it('is looked at in turns, and the signal ends it', async () => {
    const path = copyStation(whole)
    truncateSync(path, 2 ** 31)
    const ending = new AbortController()
    setTimeout(() => ending.abort(new Error('enough')), 20)
    await expect(verifyStationFile(path, { key: KEY, identity, signal: ending.signal })).rejects.toThrow('enough')
  })

  it('is not looked at where that is its log, and says what to do', async () => {
    const path = copyStation(whole)
    writeFileSync(`${path}-wal`, '')
    truncateSync(`${path}-wal`, 3 * 2 ** 30)
    await expect(verifyFile(path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  it('has no more pages than it and its log have, whatever the log says', async () => {
    const path = copyStation(whole)
    const database = new Database(path)
    database.pragma('journal_mode = WAL')
    database.prepare("UPDATE meta SET value = '0' WHERE name = 'projections'").run()
    const copy = copyStation(path)
    const log = readFileSync(`${path}-wal`)
    database.close()
    log.writeUInt32BE(0xffff_fff0, log.length - FRAME_BYTES + 4)
    writeFileSync(`${copy}-wal`, withChecksums(log))
    const pages = new PageFile(copy)
    expect(pages.wal).toMatchObject({ filePages: 0xffff_fff0, damage: undefined })
    expect(pages.pages).toBe(statSync(copy).size / 4_096)
    pages.close()
  })
})

const FRAME_BYTES = 24 + 4_096

/** A log whose checksums are right (sqlite.org/fileformat2.html, 4.2): they have no key. */
function withChecksums(log: Buffer): Buffer {
  let [a, b] = [0, 0]
  const add = (from: number, to: number) => {
    for (let at = from; at < to; at += 8) {
      a = (a + log.readUInt32LE(at) + b) >>> 0
      b = (b + log.readUInt32LE(at + 4) + a) >>> 0
    }
  }
  add(0, 24)
  for (let frame = 32; frame < log.length; frame += FRAME_BYTES) {
    add(frame, frame + 8)
    add(frame + 24, frame + FRAME_BYTES)
    log.writeUInt32BE(a, frame + 16)
    log.writeUInt32BE(b, frame + 20)
  }
  return log
}

describe('a whole station', () => {
  it('is found whole, while it is open and from its file, and is not changed by that', async () => {
    const path = copyStation(whole)
    const before = readFileSync(path)
    const fromFile = await verifyFile(path)
    expect(fromFile).toMatchObject({ ok: true, findings: [], unlisted: 0 })
    expect(fromFile.counts).toMatchObject({
      entries: 11,
      bodies: 11,
      payloads: 9,
      projectedRows: 19,
      entriesWithoutKey: 0,
    })
    expect(readFileSync(path).equals(before)).toBe(true)
    const station = await openStation({ path, key: KEY, identity })
    record(station, 'one-more')
    const open = await verifyStation(station)
    expect(open).toMatchObject({ ok: true, findings: [] })
    expect(open.counts).toMatchObject({ entries: 12, payloads: 10 })
    expect(open.counts.walFrames).toBeGreaterThan(0)
    record(station, 'goes-on')
    await station.close()
  })

  it('is looked at in pauses that others use, can be stopped, and says how far it is', async () => {
    const station = await openStation({ path: copyStation(whole), key: KEY, identity })
    for (let i = 0; i < 300; i++) record(station, `more-${i}`)
    const phases = new Set<string>()
    let recorded = 0
    const writing = setInterval(() => record(station, `meanwhile-${++recorded}`), 1)
    const result = await verifyStation(station, { onProgress: ({ phase }) => phases.add(phase) })
    clearInterval(writing)
    expect(result).toMatchObject({ ok: true, findings: [] })
    expect(result.counts.entries).toBeGreaterThanOrEqual(311)
    expect(recorded).toBeGreaterThan(0)
    expect([...phases]).toEqual(expect.arrayContaining(['pages', 'structure', 'journal', 'payloads', 'tables']))
    const stop = new AbortController()
    const stopped = verifyStation(station, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })
    await expect(stopped).rejects.toThrow('enough')
    await station.close()
    await expect(verifyStation(station)).rejects.toMatchObject({ code: 'STATION_CLOSED' })
  })

  it('has each table among those that follow from the journal, are sealed, or are progress', () => {
    const file = new StationFile(':memory:', { create: true })
    const tables = file.all<{ name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    file.close()
    const covered = [...PROJECTED_TABLES, ...SEALED_COLUMNS].map(({ table }) => table)
    const others = ['meta', 'data_key', 'entry_payload', 'guard', 'guard_node', 'guard_head']
    const progress = [
      'provided',
      'settling',
      'peer_use',
      'heard',
      'acknowledged',
      'due',
      'again',
      'declined',
      'partial',
      'line',
      'noted',
      'wanted',
      'case_review',
    ]
    expect(tables.map(({ name }) => name).sort()).toEqual([...new Set([...covered, ...others, ...progress])].sort())
  })
})

describe('damage is found and located', () => {
  it.each([
    ['an altered header', `UPDATE journal SET header = zeroblob(200) WHERE sequence = 5`, 'entry-header'],
    [
      'another header',
      `UPDATE journal SET header = CAST(replace(CAST(header AS TEXT), 'record-3', 'record-4') AS BLOB) WHERE sequence = 5`,
      'entry-hash',
    ],
    ['an altered hash', `UPDATE journal SET hash = zeroblob(32) WHERE sequence = 5`, 'entry-hash'],
    ['an altered signature', `UPDATE journal SET signature = zeroblob(64) WHERE sequence = 5`, 'entry-signature'],
    ['another kind', `UPDATE journal SET kind = 'corrected' WHERE sequence = 5`, 'entry-columns'],
    ['another direction', `UPDATE journal SET direction = 'local' WHERE sequence = 5`, 'entry-columns'],
    ['another record', `UPDATE journal SET record = NULL WHERE sequence = 5`, 'entry-columns'],
    ['no body', `UPDATE journal SET body = NULL WHERE sequence = 5`, 'entry-body'],
    [
      "another entry's body",
      `UPDATE journal SET body = (SELECT body FROM journal WHERE sequence = 6) WHERE sequence = 5`,
      'entry-body',
    ],
    ['an entry that is missing', `DELETE FROM journal WHERE sequence = 5`, 'entry-chain'],
    ['an entry that took effect later', `UPDATE journal SET applied = 500 WHERE sequence = 5`, 'entry-order'],
    ['an entry that has not taken effect', `UPDATE journal SET applied = NULL WHERE sequence = 5`, 'entry-order'],
    ['a payload by another name', `UPDATE entry_payload SET role = 'photo' WHERE sequence = 5`, 'entry-payloads'],
    [
      'a payload listed for nothing',
      `INSERT INTO entry_payload VALUES ('x', 1, 0, 'photo', zeroblob(32), 5)`,
      'entry-payloads',
    ],
    ['a payload that is missing', `DELETE FROM payload WHERE rowid = 3`, 'payload-missing'],
    [
      'a payload of nobody',
      `INSERT INTO payload SELECT zeroblob(32), size, sealed FROM payload LIMIT 1`,
      'payload-unaccounted',
    ],
    [
      'payloads that were swapped',
      `UPDATE payload SET sealed = (SELECT sealed FROM payload WHERE rowid = 4) WHERE rowid = 3`,
      'payload-damaged',
    ],
    ['a payload of another size', `UPDATE payload SET size = size + 1 WHERE rowid = 3`, 'payload-damaged'],
    [
      'a state that does not follow',
      `UPDATE record SET transport_state = 'synchronised' WHERE id = 'record-3'`,
      'table-differs',
    ],
    ['a record too few', `DELETE FROM record WHERE id = 'record-3'`, 'table-differs'],
    [
      'a record too many',
      `INSERT INTO record SELECT 'x', station, version, 999, nik_tag, client_state, transport_state, centre_state, pre_check, payload_bytes, recorded_at, changed_at FROM record LIMIT 1`,
      'table-differs',
    ],
    [
      'templates of somebody else',
      `UPDATE gallery_entry SET templates = zeroblob(32) WHERE record = 'record-3'`,
      'table-differs',
    ],
    ['a key of the peer that it never had', `UPDATE peer SET verify_key = 'x'`, 'table-differs'],
    [
      'a receipt that nobody gave',
      `INSERT INTO receipt VALUES ('3276-01', 5, 'centre', zeroblob(32), 'x', zeroblob(64), 1)`,
      'receipt-signature',
    ],
    ['a draft that does not open', `INSERT INTO draft VALUES ('d', 'x', 'x', zeroblob(99))`, 'draft-damaged'],
    ['a data key that does not open', `UPDATE data_key SET sealed = zeroblob(60) WHERE number = 1`, 'key-damaged'],
    ["another station's name", `UPDATE meta SET value = 'x' WHERE name = 'station'`, 'row-wrong'],
  ])('%s', async (_, sql, code) => {
    const result = await verifyFile(tampered(sql))
    expect(result.ok).toBe(false)
    expect(codesOf(result)).toContain(code)
    const { where, message } = result.findings.find(finding => finding.code === code)!
    expect(where.table).toBeDefined()
    expect(message.length).toBeGreaterThan(10)
    if (sql.includes('sequence = 5')) expect([5, 6]).toContain(where.sequence)
    expect(JSON.stringify(result)).not.toMatch(/Siti|3276010101900001|operator-7/)
  })

  it('an index that is missing, and a table that is not ours', async () => {
    const path = copyStation(whole)
    const database = new Database(path)
    database.exec('DROP INDEX record_nik; CREATE TABLE notes (text TEXT)')
    database.close()
    const result = await verifyFile(path)
    expect(codesOf(result)).toEqual(['schema'])
    expect(result.findings.map(({ message }) => message.split(' ')[0]).sort()).toEqual(['notes', 'record_nik'])
  })

  it('a file that is cut short, empty, or of something else', async () => {
    const cut = copyStation(whole)
    writeFileSync(cut, readFileSync(cut).subarray(0, 100_000))
    expect((await verifyFile(cut)).ok).toBe(false)
    for (const bytes of [Buffer.alloc(0), Buffer.from('x'.repeat(10_000)), readFileSync(whole).subarray(0, 50)]) {
      writeFileSync(cut, bytes)
      rmSync(`${cut}.mark`, { force: true })
      const result = await verifyFile(cut)
      expect(result.ok).toBe(false)
      expect(codesOf(result)).toContain('file-header')
    }
    await expect(verifyFile(`${cut}.none`)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  it('a journal that is shorter than what was acknowledged', async () => {
    const old = copyStation(whole)
    const station = await openStation({ path: old, key: KEY, identity })
    const backup = copyStation(whole)
    record(station, 'after-the-backup')
    await station.close()
    writeFileSync(`${backup}.mark`, readFileSync(`${old}.mark`))
    const result = await verifyFile(backup)
    expect(result.findings).toMatchObject([{ code: 'rolled-back', where: { table: 'journal', station: '3276-01' } }])
    writeFileSync(`${backup}.mark`, 'nothing')
    expect(codesOf(await verifyFile(backup))).toEqual(['mark-unreadable'])
  })

  it("another host's key is an error, not damage; another identity is found in every signature", async () => {
    const wrong = verifyStationFile(whole, { key: new Uint8Array(32), identity })
    await expect(wrong).rejects.toMatchObject({ code: 'STATION_KEY' })
    const other = await createIdentity(identity.id)
    const result = await verifyStationFile(whole, { key: KEY, identity: other })
    expect(codesOf(result)).toEqual(['entry-signature'])
    expect(result.findings.length).toBe(11)
  })

  it('what a pinned key did not sign', async () => {
    const { station, path, identity: made } = await stationWith(1)
    await station.close()
    const known = await publicIdentity(identity)
    const result = await verifyStationFile(path, { key: KEY, identity: made, peers: [known] })
    expect(result.ok).toBe(true)
  })
})

describe('a flipped bit', () => {
  const FLIPS = 40

  it(`is found and located, or changes nothing that can be read (${FLIPS} of all bits)`, async () => {
    const size = statSync(whole).size
    const readable = dump(whole)
    let unread = 0
    for (let i = 0; i < FLIPS; i++) {
      // Every page in turn, most of them almost empty: the file's first byte is always read.
      const within = i === 0 ? 0 : Math.floor(Math.random() * 4_096)
      const [at, bit] = [((i * 4_096) % size) + within, Math.floor(Math.random() * 8)]
      const path = copyStation(whole)
      flipBit(path, at, bit)
      const result = await verifyFile(path)
      const place = `bit ${bit} of byte ${at}`
      if (result.findings.length === 0) {
        unread++
        expect(dump(path), place).toBe(readable)
      } else {
        expect(
          result.findings.some(({ where }) => where.table ?? where.page ?? where.file),
          place,
        ).toBeTruthy()
      }
    }
    expect(unread).toBeLessThan(FLIPS)
  })

  it('anywhere in the contents of a payload, of a header, a body or a signature is found', async () => {
    const bytes = readFileSync(whole)
    const database = new Database(whole, { readonly: true })
    const cells = database
      .prepare('SELECT header, signature, body FROM journal WHERE sequence = 5')
      .raw()
      .get() as Buffer[]
    const payload = database.prepare('SELECT sealed FROM payload WHERE rowid = 2').raw().get() as Buffer[]
    database.close()
    for (const cell of [...cells, ...payload]) {
      const start = bytes.indexOf(cell.subarray(0, 60))
      expect(start).toBeGreaterThan(0)
      for (const at of [5, 59]) {
        const path = copyStation(whole)
        flipBit(path, start + at, at % 8)
        expect((await verifyFile(path)).ok, `byte ${at}`).toBe(false)
      }
    }
  })
})

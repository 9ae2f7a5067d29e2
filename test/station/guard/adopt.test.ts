import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { openStation, peers, printJobs, records, type Station, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { newestNoted } from '../../../dist/station/health/noted.js'
import { partsOf } from '../../../dist/station/station.js'
import { copyStation, KEY, newPath, record, stationWith } from '../files.ts'
import { attackersKeys, codeOf, edit } from './support.ts'

const FIXTURES = fileURLToPath(new URL('../../../fixtures/stations/', import.meta.url))

/** A file that version 5 wrote. */
function oldFile(): string {
  const path = newPath()
  copyFileSync(join(FIXTURES, 'v5', 'station.db'), path)
  return path
}

async function opened(path: string): Promise<Station> {
  const identity = JSON.parse(readFileSync(join(FIXTURES, 'v5', 'identity.json'), 'utf8'))
  const key = Buffer.from(readFileSync(join(FIXTURES, 'v5', 'key.hex'), 'utf8').trim(), 'hex')
  return openStation({ path, key, identity, existing: true })
}

/** The file as a version before would have it: without what guards it. */
const DISGUISE = [
  'DROP TABLE guard',
  'DROP TABLE guard_node',
  'DROP TABLE guard_head',
  'ALTER TABLE journal DROP COLUMN mac',
  'DROP INDEX journal_trust',
  ...[
    'revoked',
    'provided',
    'settling',
    'peer_use',
    'peer_quota',
    'identity_case',
    'to_look_at',
    'case_review',
    'own_centre',
    'check_due',
    'recheck_rest',
    'record_check',
    'card_of_nik',
  ].map(table => `DROP TABLE ${table}`),
  ...['journal_held_record', 'journal_held_kind', 'due_entry', 'due_ready', 'print_job_away'].map(
    index => `DROP INDEX ${index}`,
  ),
  "ALTER TABLE heard ADD COLUMN hash BLOB NOT NULL DEFAULT x''",
  'ALTER TABLE acknowledged DROP COLUMN sent',
  'ALTER TABLE due DROP COLUMN ready',
  'ALTER TABLE peer DROP COLUMN vouches',
  'ALTER TABLE vouched DROP COLUMN vouches',
  ...['leg', 'shipment', 'sent_to'].map(column => `ALTER TABLE print_job DROP COLUMN ${column}`),
  `CREATE UNIQUE INDEX peer_upstream ON peer (relation) WHERE relation = 'upstream'`,
]

function disguise(path: string): void {
  edit(path, ...DISGUISE)
  const database = new Database(path)
  database.pragma('user_version = 5')
  database.close()
}

describe('a file of an older version', () => {
  it('is believed by what its stations signed, and not by its tables', async () => {
    const { sealTo } = await attackersKeys()
    const path = oldFile()
    const whole = await opened(oldFile())
    edit(
      path,
      `UPDATE peer SET seal_to = '${sealTo}'`,
      `UPDATE record SET centre_state = 'PRINT_READY_RECORD' WHERE centre_state IS NULL`,
      `DELETE FROM print_job`,
    )
    const station = await opened(path)
    expect(peers(station)).toEqual(peers(whole))
    expect(printJobs(station)).toEqual(printJobs(whole))
    expect(records(station)).toEqual(records(whole))
    expect(await verifyStation(station)).toMatchObject({ ok: true })
    await Promise.all([station.close(), whole.close()])
  })

  it.each([
    [
      'an entry that says another thing',
      `UPDATE journal SET header = CAST(replace(CAST(header AS TEXT), 'record-1', 'record-3') AS BLOB)
       WHERE kind = 'decision'`,
    ],
    ['an entry of another kind than its header says', `UPDATE journal SET kind = 'x' WHERE kind = 'decision'`],
    [
      'an entry about another record than its header says',
      `UPDATE journal SET record = 'record-3' WHERE kind = 'decision'`,
    ],
  ])('gives no effect to %s, and says so', async (_, sql) => {
    const path = oldFile()
    edit(path, sql)
    const station = await opened(path)
    const states = Object.fromEntries(records(station).records.map(({ id, centreState }) => [id, centreState]))
    expect([states['record-1'], states['record-3']]).toEqual([undefined, undefined])
    expect(newestNoted(partsOf(station), 'anomaly', 1)[0].body.code).toBe('entries-unproven')
    expect((await verifyStation(station)).findings.map(({ code }) => code)).toContain('entry-mac')
    await station.close()
  })

  it('is believed once: a file that is guarded is not taken for one', async () => {
    const { station, path, identity } = await stationWith(3)
    await station.close()
    disguise(path)
    expect(await codeOf(() => openStation({ path, key: KEY, identity }))).toBe('STATION_ALTERED')
  })

  it('does not give its keys to what was written since', async () => {
    const path = oldFile()
    const old = new Database(path, { readonly: true })
    const rows = old.prepare('SELECT number, purpose, sealed FROM data_key').raw().all() as unknown[][]
    old.close()
    const station = await opened(path)
    record(station, 'since')
    await station.close()
    disguise(path)
    const database = new Database(path)
    database.exec('DELETE FROM data_key')
    for (const row of rows) database.prepare('INSERT INTO data_key VALUES (?, ?, ?)').run(...row)
    database.close()
    // Its body is sealed under a key that the old file did not have: nothing that the tables say is believed.
    expect(await codeOf(() => opened(path))).toBe('STATION_CORRUPT')
  })

  it('is not what a guarded file with the seals of its old keys is, beside the new one', async () => {
    const path = oldFile()
    const old = new Database(path, { readonly: true })
    const rows = old.prepare('SELECT sealed, number FROM data_key').raw().all() as unknown[][]
    old.close()
    await (await opened(path)).close()
    const database = new Database(path)
    for (const row of rows) database.prepare('UPDATE data_key SET sealed = ? WHERE number = ?').run(...row)
    database.close()
    edit(path, 'DELETE FROM guard_head', `UPDATE record SET centre_state = 'PRINT_READY_RECORD'`)
    expect(await codeOf(() => opened(path))).toBe('STATION_ALTERED')
  })
})

it('a guarded file whose guard was taken out is not opened, and found by verifyStation while it is open', async () => {
  const { station, path, identity } = await stationWith(3)
  const copy = copyStation(path)
  edit(copy, 'DELETE FROM guard_head')
  expect(await codeOf(() => openStation({ path: copy, key: KEY, identity }))).toBe('STATION_ALTERED')
  edit(path, 'DELETE FROM guard')
  expect((await verifyStation(station)).findings.map(({ code }) => code)).toContain('guard-record')
  await station.close()
})

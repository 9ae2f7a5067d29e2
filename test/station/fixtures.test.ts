import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  adjudications,
  cardRequests,
  consumables,
  discrepancies,
  drafts,
  letters,
  openStation,
  peers,
  planPrinting,
  printJobs,
  publicIdentity,
  recordOf,
  records,
  revokedStations,
  type Station,
  type StationIdentity,
  stock,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../dist/station/station.js'
import { StationFile } from '../../dist/station/store/database.js'
import { getPayload } from '../../dist/station/store/payloads.js'
import { newPath } from './files.js'
import { codeOf, edit } from './guard/support.ts'

/** Stations that released versions wrote (bench/station-fixture.js), opened by this one for ever. */
const FIXTURES = fileURLToPath(new URL('../../fixtures/stations/', import.meta.url))

const versions = readdirSync(FIXTURES).filter(name => /^v\d+$/.test(name))

function copied(name: string): string {
  const path = newPath()
  copyFileSync(join(FIXTURES, name, 'station.db'), path)
  return path
}

async function opened(name: string, path = copied(name)): Promise<Station> {
  const identity = JSON.parse(readFileSync(join(FIXTURES, name, 'identity.json'), 'utf8')) as StationIdentity
  const key = Buffer.from(readFileSync(join(FIXTURES, name, 'key.hex'), 'utf8').trim(), 'hex')
  return openStation({ path, key, identity, existing: true })
}

/** What the fixtures from version 4 on hold of cards and stock. */
function expectPrinted(station: Station): void {
  const accounts = Object.fromEntries(stock(station).map(({ lot, accounts }) => [lot, accounts]))
  expect(accounts).toEqual({
    'blanks-1': { received: -499, available: 496, reserved: 1, printed: 1, spoiled: 1 },
    'ribbons-1': { received: -3, available: 2, installed: 1 },
  })
  expect(printJobs(station).map(({ state, serial }) => [state, serial])).toEqual([
    ['printed', 'AB000001'],
    ['uncertain', 'AB000002'],
  ])
  expect(consumables(station)).toMatchObject([{ printer: 'printer-1', lot: 'ribbons-1', cards: 1, left: 499 }])
  expect([...discrepancies(station)].map(({ code }) => code)).toEqual(['shipment-differs'])
}

describe('stations of released versions', () => {
  it('are there', () => {
    expect(versions.length).toBeGreaterThan(0)
  })

  it.each(versions)('%s is opened, read, found whole, and gone on with', async version => {
    const station = await opened(version)
    expect(peers(station)).toMatchObject([{ id: 'hub', relation: 'upstream' }])
    const states = records(station).records.map(({ id, version, transportState }) => [id, version, transportState])
    expect(states.sort()).toEqual([
      ['record-1', 1, 'synchronised'],
      ['record-2', 2, 'waiting'],
      ['record-3', 1, 'waiting'],
    ])
    expect(drafts(station)).toHaveLength(1)
    const { file, keys } = partsOf(station)
    const { payloads } = recordOf(station, 'record-1')!
    const { hash } = payloads.find(({ role }) => role === 'photo') ?? payloads[0]
    expect(getPayload(file, keys, Buffer.from(hash, 'hex'))?.toString()).toBe('templates of record 1')
    if (Number(version.slice(1)) >= 4) expectPrinted(station)
    if (Number(version.slice(1)) >= 5) {
      const [{ job }] = printJobs(station, { record: 'record-1' })
      expect(cardRequests(station, { state: 'waiting' })).toMatchObject([{ record: 'record-1', replaces: [job] }])
      expect(letters(station)).toHaveLength(2)
      expect(letters(station, { state: 'revoked' })).toMatchObject([{ record: 'record-1' }])
    }
    expect(await verifyStation(station)).toMatchObject({ ok: true, findings: [], counts: { receipts: 2, drafts: 1 } })
    await station.close()
  })

  it('v4 keeps its word on replacements by times and letters, and learns what newer stations named', async () => {
    const station = await opened('v4-replacements')
    const jobOf = (record: string) => printJobs(station, { record })[0].job
    const replacement = (record: string) => cardRequests(station, { record }).at(-1)
    expect(replacement('record-1')).not.toHaveProperty('replaces')
    expect(replacement('record-2')?.replaces).toEqual([jobOf('record-2')])
    expect(replacement('record-3')?.replaces).toEqual([])
    // Those wait for a card of their own, and the second of the third person is on record.
    expect(planPrinting(station).prints.map(({ record }) => record)).toEqual(['record-4', 'record-1', 'record-2'])
    expect(discrepancies(station)).toMatchObject([{ code: 'printed-twice', detail: { what: 'person' } }])
    // The first is an old one, the second names no card though there is one, the card beside the third was spoiled.
    const isRevoked = letters(station).map(({ record, state }) => [record, state === 'revoked'])
    expect(Object.fromEntries(isRevoked)).toEqual({ 'record-1': false, 'record-2': true, 'record-4': false })
    expect((await verifyStation(station)).findings).toEqual([])
    await station.close()
  })

  it('v5 gives a key back that one kiosk had taken over from another', async () => {
    const station = await opened('v5-vouched')
    const victim = JSON.parse(readFileSync(join(FIXTURES, 'v5-vouched', 'victim.json'), 'utf8')) as StationIdentity
    const { verifyKey, sealTo } = await publicIdentity(victim)
    const known = partsOf(station).file.all(
      'SELECT station, voucher, verify_key, seal_to FROM vouched ORDER BY station',
    )
    expect(known).toMatchObject([
      { station: 'kiosk-1', voucher: 'hub', verify_key: verifyKey, seal_to: sealTo },
      { station: 'kiosk-2', voucher: 'hub' },
    ])
    expect((await verifyStation(station)).findings).toEqual([])
    await station.close()
  })

  it('v6 keeps who vouched for whom, and who was revoked', async () => {
    const station = await opened('v6-vouched')
    const known = partsOf(station).file.all('SELECT station, voucher FROM vouched ORDER BY station')
    expect(known).toEqual([
      { station: 'kiosk-1', voucher: 'hub' },
      { station: 'kiosk-2', voucher: 'hub' },
    ])
    expect(revokedStations(station)).toMatchObject([{ station: 'kiosk-2', by: 'centre' }])
    expect((await verifyStation(station)).findings).toEqual([])
    await station.close()
  })

  it('v6 keeps which records may be one person, and what was settled', async () => {
    const station = await opened('v6-cases')
    expect(adjudications(station)).toMatchObject([
      { kind: 'nik', record: 'record-kiosk-1-1', other: 'record-kiosk-2-1', otherStation: 'kiosk-2' },
    ])
    const closed = 'SELECT record, other, closing FROM identity_case WHERE closed_at IS NOT NULL ORDER BY record'
    expect(partsOf(station).file.all(closed)).toEqual([
      { record: 'record-kiosk-1-2', other: 'record-kiosk-2-2', closing: 'decided' },
      { record: 'record-kiosk-2-2', other: 'record-kiosk-1-2', closing: 'decided' },
    ])
    expect((await verifyStation(station)).findings).toEqual([])
    await station.close()
  })

  it.each(['v7', 'v8', 'v9', 'v10', 'v11', 'v12', 'v13'])(
    '%s keeps whose fingers are alike, what was compared and what was not',
    async version => {
      const station = await opened(`${version}-cases`)
      expect(adjudications(station)).toMatchObject([
        { kind: 'nik', record: 'record-kiosk-1-1', other: 'record-kiosk-2-1' },
        { kind: 'fingers', record: 'record-kiosk-1-3', other: 'record-kiosk-2-3', otherStation: 'kiosk-2' },
      ])
      const checks = records(station).records.map(({ id, check }) => [id, check])
      expect(Object.fromEntries(checks)).toEqual({
        ...Object.fromEntries([1, 2].flatMap(person => [1, 2].map(k => [`record-kiosk-${k}-${person}`, 'not-run']))),
        'record-kiosk-1-3': 'clear',
        'record-kiosk-2-3': 'duplicate',
        'record-kiosk-2-4': 'unchecked',
      })
      expect(recordOf(station, 'record-kiosk-2-3')!.checks).toMatchObject([{ station: 'hub', persons: 1 }])
      expect((await verifyStation(station)).findings).toEqual([])
      await station.close()
    },
  )

  it('v11 keeps of which cards it told the station of another record of their NIK', async () => {
    const station = await opened('v11-cases')
    const told = partsOf(station).file.all('SELECT record, job, word_of, fell FROM card_of_nik')
    expect(told).toEqual([{ record: 'record-kiosk-1-2', job: 'job-1', word_of: 'hub', fell: 1 }])
    await station.close()
  })

  it('v6 has its records compared once more, which it did not know of', async () => {
    const station = await opened('v6-cases')
    expect(records(station).records.map(({ check }) => check)).toEqual(Array(4).fill('unchecked'))
    expect((await verifyStation(station)).findings).toEqual([])
    await station.close()
  })

  it.each(['v6', 'v7'])(
    '%s has a clearance taken back that was said of an earlier version of a record',
    async version => {
      const path = copied(version)
      const state = () => {
        const file = new StationFile(path, { create: false })
        const row = file.get<{ centre_state: string | null }>(`SELECT centre_state FROM record WHERE id = 'record-2'`)
        file.close()
        return row!.centre_state
      }
      expect(state()).toBe('PRINT_READY_RECORD')
      const station = await opened(version, path)
      expect(recordOf(station, 'record-2')).toMatchObject({ version: 2 })
      expect(recordOf(station, 'record-2')!.centreState).toBeUndefined()
      await station.close()
    },
  )

  it('v7 opens all the same where an entry is damaged, and keeps what its tables say', async () => {
    const path = copied('v7')
    edit(path, `UPDATE journal SET body = zeroblob(length(body)) WHERE record = 'record-3' AND kind = 'enrolled'`)
    const station = await opened('v7', path)
    expect(records(station).records).toHaveLength(3)
    expect((await verifyStation(station)).findings.map(({ code }) => code)).toContain('entry-body')
    await station.close()
  })

  it('v4 does not open where a request is damaged: nothing proves what its tables say', async () => {
    const path = copied('v4-replacements')
    const file = new StationFile(path, { create: false })
    file.run(`UPDATE journal SET body = zeroblob(length(body)) WHERE record = 'record-1' AND kind = 'card-requested'`)
    file.close()
    expect(await codeOf(() => opened('v4-replacements', path))).toBe('STATION_CORRUPT')
  })
})

import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  consumables,
  discrepancies,
  drafts,
  openStation,
  peers,
  printJobs,
  recordOf,
  records,
  type Station,
  type StationIdentity,
  stock,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../dist/station/station.js'
import { getPayload } from '../../dist/station/store/payloads.js'
import { newPath } from './files.js'

/** Stations that released versions wrote (bench/station-fixture.js), opened by this one for ever. */
const FIXTURES = fileURLToPath(new URL('../../fixtures/stations/', import.meta.url))

const versions = readdirSync(FIXTURES)

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
    const path = newPath()
    copyFileSync(join(FIXTURES, version, 'station.db'), path)
    const identity = JSON.parse(readFileSync(join(FIXTURES, version, 'identity.json'), 'utf8')) as StationIdentity
    const key = Buffer.from(readFileSync(join(FIXTURES, version, 'key.hex'), 'utf8').trim(), 'hex')
    const station = await openStation({ path, key, identity, existing: true })
    expect(peers(station)).toMatchObject([{ id: 'hub', relation: 'upstream' }])
    const states = records(station).records.map(({ id, version, transportState }) => [id, version, transportState])
    expect(states.sort()).toEqual([
      ['record-1', 1, 'synchronised'],
      ['record-2', 2, 'waiting'],
      ['record-3', 1, 'waiting'],
    ])
    expect(drafts(station)).toHaveLength(1)
    const { file, keys } = partsOf(station)
    const [{ hash }] = recordOf(station, 'record-1')!.payloads
    expect(getPayload(file, keys, Buffer.from(hash, 'hex'))?.toString()).toBe('templates of record 1')
    if (Number(version.slice(1)) >= 4) expectPrinted(station)
    expect(await verifyStation(station)).toMatchObject({ ok: true, findings: [], counts: { receipts: 2, drafts: 1 } })
    await station.close()
  })
})

/** Violations planted in real files: that they are seen there, and not only in facts that a test has made up. */
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createEngine } from 'sidik'
import {
  addPeer,
  checkRecords,
  createIdentity,
  decide,
  enrol,
  hostTransport,
  openStation,
  publicIdentity,
  receive,
  recordsByNik,
  type Station,
  sync,
} from 'sidik/station'
import { beforeAll, describe, expect, it } from 'vitest'
import { collectFacts, Signatures } from '../../dist/simulate/collect.js'
import type { Acknowledged, OutageFacts, SamePersonFact } from '../../dist/simulate/facts.js'
import { checkInvariants } from '../../dist/simulate/invariants.js'
import { nikOf, simulatedPerson } from '../../dist/simulate/person.js'
import { samePersonFacts } from '../../dist/simulate/same-person.js'
import { temporaryFolder } from '../cli/run.js'
import { guardAnew } from '../station/guard/support.ts'

/** The last is the first once more. */
const PERSONS = [0, 1, 2, 3, 4]
const PAIR = [0, 4] as const
const SEED = 7

const sound = temporaryFolder()
const acknowledged: Acknowledged[] = []
const secrets = { hub: await createIdentity('hub'), kiosk: await createIdentity('kiosk-1') }
let samePerson: SamePersonFact[]
const identities = await Promise.all(Object.values(secrets).map(publicIdentity))
const key = randomBytes(32)
const settingIn = (folder: string, who: 'hub' | 'kiosk') => ({
  path: join(folder, `${who}.sqlite`),
  key,
  identity: secrets[who],
  peers: [],
  seed: SEED,
  sameNik: [],
  samePerson: [],
  isChecking: false,
})

beforeAll(async () => {
  const engine = await createEngine({ threads: 1 })
  const hub = await openStation({ ...settingsOf('hub'), engine, check: { background: false } })
  const kiosk = await openStation(settingsOf('kiosk'))
  addPeer(hub, { ...identities[1], relation: 'downstream' })
  addPeer(kiosk, { ...identities[0], relation: 'upstream' })
  for (const person of PERSONS) {
    await enrol(kiosk, simulatedPerson(SEED, person, person === PAIR[1] ? { recordedAs: PAIR[0] } : {}))
    acknowledge(kiosk, 'kiosk', person)
  }
  const line = hostTransport('here', message => receive(hub, message))
  await sync(kiosk, line)
  await checkRecords(hub)
  const [first] = recordsByNik(hub, nikOf(SEED, 0))
  decide(hub, first.id, { state: 'PRINT_READY_RECORD', by: 'test' })
  acknowledge(hub, 'hub', 0, 'PRINT_READY_RECORD')
  await sync(kiosk, line)
  await Promise.all([hub.close(), kiosk.close()])
  samePerson = await samePersonFacts({ seed: SEED, samePerson: [PAIR] }, PERSONS.length)
  await engine.close()
})

function settingsOf(who: 'hub' | 'kiosk') {
  const { path, identity } = settingIn(sound, who)
  return { path, key, identity }
}

function acknowledge(station: Station, who: 'hub' | 'kiosk', person: number, state?: string): void {
  const [{ id: record }] = recordsByNik(station, nikOf(SEED, person))
  const file = new Database(settingIn(sound, who).path, { readonly: true })
  const sql = 'SELECT kind, hash FROM journal WHERE record = ? AND station = ? ORDER BY sequence DESC'
  const { kind, hash } = file.prepare(sql).get(record, station.id) as { kind: string; hash: Buffer }
  file.close()
  acknowledged.push({ station: station.id, kind, record, person, hash: hash.toString('hex'), ...(state && { state }) })
}

/** What is broken in a copy of the files that `alter` had in its hands. */
async function brokenAfter(alter: (hub: Database.Database, kiosk: Database.Database) => void): Promise<string[]> {
  const folder = join(temporary, String(++copies))
  mkdirSync(folder)
  cpSync(sound, folder, { recursive: true })
  const [hub, kiosk] = (['hub', 'kiosk'] as const).map(who => new Database(settingIn(folder, who).path))
  for (const file of [hub, kiosk]) file.pragma('foreign_keys = OFF')
  alter(hub, kiosk)
  for (const file of [hub, kiosk]) file.close()
  for (const who of ['hub', 'kiosk'] as const) guardAnew(settingIn(folder, who))
  const signatures = new Signatures(identities)
  const [hubFacts, kioskFacts] = [
    await collectFacts(settingIn(folder, 'hub'), signatures, 'hub'),
    await collectFacts(settingIn(folder, 'kiosk'), signatures, 'hub'),
  ]
  const facts: OutageFacts = {
    acknowledged,
    hub: hubFacts,
    kiosks: [kioskFacts],
    daily: { looked: 1, premature: [] },
    clone: { ...kioskFacts, refused: [] },
    planted: new Set(),
    sameNik: [],
    samePerson,
    searchedBytes: 1,
    leaks: [],
    asked: 1,
    failures: [],
  }
  // No disk was cloned here, and one kiosk is no two.
  const asked = checkInvariants(facts).filter(({ name }) => !['refusals-planted', 'same-nik-found'].includes(name))
  return asked.filter(({ holds }) => !holds).map(({ name }) => name)
}

const temporary = temporaryFolder()
let copies = 0

const LAST = `FROM journal WHERE station = 'kiosk-1' AND kind = 'enrolled'`

describe('files', () => {
  it('in which nothing was altered hold', async () => {
    expect(await brokenAfter(() => {})).toEqual([])
  })

  it.each<[string, string[], (hub: Database.Database, kiosk: Database.Database) => void]>([
    [
      'a record that the hub dropped',
      ['acknowledged-arrived', 'exactly-once', 'one-record-a-person', 'in-order', 'verified'],
      hub => {
        hub.exec(`DELETE FROM record WHERE sequence = (SELECT min(sequence) ${LAST});
          DELETE ${LAST} AND sequence = (SELECT min(sequence) ${LAST})`)
      },
    ],
    [
      'a record that the kiosk dropped after it was acknowledged',
      ['acknowledged-kept', 'in-order', 'verified'],
      (_, kiosk) => kiosk.exec(`DELETE ${LAST} AND sequence = (SELECT min(sequence) ${LAST})`),
    ],
    [
      'a receipt that somebody else signed',
      ['receipts-valid', 'verified'],
      (_, kiosk) => kiosk.exec('UPDATE receipt SET signature = randomblob(64)'),
    ],
    ['a mark without a receipt', ['receipts-valid', 'verified'], (_, kiosk) => kiosk.exec('DELETE FROM receipt')],
    [
      'two entries that changed places',
      ['in-order', 'verified'],
      hub => {
        const [first, second] = hub.prepare(`SELECT sequence ${LAST} ORDER BY sequence`).pluck().all() as number[]
        const move = hub.prepare(`UPDATE journal SET sequence = ? WHERE station = 'kiosk-1' AND sequence = ?`)
        for (const [to, from] of [
          [9_999, first],
          [first, second],
          [second, 9_999],
        ]) {
          move.run(to, from)
        }
      },
    ],
    [
      'a payload that is not there',
      ['payloads-whole', 'verified'],
      hub => hub.exec('DELETE FROM payload WHERE hash = (SELECT min(hash) FROM payload)'),
    ],
    [
      'a record that is there twice',
      ['one-record-a-person', 'verified'],
      hub =>
        hub.exec(`CREATE TEMP TABLE copied AS SELECT * FROM record LIMIT 1; UPDATE copied SET id = 'second';
        INSERT INTO record SELECT * FROM copied`),
    ],
    [
      'a decision that was taken away',
      ['decisions-arrived', 'verified'],
      (_, kiosk) => kiosk.exec(`UPDATE record SET centre_state = NULL`),
    ],
    [
      'a person who is not in the gallery',
      ['galleries-alike', 'verified'],
      (_, kiosk) => kiosk.exec('UPDATE gallery_entry SET templates = NULL'),
    ],
    [
      'a person recorded twice of whom nobody knows at the hub',
      ['same-person-found', 'verified'],
      hub => hub.exec('DELETE FROM identity_case'),
    ],
    [
      'a case that was closed though nobody has decided',
      ['same-person-found', 'verified'],
      (_, kiosk) => kiosk.exec(`UPDATE identity_case SET closed_at = opened_at, closing = 'decided'`),
    ],
    [
      'a person who is still to be compared with all others',
      ['nothing-unchecked', 'verified'],
      hub => hub.exec('INSERT INTO check_due SELECT id, station, 1, NULL FROM record LIMIT 1'),
    ],
    [
      'a comparison with other fingers',
      ['nothing-unchecked', 'verified'],
      hub => hub.exec('UPDATE record_check SET templates = randomblob(32)'),
    ],
    [
      'a signature that is none',
      ['all-signed', 'verified'],
      hub => hub.exec(`UPDATE journal SET signature = randomblob(64) WHERE station = 'kiosk-1' AND kind = 'enrolled'`),
    ],
  ])('show %s', async (_, seenBy, alter) => {
    expect(await brokenAfter(alter)).toEqual(expect.arrayContaining(seenBy))
  })
})

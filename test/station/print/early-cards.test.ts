/** Cards of a record that come before the record does, of stations that may print for it and of one that may not. */
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { addPeer, createIdentity, publicIdentity, type Station, verifyStation, verifyStationFile } from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import type { SignedEntry } from '../../../dist/station/journal/entry.js'
import { takeEntry } from '../../../dist/station/journal/insert.js'
import { bodyBytesOf, entriesFrom, signedEntryOf } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { copyStation, KEY, newPath, record } from '../files.ts'
import { anyStation, BY, expectLaws } from './support.ts'

vi.setConfig({ testTimeout: 120_000 })

const RECORD = 'record-1'
const AT = '2026-01-02T03:04:05.678Z'

interface Heard {
  readonly entry: SignedEntry
  readonly body: Uint8Array | undefined
}

function says(station: Station, kind: string, body: object, about = RECORD): void {
  append(station, { kind, direction: 'up', record: about, recordVersion: 1, body } as never)
}

/** A card of the record that a station asks for and prints. */
function printsCard(station: Station, name: string, about = RECORD): void {
  says(station, 'card-requested', { request: `request-${name}`, at: station.id, purpose: 'new', ...BY }, about)
  const job = `job-${name}`
  const blank = { lot: 'none', printer: 'p', consumables: [] }
  says(station, 'card-reserved', { request: `request-${name}`, job, ...blank }, about)
  says(station, 'card-printed', { job }, about)
}

/** Entries of a station about records, in its order. */
function wordsOf(station: Station): Heard[] {
  const { file, keys } = partsOf(station)
  return entriesFrom(file, station.id, 1, 100).flatMap(row => {
    const entry = signedEntryOf(row)
    return entry.header.record === undefined ? [] : [{ entry, body: bodyBytesOf(file, keys, row) }]
  })
}

/** A kiosk with a record and a letter that is valid beside no card, and one that prints for it. */
async function kiosks() {
  const [owner, hostile] = [await createIdentity('m-kiosk'), await createIdentity('a-kiosk')]
  const [one, two] = [await anyStation({ identity: owner }), await anyStation({ identity: hostile })]
  record(one, RECORD)
  const dates = { issuedAt: AT, until: '2027-01-01' }
  const letter = { number: 'n', letter: 'letter-1', code: 'x', ...dates, verification: 'v', beside: ['job-own'] }
  says(one, 'letter-issued', { ...letter, ...BY })
  printsCard(one, 'own')
  printsCard(two, 'forged')
  says(two, 'card-requested', { request: 'request-hub', at: 'hub', purpose: 'new', ...BY })
  return { one, two }
}

async function hubOf(stations: readonly Station[]) {
  const identity = await createIdentity('hub')
  const path = newPath()
  const hub = await anyStation({ identity, path })
  for (const station of stations) {
    addPeer(hub, { ...(await publicIdentity(partsOf(station).identity)), relation: 'downstream' })
  }
  return { hub, identity, path }
}

function hear(hub: Station, { entry, body }: Heard): void {
  const to = { ...partsOf(hub), self: hub.id }
  to.file.transaction(() => takeEntry(to, entry, body))
}

/** How things stand, without when they became so; tags are under each station's own key. */
function standing(station: Station): unknown {
  const { file } = partsOf(station)
  const rows = ['record', 'card_request', 'print_job', 'letter'].map(table =>
    file
      .all<{ nik_tag?: Uint8Array | null }>(`SELECT * FROM ${table} ORDER BY 1`)
      .map(row => ({ ...row, nik_tag: row.nik_tag?.length, changed_at: undefined })),
  )
  return [...rows, twice(station)]
}

/** Pairs of cards that were put on record, whichever of a pair was heard of first. */
function twice(station: Station): unknown[] {
  return partsOf(station).file.all(
    `SELECT DISTINCT min(detail ->> 'job', detail ->> 'other') AS one,
       max(detail ->> 'job', detail ->> 'other') AS other
     FROM discrepancy WHERE code = 'printed-twice' ORDER BY 1, 2`,
  )
}

/** The tables follow from the journal, of which the first entries and the payloads are not here. */
async function expectFolded(station: Station): Promise<void> {
  const { findings } = await verifyStation(station)
  expect(findings.filter(({ code }) => code === 'table-differs')).toEqual([])
}

it('stand in the end as if the record had come first, in whatever order its entries came', async () => {
  const { one, two } = await kiosks()
  const journals = [wordsOf(one), wordsOf(two)]
  const { hub: first } = await hubOf([one, two])
  for (const word of journals.flat()) hear(first, word)
  const { file } = partsOf(first)
  expect(file.all('SELECT station FROM card_request')).toEqual([{ station: 'm-kiosk' }])
  expect(file.all('SELECT id FROM print_job')).toEqual([{ id: 'job-own' }])
  expect(file.all('SELECT state FROM letter')).toEqual([{ state: 'valid' }])
  const expected = standing(first)
  const orders = fc.shuffledSubarray(
    journals.flatMap((words, which) => words.map(() => which)),
    { minLength: journals.flat().length },
  )
  await fc.assert(
    fc.asyncProperty(orders, async order => {
      const { hub } = await hubOf([one, two])
      const left = journals.map(words => [...words])
      for (const which of order) hear(hub, left[which].shift()!)
      expect(standing(hub)).toEqual(expected)
      expectLaws(hub)
      await expectFolded(hub)
    }),
    { numRuns: 12 },
  )
})

it('are two for one person under the NIK of their records, whichever record comes last', async () => {
  const identities = [await createIdentity('kiosk-1'), await createIdentity('kiosk-2')]
  const stations = await Promise.all(identities.map(identity => anyStation({ identity })))
  for (const [which, station] of stations.entries()) {
    record(station, `record-of-${which}`)
    printsCard(station, `of-${which}`, `record-of-${which}`)
  }
  const words = stations.flatMap(wordsOf)
  const isLate = (late: readonly number[], { entry }: Heard) =>
    entry.header.kind === 'enrolled' && late.some(which => entry.header.record === `record-of-${which}`)
  for (const late of [[], [0], [1], [0, 1]]) {
    const { hub } = await hubOf(stations)
    for (const word of words.filter(each => !isLate(late, each))) hear(hub, word)
    for (const word of words.filter(each => isLate(late, each))) hear(hub, word)
    expect(twice(hub), `late: ${late}`).toEqual([{ one: 'job-of-0', other: 'job-of-1' }])
    expect(partsOf(hub).file.all(`SELECT 1 FROM discrepancy WHERE code = 'printed-twice'`)).toHaveLength(1)
    await expectFolded(hub)
  }
})

it('leave cards on record that contradict each other without them', async () => {
  const { one, two } = await kiosks()
  printsCard(one, 'second')
  const { hub } = await hubOf([one, two])
  const [enrolled, ...others] = wordsOf(one)
  for (const word of [...wordsOf(two), ...others]) hear(hub, word)
  expect(twice(hub)).toEqual([
    { one: 'job-forged', other: 'job-own' },
    { one: 'job-forged', other: 'job-second' },
  ])
  hear(hub, enrolled)
  expect(twice(hub)).toEqual([{ one: 'job-own', other: 'job-second' }])
  await expectFolded(hub)
})

it('that an older program let stand are found', async () => {
  const { one, two } = await kiosks()
  const { hub, identity, path } = await hubOf([one, two])
  for (const word of [...wordsOf(two), ...wordsOf(one)]) hear(hub, word)
  await hub.close()
  const old = copyStation(path)
  const database = new Database(old)
  database
    .prepare(
      `INSERT OR IGNORE INTO card_request (id, record, station, prints, purpose, urgent, state,
         requested_at, changed_at)
       SELECT 'request-forged', record, 'a-kiosk', 'a-kiosk', 'new', 0, 'printed', ?, ? FROM card_request LIMIT 1`,
    )
    .run(AT, AT)
  database.close()
  const { findings } = await verifyStationFile(old, { key: KEY, identity })
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: 'table-differs',
      where: expect.objectContaining({ table: 'card_request', station: 'a-kiosk' }),
    }),
  )
})

/** Words about a record of its station, of the one above it, and of a kiosk that has no say, in any order. */
import fc from 'fast-check'
import {
  addPeer,
  adjudications,
  createIdentity,
  hostTransport,
  publicIdentity,
  receive,
  type Station,
  status,
  sync,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it, vi } from 'vitest'
import { append } from '../../dist/station/journal/append.js'
import type { SignedEntry } from '../../dist/station/journal/entry.js'
import { takeEntry } from '../../dist/station/journal/insert.js'
import { bodyBytesOf, entriesFrom, signedEntryOf } from '../../dist/station/journal/read.js'
import { partsOf } from '../../dist/station/station.js'
import { record } from './files.ts'
import { anyStation, BY } from './print/support.ts'

vi.setConfig({ testTimeout: 120_000 })

const RECORD = 'record-1'
const AT = '2026-01-02T03:04:05.678Z'

interface Heard {
  readonly entry: SignedEntry
  readonly body: Uint8Array | undefined
}

/** Says things about the record. */
function speaker(station: Station, direction: 'up' | 'down') {
  const says = (kind: string, body: object) =>
    append(station, { kind, direction, record: RECORD, recordVersion: 1, body } as never)
  return {
    withdraws: () => says('withdrawn', { reason: 'a mistake', ...BY }),
    decides: (state: string) => says('decision', { state, by: 'expert' }),
    doubts: (other: string) => says('case-opened', { kind: 'nik', other, otherStation: 'elsewhere' }),
    settles: (other: string) => says('case-closed', { kind: 'nik', other, why: 'decided' }),
    adjudicates: () =>
      says('adjudicated', { candidate: 'record-0', verdict: 'different-persons', reason: 'I looked', ...BY }),
    writes: (letter: string, beside: readonly string[]) => {
      const dates = { issuedAt: AT, until: '2027-01-01' }
      says('letter-issued', { number: letter, letter, code: 'x', ...dates, verification: 'v', beside, ...BY })
    },
    revokes: (letter: string) => says('letter-revoked', { letter, reason: 'old', ...BY }),
    prints: (name: string) => {
      says('card-requested', { request: `request-${name}`, at: station.id, purpose: 'new', ...BY })
      const [job, blank] = [`job-${name}`, { lot: 'none', printer: 'p', consumables: [] }]
      says('card-reserved', { request: `request-${name}`, job, ...blank })
      says('card-printed', { job })
    },
    cancels: (name: string) => {
      says('card-cancelled', { request: `request-${name}`, reason: 'no', ...BY })
      says('card-spoiled', { job: `job-${name}`, reason: 'bent', ...BY })
      says('card-resolved', { job: `job-${name}`, found: 'spoiled', ...BY })
    },
  }
}

function wordsOf(station: Station): Heard[] {
  const { file, keys } = partsOf(station)
  return entriesFrom(file, station.id, 1, 100).flatMap(row => {
    const entry = signedEntryOf(row)
    return entry.header.record === undefined ? [] : [{ entry, body: bodyBytesOf(file, keys, row) }]
  })
}

/** The record's kiosk, the centre, and a kiosk that writes about the record what it may not. */
async function stations(isWithdrawn: boolean) {
  const [owner, centre, hostile] = await Promise.all(
    ['m-kiosk', 'centre', 'a-kiosk'].map(async id => anyStation({ identity: await createIdentity(id) })),
  )
  record(owner, RECORD, { preCheck: 'review' })
  const own = speaker(owner, 'up')
  own.writes('letter-own', ['job-own', 'job-centre'])
  own.writes('letter-revoked', [])
  own.revokes('letter-revoked')
  own.prints('own')
  if (isWithdrawn) own.withdraws()
  const above = speaker(centre, 'down')
  above.decides('PRINT_READY_RECORD')
  above.doubts('record-2')
  above.doubts('record-3')
  above.settles('record-3')
  above.writes('letter-centre', [])
  above.prints('centre')
  const bad = speaker(hostile, 'up')
  bad.withdraws()
  bad.decides('DUPLICATE_RECORD')
  bad.doubts('record-4')
  bad.settles('record-2')
  bad.adjudicates()
  bad.writes('letter-forged', [])
  for (const letter of ['letter-own', 'letter-centre']) bad.revokes(letter)
  bad.prints('forged')
  for (const name of ['own', 'centre']) bad.cancels(name)
  return { owner, centre, hostile }
}

async function hubOf({ owner, centre, hostile }: Readonly<Record<'owner' | 'centre' | 'hostile', Station>>) {
  const hub = await anyStation({ identity: await createIdentity('hub') })
  const known = async (station: Station) => publicIdentity(partsOf(station).identity)
  addPeer(hub, { ...(await known(centre)), relation: 'upstream' })
  for (const station of [owner, hostile]) addPeer(hub, { ...(await known(station)), relation: 'downstream' })
  return hub
}

function hear(hub: Station, { entry, body }: Heard): void {
  const to = { ...partsOf(hub), self: hub.id }
  to.file.transaction(() => takeEntry(to, entry, body))
}

/** How things stand, without when they became so; tags are under each station's own key. */
function standing(station: Station): unknown {
  const { file } = partsOf(station)
  const rows = ['record', 'card_request', 'print_job', 'letter', 'identity_case', 'gallery_entry'].map(table =>
    file
      .all<Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY 1, 2`)
      .map(({ nik_tag, changed_at, changed, ...row }) => ({ ...row, hasNik: nik_tag != null })),
  )
  return [...rows, adjudications(station), status(station).toAdjudicate]
}

describe.each([false, true])('words about a record that was withdrawn: %s', isWithdrawn => {
  it('stand in the end as if the record had come first, and nobody else had said any', async () => {
    const all = await stations(isWithdrawn)
    const [own, above, foreign] = [all.owner, all.centre, all.hostile].map(wordsOf)
    const first = await hubOf(all)
    for (const word of [...own, ...above]) hear(first, word)
    const expected = standing(first)
    const { file } = partsOf(first)
    expect(file.all('SELECT id, state FROM letter ORDER BY id')).toEqual([
      { id: 'letter-centre', state: 'revoked' },
      { id: 'letter-own', state: 'valid' },
      { id: 'letter-revoked', state: 'revoked' },
    ])
    expect(file.all('SELECT client_state, centre_state FROM record')).toEqual([
      { client_state: isWithdrawn ? 'withdrawn' : 'recorded', centre_state: 'PRINT_READY_RECORD' },
    ])
    const journals = [own, above, foreign]
    const orders = fc.shuffledSubarray(
      journals.flatMap((words, which) => words.map(() => which)),
      { minLength: journals.flat().length },
    )
    await fc.assert(
      fc.asyncProperty(orders, async order => {
        const hub = await hubOf(all)
        const left = journals.map(words => [...words])
        for (const which of order) hear(hub, left[which].shift()!)
        expect(standing(hub)).toEqual(expected)
        const { findings } = await verifyStation(hub)
        // The journals' first entries, and the payloads, are not here.
        expect(findings.filter(({ code }) => code === 'table-differs' || code.startsWith('guard'))).toEqual([])
      }),
      // The record last, and so on.
      { numRuns: 12, examples: [[[foreign, above, own].flatMap(words => words.map(() => journals.indexOf(words)))]] },
    )
  })
})

it('the newest of many words about a record count, however many came before', async () => {
  const [owner, centre] = await Promise.all(
    ['m-kiosk', 'centre'].map(async id => anyStation({ identity: await createIdentity(id) })),
  )
  record(owner, RECORD)
  const above = speaker(centre, 'down')
  above.decides('PRINT_READY_RECORD')
  above.doubts('record-3')
  for (let i = 0; i < 45; i++) {
    above.doubts('record-2')
    above.settles('record-2')
  }
  above.doubts('record-2')
  above.decides('ADJUDICATION')
  const [own, words] = [wordsOf(owner), wordsOf(centre)]
  const [before, after] = [
    await hubOf({ owner, centre, hostile: owner }),
    await hubOf({ owner, centre, hostile: owner }),
  ]
  for (const word of [...own, ...words]) hear(before, word)
  for (const word of [...words, ...own]) hear(after, word)
  expect(standing(after)).toEqual(standing(before))
  const open = 'SELECT other FROM identity_case WHERE closed_at IS NULL ORDER BY other'
  expect(partsOf(after).file.all(open)).toEqual([{ other: 'record-2' }, { other: 'record-3' }])
  expect(partsOf(after).file.all('SELECT centre_state FROM record')).toEqual([{ centre_state: 'ADJUDICATION' }])
})

it('a kiosk does not take the id of a record that has still to come', async () => {
  const [owner, hostile, hub] = await Promise.all(
    ['m-kiosk', 'a-kiosk', 'hub'].map(async id => anyStation({ identity: await createIdentity(id) })),
  )
  for (const station of [owner, hostile]) {
    addPeer(hub, { ...(await publicIdentity(partsOf(station).identity)), relation: 'downstream' })
    addPeer(station, { ...(await publicIdentity(partsOf(hub).identity)), relation: 'upstream' })
  }
  const meet = (station: Station) =>
    sync(
      station,
      hostTransport('here', message => receive(hub, message)),
    )
  speaker(hostile, 'up').withdraws()
  await meet(hostile)
  record(owner, RECORD)
  await meet(owner)
  expect(status(owner).peers).toMatchObject([{ refused: 0 }])
  expect(partsOf(hub).file.all('SELECT station, client_state FROM record')).toEqual([
    { station: 'm-kiosk', client_state: 'recorded' },
  ])
  expect((await verifyStation(hub)).findings).toEqual([])
})

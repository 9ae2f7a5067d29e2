/** A kiosk that issues more letters, beside more cards, than any office has. */
import {
  decide,
  discrepancies,
  issueLetter,
  letters,
  letterVerification,
  revokePeer,
  type Station,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { monthsLater } from '../../../dist/station/print/letters/numbering.js'
import { MOST_CARDS, MOST_LETTERS } from '../../../dist/station/project/letters.js'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { network } from './network.ts'
import { BY, nikOf, person } from './support.ts'

const AT = new Date().toISOString()

function says(station: Station, kind: string, record: string, body: object): void {
  append(station, { kind, direction: 'up', record, recordVersion: 1, body } as never)
}

/** Cards of one request, as no printer of ours makes them. @returns their jobs */
function cards(station: Station, record: string, count: number): string[] {
  const asked = { request: `request-${record}`, at: station.id, purpose: 'new', ...BY }
  says(station, 'card-requested', record, asked)
  return Array.from({ length: count }, (_, i) => {
    const job = `${record}-${i}`
    const reserved = { request: asked.request, job, lot: 'x', printer: 'p', consumables: [] }
    says(station, 'card-reserved', record, reserved)
    says(station, 'card-printed', record, { job })
    return job
  })
}

function letter(station: Station, record: string, id: string, beside?: readonly string[]): void {
  const dates = { issuedAt: AT, until: monthsLater(AT.slice(0, 10), 6) }
  says(station, 'letter-issued', record, {
    number: id,
    letter: id,
    code: 'x',
    ...dates,
    verification: 'v',
    beside,
    ...BY,
  })
}

const statesAt = (station: Station) => Object.fromEntries(letters(station).map(({ letter, state }) => [letter, state]))

it('is valid beside as many cards as anybody has, and beside no more', async () => {
  const { hub, below } = await network('office')
  const [{ station, meet }] = below
  const id = person(station, 1, null)
  const jobs = cards(station, id, MOST_CARDS)
  letter(station, id, 'all', jobs)
  letter(station, id, 'one-less', jobs.slice(1))
  letter(station, id, 'more', [...jobs, 'none'])
  await meet()
  for (const each of [hub, station]) expect(statesAt(each)).toEqual({ all: 'valid', 'one-less': 'revoked' })
  says(station, 'card-reserved', id, {
    request: `request-${id}`,
    job: 'last',
    lot: 'x',
    printer: 'p',
    consumables: [],
  })
  says(station, 'card-printed', id, { job: 'last' })
  letter(station, id, 'names-65', [...jobs, 'last'])
  await meet()
  for (const each of [hub, station]) {
    expect(statesAt(each)).toEqual({ all: 'revoked', 'one-less': 'revoked' })
    expect((await verifyStation(each)).findings).toEqual([])
  }
  // One fewer, and it stands again.
  says(station, 'card-spoiled', id, { job: 'last', reason: 'bent', ...BY })
  await meet()
  for (const each of [hub, station]) expect(statesAt(each)).toMatchObject({ all: 'valid' })
})

it('a station issues no more letters for a record than any office does', async () => {
  const { hub, below } = await network('office')
  const [{ station, meet }] = below
  const [id, other] = [person(station, 1, null), person(station, 2, null)]
  for (let i = 0; i < MOST_LETTERS + 2; i++) letter(station, id, `letter-${i}`, [])
  letter(station, other, 'another', [])
  await meet()
  for (const each of [hub, station]) {
    expect(letters(each, { record: id })).toHaveLength(MOST_LETTERS)
    expect(statesAt(each)).toMatchObject({ another: 'valid' })
    expect((await verifyStation(each)).findings).toEqual([])
  }
  expect(() => issueLetter(station, { record: id, ...BY })).toThrow(
    expect.objectContaining({ code: 'LETTER_REFUSED', message: expect.stringContaining(String(MOST_LETTERS)) }),
  )
  // What is revoked by hand makes place.
  says(station, 'letter-revoked', id, { letter: 'letter-0', reason: 'old', ...BY })
  letter(station, id, 'next', [])
  expect(statesAt(station)).toMatchObject({ next: 'valid', 'letter-0': 'revoked' })
})

it('a look at a letter opens no more entries than any record has letters', async () => {
  const { below } = await network('office')
  const [{ station }] = below
  const [id, other] = [person(station, 1, null), person(station, 2, null)]
  partsOf(station).file.transaction(() => {
    letter(station, id, 'first', [])
    // Beyond the bound they have no effect, but are in the journal.
    for (let i = 0; i < 1_023; i++) letter(station, id, `letter-${i}`, [])
    // As one before 0.2.0, which names no cards.
    letter(station, id, 'last')
  })
  letter(station, other, 'another', [])
  expect(letters(station, { record: id }).map(each => each.letter)).toContain('last')
  for (const each of ['first', 'another']) expect(letterVerification(station, each)).toBe('v')
  expect(() => letterVerification(station, 'last')).toThrow(expect.objectContaining({ code: 'PRINT_UNKNOWN' }))
})

it('a person has no more valid letters of a station than any office issues, in whatever order they came', async () => {
  const { hub, below } = await network('office', 'rogue')
  const [office, rogue] = below
  letter(office.station, person(office.station, 1, null), 'z-office', [])
  const ids = Array.from(
    { length: MOST_LETTERS + 4 },
    (_, i) => `a-${String((i * 29) % (MOST_LETTERS + 4)).padStart(3, '0')}`,
  )
  for (const id of ids) {
    record(rogue.station, `record-${id}`, { nik: nikOf(1) })
    letter(rogue.station, `record-${id}`, id, [])
  }
  await office.meet()
  await rogue.meet()
  const valid = () =>
    Object.entries(statesAt(hub))
      .filter(([, state]) => state === 'valid')
      .map(([id]) => id)
      .sort()
  const first = [...ids].sort()
  expect(valid()).toEqual([...first.slice(0, MOST_LETTERS), 'z-office'])
  // One that is revoked by hand makes place.
  says(rogue.station, 'letter-revoked', `record-${first[0]}`, { letter: first[0], reason: 'old', ...BY })
  await rogue.meet()
  expect(valid()).toEqual([...first.slice(1, MOST_LETTERS + 1), 'z-office'])
  expect((await verifyStation(hub)).findings).toEqual([])
})

it('a card that a kiosk claims for the NIK revokes a letter, until the kiosk is revoked', async () => {
  const { hub, below } = await network('office', 'rogue')
  const [office, rogue] = below
  letter(office.station, person(office.station, 1, null), 'letter-1', [])
  await office.meet()
  expect(statesAt(hub)).toEqual({ 'letter-1': 'valid' })
  record(rogue.station, 'record-rogue', { nik: nikOf(1) })
  cards(rogue.station, 'record-rogue', 1)
  await rogue.meet()
  expect(statesAt(hub)).toEqual({ 'letter-1': 'revoked' })
  expect(discrepancies(hub)).toMatchObject([{ station: 'rogue', code: 'not-in-stock' }])
  // At its own station, which does not hear of the record, it stays as it was.
  await office.meet()
  expect(statesAt(office.station)).toEqual({ 'letter-1': 'valid' })
  revokePeer(hub, 'rogue', { from: 1, reason: 'false cards', ...BY })
  expect(statesAt(hub)).toEqual({ 'letter-1': 'valid' })
  expect((await verifyStation(hub)).findings).toEqual([])
})

it('a card that a kiosk claims for a record keeps nobody from a letter once the centre has let the record fall', async () => {
  const { hub, below } = await network('office', 'rogue')
  const [office, rogue] = below
  const id = person(office.station, 1, null)
  await office.meet()
  record(rogue.station, 'record-rogue', { nik: nikOf(1) })
  cards(rogue.station, 'record-rogue', 1)
  await rogue.meet()
  const refused = expect.objectContaining({ code: 'LETTER_REFUSED' })
  expect(() => issueLetter(hub, { record: id, ...BY })).toThrow(refused)
  decide(hub, id, { state: 'PRINT_READY_RECORD', by: 'expert-1' })
  decide(hub, 'record-rogue', { state: 'DUPLICATE_RECORD', duplicateOf: id, by: 'expert-1' })
  const { letter: issued } = issueLetter(hub, { record: id, ...BY })
  expect(statesAt(hub)).toEqual({ [issued]: 'valid' })
  await rogue.meet()
  await office.meet()
  expect(statesAt(office.station)).toEqual({ [issued]: 'valid' })
  expect((await verifyStation(hub)).findings).toEqual([])
})

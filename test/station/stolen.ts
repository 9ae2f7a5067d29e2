/** A kiosk that is stolen: what whoever has it and its key writes, and what the other stations know and show then. */
import {
  hostTransport,
  letters,
  openStation,
  planPrinting,
  receive,
  recordOf,
  type Station,
  type StationIdentity,
  sync,
  verifyStation,
} from 'sidik/station'
import { expect } from 'vitest'
import { randomTemplates } from '../../bench/support/random-templates.js'
import { caseRecord, readerOf } from '../../dist/station/check/cases.js'
import { openFingerCases } from '../../dist/station/check/finger-cases.js'
import { append } from '../../dist/station/journal/append.js'
import { newestEntry } from '../../dist/station/journal/read.js'
import { PROJECTED_TABLES } from '../../dist/station/project/project.js'
import { refold } from '../../dist/station/project/refold.js'
import { partsOf } from '../../dist/station/station.js'
import { putPayload } from '../../dist/station/store/payloads.js'
import { closedAfter } from '../support/scratch.ts'
import { copyStation, KEY } from './files.ts'
import { network } from './print/network.ts'
import { blanks, nikOf, templatesOf } from './print/support.ts'

export const STOLEN = { operator: 'supervisor-1', reason: 'the laptop was stolen' }

/** The stations of one world: a hub that is the centre, the kiosk that is stolen, and another one. */
export interface World {
  readonly hub: Station
  readonly kiosk: Station
  readonly other: Station
}

const transportTo = (hub: Station) => hostTransport('here', message => receive(hub, message))

export const meet = (below: Station, hub: Station) => sync(below, transportTo(hub))

export async function newWorld(): Promise<World> {
  const { hub, below } = await network('kiosk-1', 'kiosk-2')
  const [kiosk, other] = below.map(({ station }) => station)
  blanks(kiosk, 40, { lot: 'lot-k', first: 1 })
  blanks(hub, 40, { lot: 'lot-h', first: 1_000 })
  return { hub, kiosk, other }
}

/** The same stations as they are at this moment: what happens to one of the two leaves the other as it is. */
export async function twinOf({ station, identity }: { station: Station; identity: StationIdentity }): Promise<Station> {
  const path = copyStation(partsOf(station).file.path)
  return closedAfter('test', await openStation({ path, key: KEY, identity }))
}

/** The next entry that a station will write. */
export const nextOf = (station: Station) => newestEntry(partsOf(station).file, station.id)!.sequence + 1

interface Said {
  readonly nik?: string
  readonly name?: string
  /** Other fingers than the version before. */
  readonly otherFingers?: boolean
}

/** Another version of a record by its station. */
export function correct(
  station: Station,
  id: string,
  { nik = nikOf(0), name = 'The Thief', otherFingers = false }: Said,
) {
  const { file, keys } = partsOf(station)
  return file.transaction(() => {
    const { version } = file.get<{ version: number }>('SELECT version FROM record WHERE id = ?', id)!
    const payloads = otherFingers
      ? [putPayload(file, keys, 'templates', randomTemplates(600))]
      : templatesOf(station, id)
    const preCheck = { decision: 'clear', candidates: [], persons: 0 } as const
    const body = { nik, person: { name }, operator: 'operator-7', preCheck, reason: 'wrong' }
    const entry = { kind: 'corrected', direction: 'up', record: id, recordVersion: version + 1 } as const
    return append(station, { ...entry, body, payloads } as never).header.sequence
  })
}

/** Claims that a card of the record was printed and handed over, whether or not one is wanted. */
export function claimCard(station: Station, id: string, name: string, version = 1): number {
  const say = (kind: string, body: object) =>
    append(station, { kind, direction: 'up', record: id, recordVersion: version, body } as never).header.sequence
  const first = say('card-requested', { request: `q-${name}`, at: station.id, purpose: 'new', operator: 'o' })
  const job = `j-${name}`
  say('card-reserved', { request: `q-${name}`, job, lot: 'x', printer: 'p', consumables: [] })
  say('card-printed', { job })
  say('card-handed-over', { job, to: 'somebody', operator: 'o' })
  return first
}

/** Finds a record's fingers like those of another one, as a check does. */
export function setAgainst(station: Station, id: string, match: string): void {
  partsOf(station).file.transaction(() => openFingerCases(station, id, [{ record: match, isMostlyAlike: true }]))
}

/** Compares a record with all others, if that is to be done: it is like none, or like one. */
export function compare(station: Station, id: string, match: string | undefined): void {
  const { file } = partsOf(station)
  const due = file.get<{ templates: Uint8Array | null }>(
    'SELECT g.templates FROM check_due d LEFT JOIN gallery_entry g USING (record) WHERE record = ?',
    id,
  )
  if (due === undefined) return
  if (match !== undefined && match !== id) setAgainst(station, id, match)
  const templates = due.templates === null ? {} : { templates: Buffer.from(due.templates).toString('hex') }
  const body = {
    decision: match === undefined ? 'clear' : 'duplicate',
    candidates: [],
    persons: 9,
    ...templates,
  } as const
  told(station, id, body)
}

/** Those that are to be compared again are, with what the twin found of them; where it found nothing, both are. */
export function compareAgain(station: Station, twin: Station): void {
  const { identity } = partsOf(station)
  const sql = `SELECT record, lower(hex(templates)) AS templates, decision FROM record_check WHERE word_of = ?`
  const rowsOf = (of: Station) => partsOf(of).file.all<CheckRow>(sql, identity.id)
  const found = new Map(rowsOf(twin).map(row => [row.record, row.decision]))
  for (const { record, templates, decision } of rowsOf(station)) {
    if (decision !== 'awaited' || found.get(record) === 'awaited') continue
    const known = found.get(record)
    const isFound = known === 'clear' || known === 'duplicate'
    const body = { decision: isFound ? known : 'clear', candidates: [], persons: 9, templates }
    for (const each of isFound ? [station] : [station, twin]) told(each, record, body)
  }
}

interface CheckRow {
  readonly record: string
  readonly templates: string
  readonly decision: string
}

function told(station: Station, record: string, body: object): void {
  const { file, identity } = partsOf(station)
  append(station, {
    kind: 'checked',
    record,
    body,
    ...readerOf(identity.id, caseRecord(file, record)!.station),
  } as never)
}

/** With whose fingers newcomers are compared. */
export const templatesIn = (station: Station) =>
  partsOf(station).file.all(
    'SELECT record, hex(templates) AS templates FROM gallery_entry WHERE templates IS NOT NULL ORDER BY record',
  )

/** What a station knows of records, cards and letters, and shows. */
export function shown(station: Station, isHub: boolean) {
  const { file } = partsOf(station)
  const rows = file.all<{ id: string }>(
    `SELECT id, station, version, sequence, hex(nik_tag) AS nik, client_state, centre_state FROM record ORDER BY id`,
  )
  const cards = file.all('SELECT id, record, hex(nik_tag) AS nik, state FROM card_request ORDER BY id')
  const jobs = file.all('SELECT id, state FROM print_job ORDER BY id')
  // A few of many are set against a record, and it depends on what came before which: that one is, is what counts.
  const doubted = file.all(`SELECT DISTINCT record, kind FROM identity_case WHERE closed_at IS NULL ORDER BY 1, 2`)
  const details = rows.map(({ id }) => {
    const { contents, versions, decision, payloads, centreState } = recordOf(station, id)!
    return {
      id,
      contents,
      versions: versions.length,
      // What it says of a comparison is about the fingers of that moment, which may have been the thief's.
      decision: decision && { state: decision.state, by: decision.by, station: decision.station },
      payloads,
      centreState,
    }
  })
  const { prints, waits } = planPrinting(station)
  const valid = letters(station, { state: 'valid' }).map(({ letter }) => letter)
  const templates = templatesIn(station)
  if (!isHub) return { rows, templates, doubted }
  return { rows, details, templates, cards, jobs, doubted, prints: sorted(prints), waits: sorted(waits), valid }
}

const sorted = (all: readonly object[]) => all.map(each => JSON.stringify(each)).sort()

/** All tables that follow from the journal. */
function tables(station: Station) {
  const { file } = partsOf(station)
  return Object.fromEntries(
    PROJECTED_TABLES.map(({ table, key }) => [table, file.all(`SELECT * FROM ${table} ORDER BY ${key.join(', ')}`)]),
  )
}

export async function expectSound(station: Station): Promise<void> {
  expect((await verifyStation(station)).findings).toEqual([])
  const { file, keys } = partsOf(station)
  const before = tables(station)
  file.transaction(() => refold({ file, keys, self: station.id }))
  expect(tables(station)).toEqual(before)
}

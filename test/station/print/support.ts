/** Offices that print: persons, blanks, printers that do as told, and the laws that hold whatever was done. */
import {
  addPeer,
  createIdentity,
  decide,
  openStation,
  type PrintDocument,
  type Printer,
  type PrintOutcome,
  publicIdentity,
  receiveStock,
  type Station,
  withdraw,
} from 'sidik/station'
import { expect } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { getPayload, putPayload } from '../../../dist/station/store/payloads.js'
import { closedAfter } from '../../support/scratch.ts'
import { KEY, newPath, record } from '../files.ts'

export const BY = { operator: 'operator-7' }
export const WHY = { ...BY, reason: 'as the law says' }
export const READY = 'PRINT_READY_RECORD'
/** As a station says it that compares nothing, about a record from below. */
export const CLEARED = { state: READY, by: 'expert-1', unchecked: 'the ministry compares them' }

export type Options = Partial<Parameters<typeof openStation>[0]>

/** A station that is its own centre: with one below, and none above. */
export async function newOffice(options: Options = {}): Promise<Station> {
  const station = await anyStation(options)
  addPeer(station, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
  return station
}

export async function anyStation(options: Options = {}): Promise<Station> {
  const identity = options.identity ?? (await createIdentity('3276-01'))
  return closedAfter('test', await openStation({ path: newPath(), key: KEY, ...options, identity }))
}

/** Nobody's; one for each number. */
export const nikOf = (number: number) => `327601${String(4_107_900_000 + number).padStart(10, '0')}`

/** Somebody who is recorded, and cleared unless told otherwise. */
export function person(station: Station, number: number, state: string | null = READY, nik = nikOf(number)): string {
  const id = `record-${String(number).padStart(4, '0')}`
  record(station, id, { nik })
  if (state !== null) decide(station, id, { state, by: 'expert-1' })
  return id
}

/** Another version of a record, of the same fingers: the centre has said nothing of it yet. */
export function corrected(station: Station, id: string, nik: string): void {
  const { version } = partsOf(station).file.get<{ version: number }>('SELECT version FROM record WHERE id = ?', id)!
  const preCheck = { decision: 'clear', candidates: [], persons: 0 } as const
  const body = { nik, person: { name: 'Siti Rahasia' }, operator: 'operator-7', preCheck, reason: 'wrong' }
  const entry = { kind: 'corrected', direction: 'up', record: id, recordVersion: version + 1 } as const
  append(station, { ...entry, body, payloads: templatesOf(station, id) } as never)
}

/** Those that a record has, as another version of it names them; none of one that was withdrawn. */
export function templatesOf(station: Station, id: string) {
  const { file, keys } = partsOf(station)
  const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
  const { templates } = file.get<{ templates: Uint8Array | null }>(sql, id)!
  return templates === null ? [] : [putPayload(file, keys, 'templates', getPayload(file, keys, templates)!)]
}

export const withdrawn = (station: Station, id: string) => withdraw(station, id, WHY)

let shipments = 0

/** Blanks with serials: `count` of them from `first` on. */
export function blanks(station: Station, count: number, { lot = 'lot-1', first = 1, rules = {} as object } = {}): void {
  const serial = (number: number) => `AB${String(number).padStart(6, '0')}`
  const serials = `${serial(first)}-${serial(first + count - 1)}`
  const line = { lot, item: 'blank', serials, ...(Object.keys(rules).length > 0 && { rules }) }
  receiveStock(station, { shipment: `note-${++shipments}`, from: 'the ministry', lines: [line], ...BY })
}

export const DOCUMENT: PrintDocument = {
  title: 'a card',
  pages: [{ widthMm: 85.6, heightMm: 53.98 }],
  pdf: async () => new Uint8Array(1),
  png: async () => new Uint8Array(1),
}

export const render = async () => DOCUMENT

type Answer = PrintOutcome | 'throws' | 'nonsense' | 'never' | (() => PrintOutcome | Promise<PrintOutcome>)

export const PRINTED: PrintOutcome = { outcome: 'printed' }
export const JAM: PrintOutcome = { outcome: 'uncertain', problem: 'jam', message: 'a card is stuck' }
export const OUT: PrintOutcome = { outcome: 'not-printed', problem: 'out-of-media', message: 'no blanks in the feeder' }
export const REFUSED: PrintOutcome = { outcome: 'not-printed', problem: 'refused', message: 'not this card' }

/** A printer that answers so, one card after the other, and prints all after them. */
export function printerThat(...answers: Answer[]): Printer & { calls: number } {
  const printer = {
    name: 'counter-1',
    calls: 0,
    async print(): Promise<PrintOutcome> {
      const answer = answers[printer.calls++] ?? PRINTED
      if (answer === 'throws') throw new Error('the cable was pulled')
      if (answer === 'nonsense') return { outcome: 'perhaps' } as never
      if (answer === 'never') return new Promise(() => {})
      return typeof answer === 'function' ? answer() : answer
    },
  }
  return printer
}

/** Laws of the tables, whatever was done. */
export function expectLaws(station: Station): void {
  const { file } = partsOf(station)
  const none = (what: string, sql: string) => expect(file.all(sql), what).toEqual([])
  none(
    'a blank for two',
    `SELECT lot, prefix, number, count(*) AS jobs FROM print_job WHERE number IS NOT NULL AND state <> 'released'
     GROUP BY lot, prefix, digits, number HAVING count(*) > 1`,
  )
  none(
    'two cards or jobs of one request',
    `SELECT request FROM print_job WHERE state NOT IN ('spoiled', 'released') GROUP BY request HAVING count(*) > 1`,
  )
  none(
    'two cards in the making, or two new cards, of one NIK',
    `SELECT hex(nik_tag) AS nik, state, count(*) AS n FROM card_request
     WHERE state = 'printing' OR purpose = 'new' AND state IN ('printed', 'handed-over')
     GROUP BY nik_tag, state = 'printing' HAVING count(*) > 1`,
  )
  none(
    'a request that is not where its jobs are',
    `SELECT c.id, c.state, j.state AS job FROM card_request c JOIN print_job j ON j.request = c.id
     WHERE j.state NOT IN ('spoiled', 'released') AND c.state <> CASE j.state WHEN 'printed' THEN 'printed'
       WHEN 'handed-over' THEN 'handed-over' ELSE 'printing' END`,
  )
  none(
    'accounts that do not add up',
    'SELECT station, lot FROM stock_balance GROUP BY station, lot HAVING sum(quantity) <> 0',
  )
  none(
    'an account below nothing',
    `SELECT * FROM stock_balance WHERE quantity < 0 AND account NOT IN ('received', 'found')`,
  )
  // What lies at two stations, or is on its way and at one of them.
  none(
    'a card on its way that lies somewhere',
    `SELECT j.id FROM print_job j JOIN stock_range s ON s.lot = j.lot AND s.prefix = j.prefix AND s.digits = j.digits
       AND j.number BETWEEN s.first AND s.last WHERE j.state = 'printed'
       AND j.leg IN ('out', 'back') AND s.account <> 'sent'`,
  )
  // What the books say of blanks is what became of the cards.
  const jobs = file.all<{ account: string; n: number }>(
    `SELECT CASE state WHEN 'spoiled' THEN 'spoiled' WHEN 'printed' THEN 'printed' WHEN 'handed-over' THEN 'printed' ELSE 'reserved' END AS account,
       count(*) AS n FROM print_job WHERE state <> 'released'
       AND CASE WHEN leg IS NULL OR leg = 'out' AND state = 'spoiled' THEN station = '${station.id}'
         WHEN leg = 'there' OR state = 'spoiled' THEN sent_to = '${station.id}' END
     GROUP BY 1 ORDER BY 1`,
  )
  const books = file.all<{ account: string; n: number }>(
    `SELECT account, sum(quantity) AS n FROM stock_balance b JOIN lot l ON l.id = b.lot WHERE l.item = 'blank' AND station = '${station.id}'
       AND account IN ('reserved', 'printed', 'spoiled') AND quantity > 0 GROUP BY account ORDER BY account`,
  )
  expect(books, 'the books of blanks').toEqual(jobs)
}

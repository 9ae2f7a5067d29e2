import { oneOf, readOptions } from '../../options.js'
import type { Projected } from '../project/projected.js'
import { linesOf, noteFor } from '../project/shipments.js'
import { partsOf, type Station } from '../station.js'
import type { StationFile } from '../store/database.js'
import { type Difference, differences, type NotedLine } from './differences.js'

/**
 * `on-its-way`: a note says that it was sent, and nobody has received it. `received`: as its note says. `differs`: other pieces came.
 * `without-note`: it came, and no note of it is known here. `returned`: of cards that came back to
 * the station that sent them, all or some.
 */
export type ShipmentState = 'on-its-way' | 'received' | 'differs' | 'without-note' | 'returned'

export interface Shipment {
  readonly shipment: string
  readonly state: ShipmentState
  /** The station that sent or announced it, where one did. */
  readonly from?: string
  /** The station that it is for, or that received it. */
  readonly to: string
  readonly sentAt?: string
  readonly receivedAt?: string
  /** Printed cards, not stock. */
  readonly isOfCards: boolean
  /** What the note says; what came, where there is none. */
  readonly lines: readonly NotedLine[]
  /** What came otherwise, by lot: before is the note. */
  readonly differences: readonly Difference[]
}

export interface ShipmentFilter {
  readonly state?: ShipmentState
}

type Here = Pick<Projected, 'file' | 'self' | 'keys'>

interface Row {
  readonly id: string
  readonly station: string
  readonly way: 'announced' | 'sent' | 'received'
  readonly other: string | null
  readonly at: string
  readonly lines: string
}

/**
 * Shipments of this station and those below it, by their numbers: what is on its way, what came, and
 * what came otherwise. Two stations may send something under one number: each is listed.
 */
export function shipments(station: Station, filter?: ShipmentFilter): Shipment[] {
  const { file, keys, identity } = partsOf(station)
  const here = { file, keys, self: identity.id }
  const { state } = readOptions('shipments', filter, ['state'])
  const states = ['on-its-way', 'received', 'differs', 'without-note', 'returned'] as const
  const wanted = state === undefined ? undefined : oneOf('state', state, states)
  const all: Shipment[] = []
  let rows: Row[] = []
  for (const row of file.each<Row>('SELECT * FROM shipment ORDER BY id, station, way')) {
    if (rows.length > 0 && rows[0].id !== row.id) {
      all.push(...shipmentsOf(here, rows))
      rows = []
    }
    rows.push(row)
  }
  if (rows.length > 0) all.push(...shipmentsOf(here, rows))
  return wanted === undefined ? all : all.filter(shipment => shipment.state === wanted)
}

/** Shipments to each station under one number: the one that it received, and others that are on their way to it. */
function shipmentsOf(here: Here, rows: readonly Row[]): Shipment[] {
  const notes = rows.filter(({ way }) => way !== 'received')
  const receipts = rows.filter(({ way }) => way === 'received')
  // Cards alone come back under the number that they were sent under: blanks of that number are another's.
  const isOfCards = (row: Row) => linesOf(here.file, row).some(({ cards }) => cards === true)
  const isSender = ({ station }: Row) => notes.some(note => note.station === station && note.other !== station)
  const back = receipts.filter(receipt => isSender(receipt) && isOfCards(receipt))
  const others = receipts.filter(receipt => !back.includes(receipt))
  const receivers = new Set([...notes.map(({ other }) => other!), ...others.map(({ station }) => station)])
  return [...receivers].sort().flatMap(to => {
    const receipt = receipts.find(({ station }) => station === to)
    const note = noteFor(here, notes, receipt ?? { station: to, other: null })
    // A station above may have announced the same pieces as its own.
    const isOther = ({ station, other, lines }: Row) =>
      other === to && station !== note?.station && lines !== note?.lines
    const listed = (of: Row | undefined, came: Row | undefined) =>
      shipmentOf(here.file, to, of, came ?? back.find(({ station }) => station === of?.station))
    return [listed(note, receipt), ...bySender(notes.filter(isOther)).map(left => listed(left, undefined))]
  })
}

/** One note of each station: what it sent rather than what was announced. */
function bySender(notes: readonly Row[]): Row[] {
  const found = new Map<string, Row>()
  for (const note of notes) if (note.way === 'sent' || !found.has(note.station)) found.set(note.station, note)
  return [...found.values()]
}

function shipmentOf(file: StationFile, to: string, note: Row | undefined, receipt: Row | undefined): Shipment {
  const sent = note && linesOf(file, note)
  const came = receipt && linesOf(file, receipt)
  const found = sent && came ? differences(sent, came) : []
  const received = receipt?.station !== to ? 'returned' : found.length > 0 ? 'differs' : 'received'
  return {
    shipment: (note ?? receipt)!.id,
    state: note === undefined ? 'without-note' : receipt === undefined ? 'on-its-way' : received,
    ...(note && { from: note.station, sentAt: note.at }),
    to,
    ...(receipt && { receivedAt: receipt.at }),
    isOfCards: (sent ?? came)!.some(({ cards }) => cards === true),
    lines: (sent ?? came)!.map(({ cards: _, ...line }) => line),
    differences: received === 'returned' ? [] : found,
  }
}

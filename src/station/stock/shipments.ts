import { oneOf, readOptions } from '../../options.js'
import { mayDefine } from '../project/authority.js'
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

interface Row {
  readonly id: string
  readonly station: string
  readonly way: 'announced' | 'sent' | 'received'
  readonly other: string | null
  readonly at: string
  readonly lines: string
}

/** Shipments of this station and those below it, by their numbers: what is on its way, what came, and what came otherwise. */
export function shipments(station: Station, filter?: ShipmentFilter): Shipment[] {
  const { file, identity } = partsOf(station)
  const isAbove = (by: string) => mayDefine({ file, self: identity.id }, by)
  const { state } = readOptions('shipments', filter, ['state'])
  const states = ['on-its-way', 'received', 'differs', 'without-note', 'returned'] as const
  const wanted = state === undefined ? undefined : oneOf('state', state, states)
  const all: Shipment[] = []
  let rows: Row[] = []
  for (const row of file.each<Row>('SELECT * FROM shipment ORDER BY id, station, way')) {
    if (rows.length > 0 && rows[0].id !== row.id) {
      all.push(...shipmentsOf(file, rows, isAbove))
      rows = []
    }
    rows.push(row)
  }
  if (rows.length > 0) all.push(...shipmentsOf(file, rows, isAbove))
  return wanted === undefined ? all : all.filter(shipment => shipment.state === wanted)
}

/** One for each station that is to receive, or received, something under the number. */
function shipmentsOf(file: StationFile, rows: readonly Row[], isAbove: (station: string) => boolean): Shipment[] {
  const notes = rows.filter(({ way }) => way !== 'received')
  const receipts = rows.filter(({ way }) => way === 'received')
  const isBack = ({ station }: Row) => notes.some(note => note.station === station && note.other !== station)
  const others = receipts.filter(receipt => !isBack(receipt))
  const receivers = new Set([...notes.map(({ other }) => other!), ...others.map(({ station }) => station)])
  return [...receivers].sort().map(to => {
    const note = noteFor(notes, to, isAbove)
    const receipt = receipts.find(({ station }) => station === to)
    return shipmentOf(file, to, note, receipt ?? receipts.find(({ station }) => station === note?.station))
  })
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

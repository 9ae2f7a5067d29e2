import { randomBytes } from 'node:crypto'
import { SidikError } from 'sidik'
import {
  addPeer,
  createIdentity,
  openStation,
  type PublicIdentity,
  publicIdentity,
  receive,
  type Station,
  type StationIdentity,
  type Transport,
} from 'sidik/station'
import { randomTemplates } from '../../../bench/support/random-templates.js'
import { Random } from '../../../dist/random.js'
import { append } from '../../../dist/station/journal/append.js'
import { decodeHeader, hashHeader, type SignedEntry } from '../../../dist/station/journal/entry.js'
import { bodyBytesOf, entriesFrom } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { getPayload, putPayload } from '../../../dist/station/store/payloads.js'
import { closedAfter, newPath } from '../../support/scratch.ts'

/** A station and what it was opened with. */
export interface Place {
  readonly station: Station
  readonly identity: StationIdentity
  readonly known: PublicIdentity
  readonly path: string
  readonly key: Uint8Array
}

export async function newPlace(id: string, clock?: () => number): Promise<Place> {
  const identity = await createIdentity(id)
  const path = newPath(`${id}.sidik`)
  return opening({ path, key: new Uint8Array(randomBytes(32)), identity, known: await publicIdentity(identity) }, clock)
}

/** Another handle of a place, or of a copy of its file. */
export async function opening(place: Omit<Place, 'station'>, clock?: () => number): Promise<Place> {
  const { path, key, identity } = place
  const station = closedAfter('file', await openStation({ path, key, identity, ...(clock && { clock }) }))
  return { ...place, station }
}

/** The two know each other. */
export function acquaint(below: Place, above: Place, { vouches = false } = {}): void {
  addPeer(below.station, { ...above.known, relation: 'upstream' })
  addPeer(above.station, { ...below.known, relation: 'downstream', vouches })
}

export async function twoPlaces(): Promise<{ kiosk: Place; hub: Place }> {
  const [kiosk, hub] = [await newPlace('kiosk-1'), await newPlace('hub')]
  acquaint(kiosk, hub)
  return { kiosk, hub }
}

/** A kiosk, its hub and the centre. */
export async function threePlaces(): Promise<{ kiosk: Place; hub: Place; centre: Place }> {
  const { kiosk, hub } = await twoPlaces()
  const centre = await newPlace('centre')
  acquaint(hub, centre, { vouches: true })
  return { kiosk, hub, centre }
}

/** Nobody's. */
export const NIK = '3276014107900001'
export const NAME = 'Siti Rahmawati'

/** Writes an enrolment as `enrol` does, with payloads of these sizes instead of prints. */
export function recordAt(place: Place, id: string, sizes: Record<string, number> = { templates: 700, photo: 2_000 }) {
  return enrolmentAt(place, id, 1, sizes)
}

export function correctionAt(place: Place, id: string, version: number, sizes: Record<string, number>): SignedEntry {
  return enrolmentAt(place, id, version, sizes)
}

function enrolmentAt({ station }: Place, id: string, version: number, sizes: Record<string, number>): SignedEntry {
  const { file, keys } = partsOf(station)
  return file.transaction(() => {
    const payloads = Object.entries(sizes).map(([role, size]) =>
      putPayload(file, keys, role, role === 'templates' ? randomTemplates(size) : randomBytes(size)),
    )
    const body = {
      nik: NIK,
      person: { name: NAME },
      operator: 'operator-7',
      preCheck: { decision: 'clear', candidates: [], persons: 0 },
    }
    const entry = { direction: 'up', record: id, recordVersion: version, payloads } as const
    return version === 1
      ? append(station, { kind: 'enrolled', ...entry, body } as never)
      : append(station, { kind: 'corrected', ...entry, body: { ...body, reason: 'wrong' } } as never)
  })
}

export function withdrawalAt({ station }: Place, id: string): SignedEntry {
  const body = { reason: 'asked to be forgotten', operator: 'operator-7' }
  return append(station, { kind: 'withdrawn', direction: 'up', record: id, body })
}

export function decisionAt({ station }: Place, id: string, to: string): SignedEntry {
  return append(station, {
    kind: 'decision',
    direction: 'down',
    record: id,
    to,
    body: { state: 'unique', by: 'centre' },
  })
}

/** A line to a station in this process that does as it should. */
export function lineTo(place: Place): Transport {
  return { name: 'a line', exchange: message => receive(place.station, message) }
}

/** What became of each record: its transport state. */
export function transportOf({ station }: Place): Record<string, string> {
  const rows = partsOf(station).file.all<{ id: string; state: string }>(
    'SELECT id, transport_state AS state FROM record ORDER BY id',
  )
  return Object.fromEntries(rows.map(({ id, state }) => [id, state]))
}

/** What the centre says of each record. */
export function centreOf({ station }: Place): Record<string, string | null> {
  const rows = partsOf(station).file.all<{ id: string; state: string | null }>(
    'SELECT id, centre_state AS state FROM record ORDER BY id',
  )
  return Object.fromEntries(rows.map(({ id, state }) => [id, state]))
}

/** Codes of the anomalies in a station's own journal. */
export function anomaliesOf(place: Place): string[] {
  return ownBodies(place, 'anomaly').map(body => (body as { code: string }).code)
}

export function ownBodies({ station, identity }: Place, kind: string): unknown[] {
  const { file, keys } = partsOf(station)
  return entriesFrom(file, identity.id, 1, 100_000)
    .filter(({ header }) => decodeHeader(header).kind === kind)
    .map(row => JSON.parse(bodyBytesOf(file, keys, row)!.toString()))
}

/** Another station's journal, entry by entry. Throws where its chain does not hold. */
export function chainOf({ station }: Place, of: string) {
  const { file, keys } = partsOf(station)
  let previous = ''
  return entriesFrom(file, of, 1, 100_000).map((row, at) => {
    const header = decodeHeader(row.header)
    const hash = hashHeader(row.header)
    if (header.sequence !== at + 1 || header.previous !== previous || !hash.equals(row.hash))
      throw new Error('no chain')
    previous = hash.toString('hex')
    const isWhole = header.payloads.every(
      payload => getPayload(file, keys, Buffer.from(payload.hash, 'hex')) !== undefined,
    )
    return { header, hash: previous, body: bodyBytesOf(file, keys, row)?.toString(), isWhole, applied: row.applied }
  })
}

/** A line that loses, doubles, delays, replays, cuts and alters what it carries, by chance from a seed; `rate` from 0 to 1. */
export function badLineTo({ station }: Place, seed: number, rate: number): Transport {
  const random = new Random(seed)
  const seen: Uint8Array[] = []
  const answers: Uint8Array[] = []
  const one = (all: readonly Uint8Array[]) => all[Math.floor(random.uniform(0, all.length))]
  const cut = (bytes: Uint8Array) => bytes.subarray(0, random.uniform(0, bytes.length))
  const altered = (bytes: Uint8Array) => {
    const copy = new Uint8Array(bytes)
    copy[Math.floor(random.uniform(0, copy.length))] ^= 1 << Math.floor(random.uniform(0, 8))
    return copy
  }
  const lost = () => new SidikError('LINE_DOWN', 'the connection was lost')
  const delivered = async (bytes: Uint8Array) => {
    const answer = await receive(station, bytes).catch(() => undefined)
    if (answer !== undefined) answers.push(answer)
    return answer
  }
  return {
    name: 'a bad line',
    async exchange(message) {
      seen.push(message)
      const fault = random.uniform() < rate ? FAULTS[Math.floor(random.uniform(0, FAULTS.length))] : 'none'
      if (fault === 'lost') throw lost()
      if (fault === 'replayed') await delivered(one(seen))
      if (fault === 'cut') await delivered(cut(message))
      if (fault === 'altered') await delivered(altered(message))
      if (fault === 'twice') await delivered(message)
      if (fault === 'old answer' && answers.length > 0) return one(answers)
      if (fault === 'cut' || fault === 'altered') throw lost()
      const answer = await delivered(message)
      if (answer === undefined || fault === 'answer lost') throw lost()
      if (fault === 'answer cut') return cut(answer)
      return fault === 'answer altered' ? altered(answer) : answer
    },
  }
}

const FAULTS = [
  'lost',
  'replayed',
  'cut',
  'altered',
  'twice',
  'old answer',
  'answer lost',
  'answer cut',
  'answer altered',
]

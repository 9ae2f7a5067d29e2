/** Stations with records of bytes that are nobody's, for what carries them. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { addPeer, createIdentity, openStation, publicIdentity, type Station, type StationIdentity } from 'sidik/station'
import { randomTemplates } from '../../../bench/support/random-templates.js'
import { append } from '../../../dist/station/journal/append.js'
import { bodyOf, entriesFrom } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { getPayload, putPayload } from '../../../dist/station/store/payloads.js'

export const KEY = new Uint8Array(32).fill(7)

/** By how much the clocks of all stations here are ahead. */
let aheadMs = 0

/** Lets time go by. */
export function later(ms: number): void {
  aheadMs += ms
}

export async function stationIn(folder: string, identity: StationIdentity): Promise<Station> {
  const path = join(folder, `${identity.id}.sqlite`)
  return openStation({ path, key: KEY, identity, clock: () => Date.now() + aheadMs })
}

/** The second lies above the first. */
export async function acquaint(
  below: StationIdentity,
  belowAt: Station,
  above: StationIdentity,
  aboveAt: Station,
  { vouches = false } = {},
) {
  addPeer(belowAt, { ...(await publicIdentity(above)), relation: 'upstream' })
  addPeer(aboveAt, { ...(await publicIdentity(below)), relation: 'downstream', vouches })
}

export interface Pair {
  readonly kiosk: Station
  readonly centre: Station
  readonly identities: { readonly kiosk: StationIdentity; readonly centre: StationIdentity }
}

export async function pairIn(folder: string): Promise<Pair> {
  const identities = { kiosk: await createIdentity('kiosk-1'), centre: await createIdentity('centre') }
  const kiosk = await stationIn(folder, identities.kiosk)
  const centre = await stationIn(folder, identities.centre)
  await acquaint(identities.kiosk, kiosk, identities.centre, centre)
  return { kiosk, centre, identities }
}

/** A name that nothing outside the sealed may show. */
export const NAME = 'Sitiwulandari'
export const NIK = '3276014107900001'

const preCheck = { decision: 'not-run' as const, candidates: [], persons: 0 }

/** Records a person with `payloads` of these sizes. @returns the id of the record */
export function record(station: Station, sizes: readonly number[] = [3_000], reuse?: Uint8Array): string {
  const { file, keys } = partsOf(station)
  const id = randomBytes(12).toString('hex')
  file.transaction(() => {
    const payloads = sizes.map((size, i) =>
      putPayload(
        file,
        keys,
        i === 0 ? 'templates' : `finger-${i}`,
        reuse ?? (i === 0 ? randomTemplates(size) : randomBytes(size)),
      ),
    )
    append(station, {
      kind: 'enrolled',
      direction: 'up',
      record: id,
      recordVersion: 1,
      body: { nik: NIK, person: { name: NAME }, operator: 'operator-1', preCheck },
      payloads,
    })
  })
  return id
}

export function decide(station: Station, id: string, state: string): void {
  append(station, { kind: 'decision', direction: 'down', record: id, body: { state, by: 'clerk-1' } })
}

export interface Held {
  readonly version: number
  readonly transport: string
  readonly centre: string | null
  /** Hashes of its payloads that are here whole. */
  readonly payloads: number
}

/** The records that a station holds, with how many of their payloads are whole. */
export function recordsIn(station: Station): Map<string, Held> {
  const { file, keys } = partsOf(station)
  const rows = file.all<{
    id: string
    version: number
    transport: string
    centre: string | null
    station: string
    sequence: number
  }>(
    'SELECT id, version, transport_state AS transport, centre_state AS centre, station, sequence FROM record ORDER BY id',
  )
  return new Map(
    rows.map(({ id, version, transport, centre, station: of, sequence }) => {
      const hashes = file.all<{ hash: Uint8Array }>(
        'SELECT hash FROM entry_payload WHERE station = ? AND sequence = ?',
        of,
        sequence,
      )
      const payloads = hashes.filter(({ hash }) => getPayload(file, keys, hash) !== undefined).length
      return [id, { version, transport, centre, payloads }]
    }),
  )
}

export function transportOf(station: Station): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { transport } of recordsIn(station).values()) counts[transport] = (counts[transport] ?? 0) + 1
  return counts
}

/** Codes of the anomalies that a station has noted, with what they say. */
export function anomaliesOf(station: Station): string[] {
  const { file, keys } = partsOf(station)
  return entriesFrom(file, station.id, 1, 100_000)
    .filter(({ kind }) => kind === 'anomaly')
    .map(row => bodyOf(file, keys, row) as { code: string; detail: string })
    .map(({ code, detail }) => `${code} ${detail}`)
}

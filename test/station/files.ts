/** Station files for tests of what lies under the functions that record people: quick entries with payloads, copies, flipped bits. */
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { addPeer, createIdentity, openStation, publicIdentity, type Station, type StationIdentity } from 'sidik/station'
import { randomTemplates } from '../../bench/support/random-templates.js'
import { append } from '../../dist/station/journal/append.js'
import { partsOf } from '../../dist/station/station.js'
import { putPayload } from '../../dist/station/store/payloads.js'
import { newPath } from '../support/scratch.ts'

export { newPath }

export const KEY = new Uint8Array(32).map((_, i) => i * 7)

export const FILES = ['', '-wal', '-shm', '.mark']

/** All files of a station, as a disk image would keep them. */
export function copyStation(from: string, to = newPath()): string {
  for (const end of FILES) {
    rmSync(to + end, { force: true })
    if (existsSync(from + end) && end !== '-shm') copyFileSync(from + end, to + end)
  }
  return to
}

export function flipBit(path: string, offsetBytes: number, bit: number): void {
  const bytes = readFileSync(path)
  bytes[offsetBytes] ^= 1 << bit
  writeFileSync(path, bytes)
}

interface RecordOptions {
  readonly payload?: Uint8Array
  readonly nik?: string
  readonly preCheck?: 'clear' | 'review'
}

/** A whole enrolment but for the fingers: what the journal, the payloads and the tables need. */
export function record(station: Station, id: string, options: RecordOptions = {}): void {
  const { file, keys } = partsOf(station)
  file.transaction(() => {
    const payloads = [putPayload(file, keys, 'templates', options.payload ?? randomTemplates(600))]
    append(station, {
      kind: 'enrolled',
      direction: 'up',
      record: id,
      recordVersion: 1,
      payloads,
      body: {
        nik: options.nik ?? '3276010101900001',
        person: { name: 'Siti Rahasia' },
        operator: 'operator-7',
        preCheck: { decision: options.preCheck ?? 'clear', candidates: [], persons: 0 },
      },
    })
  })
}

/** A station with an upstream and `records` records; open. */
export async function stationWith(
  records: number,
  options: Partial<Parameters<typeof openStation>[0]> = {},
): Promise<{ station: Station; path: string; identity: StationIdentity; centre: StationIdentity }> {
  const identity = options.identity ?? (await createIdentity('3276-01'))
  const centre = await createIdentity('centre')
  const path = options.path ?? newPath()
  const station = await openStation({ path, key: KEY, ...options, identity })
  addPeer(station, { ...(await publicIdentity(centre)), relation: 'upstream' })
  for (let i = 1; i <= records; i++) {
    const nik = `327601010190${String(i).padStart(4, '0')}`
    record(station, `record-${i}`, { nik, payload: bytes(200 + ((i * 1_733) % 6_000), i) })
  }
  return { station, path, identity, centre }
}

/** The same for the same seed, and nothing like zeros. */
export function bytes(length: number, seed: number): Uint8Array {
  let state = seed | 1
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 16
  })
}

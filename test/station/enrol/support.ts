/** Stations, people and prints for the tests of enrolment. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  addPeer,
  createIdentity,
  type Enrolment,
  type GivenFinger,
  openStation,
  publicIdentity,
  type Relation,
  type Station,
  type StationIdentity,
} from 'sidik/station'
import { syntheticNik, syntheticTemplate } from 'sidik/synthesize'
import { Random } from '../../../dist/random.js'
import { closedAfter, newPath } from '../../support/scratch.ts'

const PRINTS = fileURLToPath(new URL('../../../fixtures/prints/', import.meta.url))

export const KEY = new Uint8Array(32).fill(7)

export { newPath }

export type Options = Partial<Parameters<typeof openStation>[0]>

/** A station of its own, closed after the test. */
export async function newStation(options: Options = {}): Promise<Station> {
  const identity = options.identity ?? (await createIdentity('3276-01'))
  return closedAfter('test', await openStation({ path: newPath(), key: KEY, ...options, identity }))
}

export async function withPeer(station: Station, id: string, relation: Relation): Promise<StationIdentity> {
  const identity = await createIdentity(id)
  addPeer(station, { ...(await publicIdentity(identity)), relation })
  return identity
}

export const print = (name: string): Uint8Array => new Uint8Array(readFileSync(join(PRINTS, `${name}.png`)))

/** Exceptions for all fingers that are not given. */
export function exceptFor(fingers: readonly { readonly position: number }[]): Record<number, 'not-captured'> {
  const missing = Array.from({ length: 10 }, (_, i) => i + 1).filter(
    position => !fingers.some(finger => finger.position === position),
  )
  return Object.fromEntries(missing.map(position => [position, 'not-captured']))
}

/** Somebody with these fingers; by `seed` a NIK and what agrees with it. */
export function somebody(seed: number, fingers: readonly GivenFinger[], more: Partial<Enrolment> = {}): Enrolment {
  const { nik, birthDate, sex } = syntheticNik(new Random(seed), { province: '32' })
  const person = {
    name: `Nama Rahasia ${seed}`,
    birthDate,
    sex,
    birthPlace: 'Depok',
    address: { street: `Jl. Tersembunyi ${seed}`, rt: '003', rw: '011', village: 'Beji', district: 'Beji' },
  }
  return { nik, person, fingers, exceptions: exceptFor(fingers), operator: 'operator-7', ...more }
}

/** Ten fingers of a synthetic person, ready as templates. */
export function tenTemplates(seed: number): GivenFinger[] {
  return Array.from({ length: 10 }, (_, i) => ({ position: i + 1, template: syntheticTemplate(99, seed * 10 + i) }))
}

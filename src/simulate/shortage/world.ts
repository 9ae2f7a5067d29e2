import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Random } from '../../random.js'
import { addPeer, createIdentity, publicIdentity } from '../../station/index.js'
import type { CardPurpose } from '../../station/print/types.js'
import { BEGIN_MS, DAY_MS } from '../calendar.js'
import { LeakSearch } from '../leaks.js'
import { nikOf } from '../person.js'
import { type KnownCard, Office } from './office.js'
import type { BoxLine, Resident, ShortagePlan } from './plan-types.js'

/** Somebody who was recorded, as the simulation knows them. */
export interface KnownPerson {
  readonly resident: Resident
  readonly office: Office
  readonly record: string
  readonly recordedOn: number
  /** When the record was at the hub, and when the centre had said what becomes of it. */
  reachedHubOn?: number
  decidedOn?: number
  isWithdrawn: boolean
  readonly requests: { readonly request: string; readonly at: Office; readonly purpose: CardPurpose }[]
  /** The newest card that lies ready, and from when on it is collected. */
  collects?: { readonly card: KnownCard; readonly at: Office; readonly on: number }
  /** The card in their hands: the station that handed it over, and when. */
  holds?: { readonly from: Office; readonly since: number }
  /** When it is lost; nobody loses two. */
  losesOn?: number
  hasLost: boolean
  /** Who has lost a card and could not ask for another one yet: where and when they ask next. */
  asksForAnother?: { readonly at: Office; readonly on: number }
  /** When they ask for a letter next. */
  asksOn: number | undefined
}

/** A letter that was issued, and whether by the simulation's own counters a blank was there for a new card. */
export interface KnownLetter {
  readonly letter: string
  readonly person: number
  readonly office: string
  readonly day: number
  readonly blankLay: string | undefined
}

/** Pieces between two stations. */
export interface OnTheWay {
  readonly shipment: string
  readonly from: Office
  readonly to: Office
  /** What is in the box when it arrives. */
  readonly comes: readonly BoxLine[]
  /** A piece of its note is not in it, which shows when it arrives. */
  readonly isShort: boolean
  readonly arrivesOn: number
}

/** Everybody who takes part. */
export interface World {
  readonly plan: ShortagePlan
  readonly random: Random
  readonly hub: Office
  /** Without the hub. */
  readonly offices: readonly Office[]
  /** By number, and by request. */
  readonly persons: Map<number, KnownPerson>
  readonly byRequest: Map<string, KnownPerson>
  readonly letters: KnownLetter[]
  readonly onTheWay: Set<OnTheWay>
  /** Pieces that never arrived, by lot; pieces that the ministry sent, by lot. */
  readonly lost: Map<string, number>
  readonly delivered: Map<string, number>
  /** Shipments that brought other pieces than their note says, where a note was written: by station. */
  readonly differing: Map<string, Set<string>>
  readonly search: LeakSearch
  day: number
}

export const everybody = ({ hub, offices }: World) => [hub, ...offices]

/** @param folder an empty one, for files and trays and nothing else */
export async function createWorld(plan: ShortagePlan, folder: string): Promise<World> {
  const { seed, stations } = plan
  const made = await Promise.all(
    stations.map(async own => {
      const identity = await createIdentity(own.name)
      const files = { path: join(folder, `${own.name}.sqlite`), tray: join(folder, `${own.name}.tray`) }
      return new Office({ ...files, key: randomBytes(32), identity, plan: own })
    }),
  )
  const [hub, ...offices] = made
  for (const each of made) {
    each.begin(BEGIN_MS - DAY_MS)
    await each.open()
  }
  const known = await Promise.all(made.map(({ setting }) => publicIdentity(setting.identity)))
  for (const [i, office] of offices.entries()) {
    addPeer(hub.station, { ...known[i + 1], relation: 'downstream' })
    addPeer(office.station, { ...known[0], relation: 'upstream' })
  }
  const residents = stations.flatMap(({ days }) => days.flatMap(day => day.residents))
  return {
    plan,
    random: new Random(seed).child('shortage as it happens'),
    hub,
    offices,
    persons: new Map(),
    byRequest: new Map(),
    letters: [],
    onTheWay: new Set(),
    lost: new Map(),
    delivered: new Map(),
    differing: new Map(),
    search: new LeakSearch(new Set(residents.map(({ number }) => nikOf(seed, number)))),
    day: 0,
  }
}

/** What one thing adds to a count by name. */
export function add<Key>(counts: Map<Key, number>, key: Key, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}

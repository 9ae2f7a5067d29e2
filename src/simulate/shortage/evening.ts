/** An evening of the simulation: what stations say, and what the simulation knows apart from them. Plain data, so that tests can alter it. */
import {
  cardRequests,
  consumables,
  discrepancies,
  letters,
  planPrinting,
  printJobs,
  stock,
} from '../../station/index.js'
import type { CardPurpose, CardRequest, PrintJob } from '../../station/print/types.js'
import type { WaitCode } from '../../station/print/waiting.js'
import type { Station } from '../../station/station.js'
import type { Account, LotRules } from '../../station/stock/types.js'
import { BEGIN_MS, DAY_MS } from '../calendar.js'
import type { KnownCard, Office } from './office.js'
import { POLICY, PRINTER } from './printing.js'
import { cardsIn, type TrayLine } from './tray-printer.js'
import { everybody, type KnownLetter, type KnownPerson, type World } from './world.js'

export type Accounts = Partial<Record<Account, number>>

/** What a station says of itself, or another of it. */
export interface Said {
  readonly lots: { readonly lot: string; readonly accounts: Accounts }[]
  readonly jobs: Pick<PrintJob, 'job' | 'request' | 'record' | 'lot' | 'serial' | 'state'>[]
  readonly requests: Pick<CardRequest, 'request' | 'record' | 'purpose' | 'state'>[]
  readonly letters: { readonly letter: string; readonly record: string; readonly state: string }[]
}

/** What its people know of a lot. */
export interface LotFact {
  readonly lot: string
  readonly item: string
  /** Each counted from 0 up. */
  readonly accounts: Accounts
  readonly onShelf: number
  readonly vanished: number
  readonly rules: LotRules | undefined
}

export type CardFact = Pick<KnownCard, 'job' | 'request' | 'person' | 'purpose' | 'lot' | 'blank' | 'day' | 'state'> & {
  /** ISO 8601: the morning of its day, by the station's own clock. */
  readonly on: string
  readonly serial: string | undefined
  readonly answer: KnownCard['answer'] | undefined
  readonly destroyed: boolean
}

export interface StationEvening {
  readonly station: string
  /** Of itself; and what the hub says of it, on evenings on which the two have told each other everything. */
  readonly says: Said
  readonly hubSays: Said | undefined
  readonly consumables: { readonly lot: string; readonly cards: number }[]
  /** Of itself, by code; shipments that it says differ from their notes. */
  readonly discrepancies: Record<string, number>
  readonly differing: string[]
  readonly lots: LotFact[]
  readonly cards: CardFact[]
  readonly pieces: { readonly lot: string; readonly cards: number }[]
  readonly tray: TrayLine[]
  readonly expected: Record<string, number>
  readonly expectedDiffering: string[]
  /** Requests that wait for it, by its own plan; only on the last evening. */
  readonly plan: { readonly request: string; readonly code: WaitCode | 'prints' }[]
  /** What its own verification found; undefined where it was not asked. */
  readonly damage: string[] | undefined
}

export interface PersonFact {
  readonly person: number
  readonly record: string
  readonly recordedOn: number
  /** Day on which the centre cleared it; undefined where it did not. */
  readonly clearedOn: number | undefined
  readonly isWithdrawn: boolean
  /** Has lost a card, and no station has taken a request for another one. */
  readonly isRefused: boolean
  readonly requests: { readonly request: string; readonly at: string; readonly purpose: CardPurpose }[]
}

export interface Evening {
  readonly day: number
  /** Whether everybody knows everything of everybody: the last evening. */
  readonly isSettled: boolean
  readonly stations: StationEvening[]
  readonly persons: PersonFact[]
  readonly letters: KnownLetter[]
  /** Pieces by lot: sent by the ministry, between stations, lost between them. */
  readonly delivered: Record<string, number>
  readonly onTheWay: Record<string, number>
  readonly lost: Record<string, number>
  readonly searchedBytes: number
  readonly leaks: readonly string[]
  readonly asked: number
  readonly failures: string[]
}

export interface EveningOptions {
  /** Offices that have told the hub everything, and heard everything. */
  readonly synchronised: ReadonlySet<Office>
  readonly isSettled: boolean
  readonly damage: ReadonlyMap<Office, string[]>
}

export function eveningOf(world: World, { synchronised, isSettled, damage }: EveningOptions): Evening {
  const { hub, persons, search } = world
  const stations = everybody(world).map((office): StationEvening => {
    const known = discrepancies(office.station).filter(({ station }) => station === office.id)
    return {
      station: office.id,
      says: saidOf(office.station, office.id),
      hubSays: synchronised.has(office) ? saidOf(hub.station, office.id) : undefined,
      consumables: consumables(office.station).map(({ lot, cards }) => ({ lot, cards })),
      discrepancies: counted(known.map(({ code }) => code)),
      differing: shipmentsIn(discrepancies(office.station)),
      lots: lotsOf(office),
      cards: [...office.cards.values()].map(card => cardOf(office, card)),
      pieces: [...office.pieces.values()].map(piece => ({ ...piece })),
      tray: cardsIn(office.setting.tray),
      expected: { ...office.expected },
      expectedDiffering: differingAt(world, office),
      plan: isSettled ? planOf(office) : [],
      damage: damage.get(office),
    }
  })
  const onTheWay: Record<string, number> = {}
  for (const { comes } of world.onTheWay) {
    for (const { lot, quantity } of comes) onTheWay[lot] = (onTheWay[lot] ?? 0) + quantity
  }
  return {
    day: world.day,
    isSettled,
    stations,
    persons: [...persons.values()].map(personOf),
    letters: [...world.letters],
    delivered: Object.fromEntries(world.delivered),
    onTheWay,
    lost: Object.fromEntries(world.lost),
    searchedBytes: search.searchedBytes,
    leaks: [...search.leaks],
    asked: everybody(world).reduce((sum, { asked }) => sum + asked, 0),
    failures: everybody(world).flatMap(({ id, failures }) => failures.map(what => `${id}: ${what}`)),
  }
}

function personOf(known: KnownPerson): PersonFact {
  const { resident, record, recordedOn, decidedOn, isWithdrawn, asksForAnother, requests } = known
  return {
    person: resident.number,
    record,
    recordedOn,
    clearedOn: resident.decision?.state === 'PRINT_READY_RECORD' ? decidedOn : undefined,
    isWithdrawn,
    isRefused: asksForAnother !== undefined,
    requests: requests.map(({ request, at, purpose }) => ({ request, at: at.id, purpose })),
  }
}

function planOf({ station }: Office): StationEvening['plan'] {
  const { prints, waits } = planPrinting(station, { policy: POLICY, printer: PRINTER })
  return [...prints.map(({ request }) => ({ request, code: 'prints' as const })), ...waits].map(
    ({ request, code }) => ({
      request,
      code,
    }),
  )
}

/** What `station` says of `of`. */
function saidOf(station: Station, of: string): Said {
  const byId = <T>(all: readonly T[], id: (each: T) => string) => [...all].sort((a, b) => (id(a) < id(b) ? -1 : 1))
  return {
    lots: byId(
      stock(station, { station: of }).map(({ lot, accounts }) => ({ lot, accounts: { ...accounts } })),
      ({ lot }) => lot,
    ),
    jobs: byId(printJobs(station, { station: of }), ({ job }) => job).map(
      ({ job, request, record, lot, serial, state }) => ({
        job,
        request,
        record,
        lot,
        ...(serial !== undefined && { serial }),
        state,
      }),
    ),
    requests: byId(cardRequests(station, { station: of }), ({ request }) => request).map(
      ({ request, record, purpose, state }) => ({ request, record, purpose, state }),
    ),
    letters: byId(letters(station, { station: of }), ({ letter }) => letter).map(({ letter, record, state }) => ({
      letter,
      record,
      state,
    })),
  }
}

/** The hub hears of all of them. */
function differingAt({ hub, differing }: World, office: Office): string[] {
  return [...differing]
    .flatMap(([station, shipments]) => (office === hub || station === office.id ? [...shipments] : []))
    .sort()
}

function lotsOf({ store }: Office): LotFact[] {
  return [...store.lots].map(([lot, { kind, accounts, shelf, vanished }]) => ({
    lot,
    item: kind.item,
    accounts: { ...accounts },
    onShelf: shelf.size,
    vanished: vanished.size,
    rules: kind.rules,
  }))
}

function cardOf(office: Office, card: KnownCard): CardFact {
  const { job, request, person, purpose, lot, blank, day, state } = card
  const { serial, answer, destroyed = false } = card
  const on = new Date(office.shows(BEGIN_MS + day * DAY_MS)).toISOString()
  return { job, request, person, purpose, lot, blank, day, on, state, serial, answer, destroyed }
}

function counted(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

function shipmentsIn(all: ReturnType<typeof discrepancies>): string[] {
  const named = all.filter(({ code }) => code === 'shipment-differs').map(({ detail }) => String(detail.shipment))
  return [...new Set(named)].sort()
}

/**
 * Offices that receive blanks, print and hand over, and that keep on paper what they did: plain lists of what happened when. What a report must
 * say is counted from these lists (expected.ts), not from the tables.
 */
import { type Station, sync } from 'sidik/station'
import { append } from '../../../../dist/station/journal/append.js'
import { partsOf } from '../../../../dist/station/station.js'
import { record } from '../../files.js'
import { acquaint, lineTo, newPlace, type Place } from '../../sync/support.js'

/** Pieces of a lot that changed hands. */
export interface PaperMove {
  readonly ms: number
  readonly lot: string
  readonly item: string
  readonly from: string
  readonly to: string
  readonly quantity: number
}

export interface PaperCard {
  readonly request: string
  readonly record: string
  readonly purpose: 'new' | 'replacement'
  readonly isUrgent: boolean
  readonly requestedMs: number
  cancelledMs?: number
  /** The card that counts; gone again where it was spoiled. */
  printedMs?: number
  handedOverMs?: number
  job?: string
  /** What happened, in order. */
  readonly events: { readonly ms: number; readonly what: 'printed' | 'unprinted' | 'spoiled' }[]
}

let serial = 0

export class Office {
  readonly place: Place
  readonly #clock: { ms: number }
  readonly moves: PaperMove[] = []
  readonly cards: PaperCard[] = []
  readonly letters: { issuedMs: number; revokedMs?: number; letter: string; record: string }[] = []
  readonly items = new Map<string, string>()

  constructor(place: Place, clock: { ms: number }) {
    this.place = place
    this.#clock = clock
  }

  get id(): string {
    return this.place.identity.id
  }

  get station(): Station {
    return this.place.station
  }

  /** What is done in `work` is on the disk at once: a commit for each line would be slow. */
  together(work: () => void): void {
    partsOf(this.station).file.transaction(work)
  }

  receive(lot: string, item: string, quantity: number): void {
    this.items.set(lot, item)
    this.#stock('stock-received', {
      shipment: `S${++serial}`,
      from: 'ministry',
      lines: [{ lot, item, quantity, ...(item !== 'blank' && { yieldCards: 500 }) }],
    })
    this.#move(lot, 'received', 'available', quantity)
  }

  send(lot: string, quantity: number, to: string): void {
    this.#stock('stock-dispatched', { shipment: `S${++serial}`, to, lines: [{ lot, quantity }] })
    this.#move(lot, 'available', 'sent', quantity)
  }

  giveBack(lot: string, quantity: number): void {
    this.#stock('stock-returned', {
      shipment: `S${++serial}`,
      to: 'ministry',
      lines: [{ lot, quantity }],
      reason: 'old',
    })
    this.#move(lot, 'available', 'returned', quantity)
  }

  spoilBlanks(lot: string, quantity: number): void {
    this.#stock('stock-spoiled', { lines: [{ lot, quantity }], reason: 'wet' })
    this.#move(lot, 'available', 'spoiled', quantity)
  }

  correct(lot: string, quantity: number, found: boolean): void {
    const body = { lines: [{ lot, quantity, found }], reason: 'counted', operators: ['a', 'b'] }
    append(this.station, { kind: 'stock-corrected', direction: 'up', body } as never)
    this.#move(lot, found ? 'found' : 'available', found ? 'available' : 'missing', quantity)
  }

  install(lot: string): void {
    this.#stock('consumable-installed', { printer: 'p1', lot })
    this.#move(lot, 'available', 'installed', 1)
  }

  useUp(lot: string): void {
    this.#stock('consumable-removed', { printer: 'p1', lot, outcome: 'used-up' })
    this.#move(lot, 'installed', 'used', 1)
  }

  request(purpose: 'new' | 'replacement', isUrgent: boolean): PaperCard {
    const number = ++serial
    const id = `record-${number}`
    record(this.station, id, { nik: `32760101019${String(number).padStart(5, '0')}` })
    const card: PaperCard = {
      ...{ request: `r${number}`, record: id, purpose, isUrgent, requestedMs: this.#clock.ms, events: [] },
    }
    const urgent = isUrgent && { urgent: { reason: 'hajj', by: 'head' } }
    this.#card('card-requested', card, { request: card.request, at: this.id, purpose, ...urgent, operator: 'op' })
    this.cards.push(card)
    return card
  }

  cancel(card: PaperCard): void {
    this.#card('card-cancelled', card, { request: card.request, reason: 'moved away', operator: 'op' })
    card.cancelledMs = this.#clock.ms
  }

  /** A blank is set aside and sent; what comes of it is said by what is called next. */
  begin(card: PaperCard, lot: string): void {
    const job = `j${++serial}`
    card.job = job
    this.#card('card-reserved', card, { request: card.request, job, lot, printer: 'p1', consumables: [] })
    this.#move(lot, 'available', 'reserved', 1)
    this.#clock.ms += 20_000
    this.#card('card-sent', card, { job })
    this.#clock.ms += 40_000
  }

  print(card: PaperCard, lot: string): void {
    this.begin(card, lot)
    this.#card('card-printed', card, { job: card.job })
    this.#move(lot, 'reserved', 'printed', 1)
    card.printedMs = this.#clock.ms
    card.events.push({ ms: this.#clock.ms, what: 'printed' })
    for (const letter of this.letters) if (letter.record === card.record) letter.revokedMs ??= this.#clock.ms
  }

  /** The printer spoiled the blank: nothing was printed. */
  jam(card: PaperCard, lot: string): void {
    this.begin(card, lot)
    this.#card('card-uncertain', card, { job: card.job, code: 'jam', reason: 'jam' })
    this.#card('card-resolved', card, { job: card.job, found: 'spoiled', operator: 'op' })
    this.#move(lot, 'reserved', 'spoiled', 1)
    card.events.push({ ms: this.#clock.ms, what: 'spoiled' })
  }

  release(card: PaperCard, lot: string): void {
    this.begin(card, lot)
    this.#card('card-released', card, { job: card.job, code: 'offline', reason: 'offline' })
    this.#move(lot, 'reserved', 'available', 1)
  }

  spoil(card: PaperCard, lot: string): void {
    this.#card('card-spoiled', card, { job: card.job, reason: 'smeared', operator: 'op' })
    this.#move(lot, 'printed', 'spoiled', 1)
    delete card.printedMs
    card.events.push({ ms: this.#clock.ms, what: 'unprinted' }, { ms: this.#clock.ms, what: 'spoiled' })
  }

  handOver(card: PaperCard): void {
    this.#card('card-handed-over', card, { job: card.job, to: 'the person', operator: 'op' })
    card.handedOverMs = this.#clock.ms
  }

  issueLetter(card: PaperCard): void {
    const letter = `l${++serial}`
    const issuedAt = new Date(this.#clock.ms).toISOString()
    const body = {
      number: `471/${serial}`,
      letter,
      code: 'PRR',
      issuedAt,
      until: '2030-01-01',
      verification: 'x',
      operator: 'op',
    }
    this.#card('letter-issued', card, body)
    this.letters.push({ issuedMs: this.#clock.ms, letter, record: card.record })
  }

  #stock(kind: string, body: object): void {
    append(this.station, { kind, direction: 'up', body: { ...body, operator: 'op' } } as never)
  }

  #card(kind: string, card: PaperCard, body: object): void {
    append(this.station, { kind, direction: 'up', record: card.record, recordVersion: 1, body } as never)
  }

  #move(lot: string, from: string, to: string, quantity: number): void {
    this.moves.push({ ms: this.#clock.ms, lot, item: this.items.get(lot)!, from, to, quantity })
  }
}

export async function newOffice(id: string, clock: { ms: number }): Promise<Office> {
  return new Office(await newPlace(id, () => clock.ms), clock)
}

export function below(office: Office, hub: Place): void {
  acquaint(office.place, hub)
}

export async function syncTo(office: Office, hub: Place): Promise<void> {
  const { stopped } = await sync(office.station, lineTo(hub))
  if (stopped !== undefined) throw stopped
}

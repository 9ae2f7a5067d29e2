/** What happens at the printer of a station, and afterwards at its tray. */
import type { Random } from '../../random.js'
import { printCards, printJobs, resolveJob, spoilCard } from '../../station/index.js'
import type { PrintDocument, PrintOutcome } from '../../station/print/types.js'
import type { Station } from '../../station/station.js'
import { OPERATOR } from '../person.js'
import type { KnownCard, Office } from './office.js'
import { PowerCut } from './power.js'
import { type CardAsked, type CardFault, cardsIn, trayPrinter } from './tray-printer.js'
import type { World } from './world.js'

export const PRINTER = 'printer-1'

/** Cards of each purpose that a station prints in a day at most. */
export const DAILY_QUOTA = { new: 8, replacement: 2 } as const

export const POLICY = { order: ['urgent', 'new-first', 'oldest-request'] as const, quota: DAILY_QUOTA }

/** What happens to a card. */
const FAULTS: Readonly<Record<CardFault | 'none', number>> = {
  none: 0.88,
  unreachable: 0.01,
  offline: 0.01,
  'out-of-media': 0.01,
  refused: 0.01,
  jam: 0.02,
  lost: 0.01,
  hangs: 0.008,
  'hangs-before': 0.006,
  lies: 0.01,
  nonsense: 0.006,
  throws: 0.006,
  'cut-before': 0.007,
  'cut-after': 0.007,
}

/** Of the cards that come out whole: those that are thrown away, for a wrong colour or a scratch. */
const SPOILED = 0.035

/** Somebody looks at the tray on the evening of the same day, or some days later. */
const LOOKS_AT_ONCE = 0.5
const LOOKS_WITHIN_DAYS = 6

/** How often an operator puts the printer right in a day. */
const MOST_TRIES = 4

/** What a card looks like is not simulated. */
const render = async (_: Station, record: string): Promise<PrintDocument> => ({
  title: `card of ${record}`,
  pages: [],
  pdf: async () => new Uint8Array(),
  png: async () => new Uint8Array(),
})

/** Entries that say what became of a card. */
const ENDS = ['card-printed', 'card-released', 'card-uncertain']

/** A day's cards. */
export async function printDay(world: World, office: Office): Promise<void> {
  const { mostCards } = office.setting.plan.days[world.day]
  const day = new PrintingDay(world, office)
  for (let tries = 0; tries < MOST_TRIES && day.tried < mostCards; tries++) {
    const before = day.tried
    await day.run(mostCards - day.tried)
    if (day.tried === before) return
  }
}

class PrintingDay {
  /** Cards that the printer was asked for. */
  tried = 0
  readonly #world: World
  readonly #office: Office
  readonly #random: Random
  /** The card in the printer, and what the printer said of it last. */
  #inside: { readonly card: KnownCard; said?: PrintOutcome['outcome'] | 'nonsense' } | undefined

  constructor(world: World, office: Office) {
    this.#world = world
    this.#office = office
    this.#random = world.random.child('cards').child(office.id).child(world.day)
  }

  /** Prints until there is nothing more to print, the printer wants somebody, or the power goes. */
  async run(limit: number): Promise<void> {
    const office = this.#office
    const stop = new AbortController()
    const printer = trayPrinter({
      name: PRINTER,
      tray: office.setting.tray,
      onCard: () => this.#onCard(),
      cutPower: () => office.power.cut(),
      giveUp: () => stop.abort(),
      onSaid: said => {
        if (this.#inside !== undefined) this.#inside.said = said ?? 'nonsense'
      },
    })
    try {
      await printCards(office.station, { printer, policy: POLICY, limit, render, signal: stop.signal })
      this.#settle(true)
    } catch (error) {
      const cut = error instanceof PowerCut ? error : undefined
      // Where the power went in the printer, it has said nothing.
      this.#settle(office.power.isOn || (cut !== undefined && !cut.unwritten.some(kind => ENDS.includes(kind))))
      if (office.power.isOn && !stop.signal.aborted) office.fails('printCards', error)
    }
    await office.revive()
  }

  /** A card is asked for. */
  #onCard(): { card: CardAsked; fault: CardFault | undefined } {
    const { station, store, cards, pieces } = this.#office
    this.#settle(true)
    this.tried++
    const job = printJobs(station, { station: station.id, state: 'sent' }).at(-1)
    if (job === undefined) throw new TypeError('the printer was asked for a card of which the station knows nothing')
    const person = this.#world.byRequest.get(job.request)!
    const { purpose } = person.requests.find(({ request }) => request === job.request)!
    const looksLater = this.#random.chance(LOOKS_AT_ONCE) ? 0 : 1 + this.#random.below(LOOKS_WITHIN_DAYS)
    const drawn = this.#random.pick(FAULTS)
    const asked = {
      job: job.job,
      record: job.record,
      lot: job.lot,
      ...(job.serial !== undefined && { serial: job.serial }),
    }
    const { shelf, vanished } = store.lot(job.lot)
    const named = job.serial === undefined ? Math.max(...shelf) : Number(job.serial.replace(/^\D+/, ''))
    // The operator does not find a blank that vanished. Any other that the station names is there.
    const blank = shelf.has(named) ? named : undefined
    const hasVanished = job.serial === undefined ? vanished.size > 0 : vanished.has(named)
    if (blank === undefined && !hasVanished) {
      this.#office.fails(
        'printCards',
        new Error(`the station names ${job.serial ?? 'a blank'} of ${job.lot}, which is not there`),
      )
    }
    const card: KnownCard = {
      ...asked,
      blank,
      day: this.#world.day,
      person: person.resident.number,
      purpose,
      request: job.request,
      consumables: [...pieces.values()].map(({ lot }) => lot),
      state: 'open',
      lookOn: this.#world.day + looksLater,
    }
    cards.set(job.job, card)
    store.move(job.lot, 'available', 'reserved')
    if (blank !== undefined) store.take(job.lot, [blank])
    this.#inside = { card }
    if (blank === undefined) return { card: asked, fault: 'out-of-media' }
    return { card: asked, fault: drawn === 'none' ? undefined : drawn }
  }

  /** What the people know of the card that was in the printer. @param isWritten that what the printer said of it is on the disk */
  #settle(isWritten: boolean): void {
    if (this.#inside === undefined) return
    const { card, said } = this.#inside
    this.#inside = undefined
    if (!isWritten) return
    if (said === 'printed') this.#office.moveCard(card, 'printed')
    if (said === 'not-printed') this.#office.moveCard(card, 'untouched')
  }
}

/** Cards that were looked at, and are good. */
const looked = new WeakSet<KnownCard>()

/** In the evening: what lies in the tray is compared with what the printer said, and each open card is looked for that is to be today. */
export async function lookAtTray(world: World, office: Office, looksAtAll: boolean): Promise<void> {
  const { day } = world
  const tray = new Map(cardsIn(office.setting.tray).map(line => [line.job, line.found]))
  const random = world.random.child('tray').child(office.id).child(day)
  for (const card of office.cards.values()) {
    const found = tray.get(card.job) ?? 'untouched'
    const isDue = card.state === 'open' && (card.lookOn <= day || looksAtAll)
    const isLie = card.state === 'printed' && card.day === day && found === 'untouched'
    if (isDue || isLie) await answer(office, card, found)
    if (isLie) office.expected['printer-contradicted']++
    if (card.state === 'printed' && !looked.has(card)) await lookAtCard(world, office, card, random)
  }
}

async function answer(office: Office, card: KnownCard, found: 'printed' | 'spoiled' | 'untouched'): Promise<void> {
  const done = await office.did('resolveJob', station => resolveJob(station, card.job, { found, operator: OPERATOR }))
  if (!done) return
  card.answer = found
  office.moveCard(card, found)
}

/** A card that is there: thrown away, or laid ready for its person. */
async function lookAtCard(world: World, office: Office, card: KnownCard, random: Random): Promise<void> {
  looked.add(card)
  const person = world.persons.get(card.person)!
  if (random.chance(SPOILED)) {
    const input = { reason: 'a scratch', operator: OPERATOR }
    const done = await office.did('spoilCard', station => spoilCard(station, card.job, input))
    if (!done) return
    office.moveCard(card, 'spoiled')
    card.destroyed = true
    return
  }
  const { collectsAfterDays } = person.resident
  if (collectsAfterDays !== undefined) person.collects = { card, at: office, on: world.day + 1 + collectsAfterDays }
}

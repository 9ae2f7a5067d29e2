import type { ErrorCode } from '../../errors.js'
import { SidikError } from '../../errors.js'
import { openStation, recoverPrinting } from '../../station/index.js'
import type { CardPurpose } from '../../station/print/types.js'
import type { Station } from '../../station/station.js'
import { partsOf } from '../../station/station.js'
import type { StationIdentity } from '../../station/types.js'
import type { OfficePlan } from './plan-types.js'
import { Power, PowerCut } from './power.js'
import { Store } from './store.js'
import type { CardAsked } from './tray-printer.js'

/** By how much a simulated clock goes on each time it is looked at. */
const TICK_MS = 1_000

/** A card that went to the printer, as the people of the station know it. */
export interface KnownCard extends CardAsked {
  readonly day: number
  readonly person: number
  readonly purpose: CardPurpose
  readonly request: string
  /** The piece that the operator put in; undefined where there was none to be found. */
  readonly blank: number | undefined
  /** Lots of ribbon and film that were in the printer. */
  readonly consumables: readonly string[]
  /** `open`: nobody has looked at the tray yet. */
  state: 'open' | 'printed' | 'spoiled' | 'untouched' | 'handed-over'
  /** What somebody said who looked at the tray. */
  answer?: 'printed' | 'spoiled' | 'untouched'
  /** Day on which somebody looks at the tray. */
  lookOn: number
  /** A card that came out and was thrown away. */
  destroyed?: true
}

/** A piece in the printer, and how many cards were made with it. */
export interface KnownPiece {
  readonly lot: string
  cards: number
}

export interface OfficeSetting {
  readonly path: string
  readonly tray: string
  readonly key: Uint8Array
  readonly identity: StationIdentity
  readonly plan: OfficePlan
}

/** A station of the simulation: its real file, its power, and what its people know apart from its books. */
export class Office {
  readonly id: string
  readonly setting: OfficeSetting
  readonly store = new Store()
  /** By job. */
  readonly cards = new Map<string, KnownCard>()
  /** What is in the printer, by item. */
  readonly pieces = new Map<string, KnownPiece>()
  /** Everything that was refused as it should be, and everything else that went wrong. */
  readonly refused: Record<string, number> = {}
  readonly failures: string[] = []
  /** The last day on whose evening it and the hub had told each other everything. */
  heardOn = -1
  /** Calls of the station's functions. */
  asked = 0
  cuts = 0
  /** Discrepancies that its books must show, by code. */
  readonly expected = { 'count-differs': 0, 'printer-contradicted': 0, 'yield-differs': 0 }
  #station: Station | undefined
  #power: Power | undefined
  #dropped: Station[] = []
  #nowMs = 0

  constructor(setting: OfficeSetting) {
    this.id = setting.identity.id
    this.setting = setting
  }

  get station(): Station {
    if (this.#station === undefined) throw new TypeError(`${this.id} was not opened`)
    return this.#station
  }

  get power(): Power {
    return this.#power!
  }

  /** @param nowMs what a right clock shows in the morning */
  begin(nowMs: number): void {
    this.#nowMs = this.shows(nowMs)
  }

  /** The time that its own clock shows then. */
  shows(nowMs: number): number {
    return nowMs + (this.setting.plan.clockErrorMs ?? 0)
  }

  async open(): Promise<void> {
    const { path, key, identity } = this.setting
    const clock = () => {
      this.#nowMs += TICK_MS
      return this.#nowMs
    }
    this.#station = await openStation({ path, key, identity, clock })
    this.#power = new Power(this.#station)
  }

  /** After a power cut: the machine starts again, with what is on the disk. */
  async revive(): Promise<void> {
    if (this.power.isOn) return
    this.cuts++
    // Its handle is dropped as it is: the file is opened again beside it.
    this.#dropped.push(this.station)
    await this.open()
    recoverPrinting(this.station)
  }

  /**
   * What somebody does at the station, again after a power cut. Undefined where it was refused with `mayRefuse`; any other error is a failure
   * of the station's.
   */
  async does<T>(
    what: string,
    work: (station: Station) => T | Promise<T>,
    mayRefuse?: ErrorCode,
  ): Promise<T | undefined> {
    this.asked++
    for (;;) {
      try {
        return await work(this.station)
      } catch (error) {
        if (!this.power.isOn) {
          await this.revive()
          continue
        }
        const code = error instanceof SidikError ? error.code : undefined
        if (code !== undefined && code === mayRefuse) {
          const name = `${what} ${code}`
          this.refused[name] = (this.refused[name] ?? 0) + 1
        } else this.fails(what, error)
        return undefined
      }
    }
  }

  /** The same for what gives nothing back. @returns whether it was done */
  async did(what: string, work: (station: Station) => unknown): Promise<boolean> {
    const before = this.failures.length
    await this.does(what, work)
    return this.failures.length === before
  }

  /** What must be refused. */
  async mustRefuse(what: string, code: ErrorCode, work: (station: Station) => unknown): Promise<void> {
    const before = this.refused[`${what} ${code}`] ?? 0
    const failures = this.failures.length
    await this.does(what, work, code)
    const isRefused = this.refused[`${what} ${code}`] === before + 1 || this.failures.length > failures
    if (!isRefused) this.#note(`${what}: was not refused with ${code}`)
  }

  fails(what: string, error: unknown): void {
    const code = error instanceof SidikError ? error.code : 'undocumented'
    this.#note(`${what}: ${code}: ${error instanceof Error ? error.message : String(error)}`)
  }

  /** With the time, so that the same failure on another day is another one. */
  #note(failure: string): void {
    this.failures.push(`${new Date(this.#nowMs).toISOString()} ${failure}`)
  }

  /** The blank of a card that went to the printer, in the counters. */
  moveCard(card: KnownCard, state: 'printed' | 'spoiled' | 'untouched'): void {
    const { lot, blank } = card
    const from = card.state === 'open' ? 'reserved' : 'printed'
    const to = state === 'untouched' ? 'available' : state
    this.store.move(lot, from, to)
    if (state === 'untouched' && blank !== undefined) this.store.lot(lot).shelf.add(blank)
    if (card.state === 'open' && state !== 'untouched') {
      for (const piece of this.pieces.values()) if (card.consumables.includes(piece.lot)) piece.cards++
    }
    card.state = state
  }

  /** Ends everything; dropped handles too. */
  async close(): Promise<void> {
    for (const dropped of this.#dropped.splice(0)) await closeDropped(dropped)
    await this.#station?.close()
  }
}

/** The memory of a machine whose power went: given back to the system, with nothing written. */
async function closeDropped(station: Station): Promise<void> {
  const { file } = partsOf(station)
  try {
    await station.close()
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error
    file.close()
  }
}

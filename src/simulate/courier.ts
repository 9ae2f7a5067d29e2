import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actor } from './actor.js'
import { ProcessEnded } from './child.js'
import type { Kiosk } from './kiosk.js'
import type { LeakSearch } from './leaks.js'
import type { HubCommand, KioskCommand } from './messages.js'
import type { StickTrip } from './plan-types.js'

/** A stick on its way. */
interface Parcel {
  readonly kiosk: Kiosk
  readonly trip: StickTrip
  readonly folder: string
  readonly to: 'hub' | 'kiosk'
  readonly day: number
  /** It is the second time. */
  readonly again?: true
}

/** What became of sticks. */
export interface StickTally {
  exported: number
  lost: number
  imported: number
  again: number
  /** Imports that were refused because a part was missing or damaged. */
  refused: number
  parts: number
}

/** Carries bundles between kiosks and the hub, late, twice, in parts, and not always. */
export class Courier {
  readonly tally: StickTally = { exported: 0, lost: 0, imported: 0, again: 0, refused: 0, parts: 0 }
  readonly #folder: string
  readonly #hub: Actor<HubCommand>
  readonly #search: LeakSearch
  readonly #parcels: Parcel[] = []
  #next = 0

  constructor(folder: string, hub: Actor<HubCommand>, search: LeakSearch) {
    this.#folder = folder
    this.#hub = hub
    this.#search = search
  }

  /** In the evening: a stick leaves the kiosk. */
  async leave(kiosk: Kiosk, trip: StickTrip, day: number): Promise<void> {
    const folder = await this.#export(kiosk.actor, this.#hub.id, trip, trip.killExportMs)
    if (folder === undefined) return
    if (trip.lost) return this.#lose(folder)
    this.#parcels.push({ kiosk, trip, folder, to: 'hub', day: day + trip.arrivesAfterDays })
  }

  /** In the evening: what arrives that day is imported, and answered by a stick that goes back. */
  async arrive(day: number): Promise<void> {
    for (const parcel of this.#parcels.filter(each => each.day === day)) {
      this.#parcels.splice(this.#parcels.indexOf(parcel), 1)
      const { kiosk, trip, folder, to, again } = parcel
      if (to === 'kiosk') {
        await this.#importAll(kiosk.actor, parcel, trip.killReturnMs)
        await rm(folder, { recursive: true })
        continue
      }
      await this.#importAll(this.#hub, parcel, again ? undefined : trip.killImportMs)
      if (again) this.tally.again++
      else if (trip.againAfterDays !== undefined) {
        this.#parcels.push({ ...parcel, again: true, day: day + trip.againAfterDays })
        await this.#return(parcel)
        continue
      }
      if (!again) await this.#return(parcel)
      await rm(folder, { recursive: true })
    }
  }

  /** There and back at once, whole. */
  async exchange(kiosk: Kiosk): Promise<void> {
    const trip = { partBytes: 2 ** 24 } as const
    for (const [from, to] of [
      [kiosk.actor, this.#hub],
      [this.#hub, kiosk.actor],
    ] as const) {
      const folder = await this.#export(from, to.id, trip, undefined)
      if (folder === undefined) throw new Error(`${from.id} exports nothing`)
      await this.#import(to, from.id, await this.#filesIn(folder), undefined)
      await rm(folder, { recursive: true })
    }
  }

  async #return({ kiosk, trip, day }: Parcel): Promise<void> {
    const folder = await this.#export(this.#hub, kiosk.actor.id, trip, undefined)
    if (folder === undefined) return
    if (trip.lostOnReturn) return this.#lose(folder)
    this.#parcels.push({ kiosk, trip, folder, to: 'kiosk', day: day + trip.returnsAfterDays })
  }

  async #lose(folder: string): Promise<void> {
    this.tally.lost++
    await rm(folder, { recursive: true })
  }

  /** The folder of a new bundle; undefined where the process was killed at it, or refused: then there is no stick. */
  async #export(
    from: Actor<HubCommand> | Actor<KioskCommand>,
    to: string,
    { partBytes }: Pick<StickTrip, 'partBytes'>,
    killMs: number | undefined,
  ): Promise<string | undefined> {
    const folder = join(this.#folder, `stick-${++this.#next}`)
    await mkdir(folder)
    const cancel = killMs === undefined ? () => {} : from.killLater(killMs, 'export')
    const done = await askOnce(from, { do: 'export', peer: to, folder, partBytes })
    cancel()
    if (done === undefined) {
      await rm(folder, { recursive: true })
      return undefined
    }
    this.tally.exported++
    for (const file of await this.#filesIn(folder)) this.#search.look(`a stick of ${from.id}`, await readFile(file))
    return folder
  }

  /** At first without a part, or with one that is damaged, where the trip has that; then whole, which must do. */
  async #importAll(at: Actor<HubCommand> | Actor<KioskCommand>, parcel: Parcel, killMs: number | undefined) {
    const { trip, folder, to, again } = parcel
    const files = await this.#filesIn(folder)
    const parts = files.filter(isPart)
    this.tally.parts += parts.length
    const from = to === 'hub' ? parcel.kiosk.actor.id : this.#hub.id
    if (again !== true && trip.missingPart !== undefined && parts.length > 1) {
      const missing = parts[trip.missingPart % parts.length]
      await this.#import(
        at,
        from,
        files.filter(file => file !== missing),
        undefined,
      )
    }
    if (again !== true && trip.damagedAt !== undefined) {
      const damaged = await this.#damaged(folder, trip.damagedAt)
      await this.#import(at, from, await this.#filesIn(damaged), undefined)
      await rm(damaged, { recursive: true })
    }
    await this.#import(at, from, files, killMs)
    this.tally.imported++
  }

  async #import(
    at: Actor<HubCommand> | Actor<KioskCommand>,
    from: string,
    files: readonly string[],
    killMs: number | undefined,
  ): Promise<void> {
    const cancel = killMs === undefined ? () => {} : at.killLater(killMs, 'import')
    const done = await askOnce(at, { do: 'import', peer: from, files })
    cancel()
    if (done === undefined) this.tally.refused++
  }

  /** A copy of which one byte of one part is altered. */
  async #damaged(folder: string, at: number): Promise<string> {
    const copy = `${folder}-damaged`
    await cp(folder, copy, { recursive: true })
    const parts = (await this.#filesIn(copy)).filter(isPart)
    const part = parts[Math.floor(at * parts.length)]
    const bytes = await readFile(part)
    bytes[Math.floor(at * bytes.length)] ^= 1
    await writeFile(part, bytes)
    return copy
  }

  async #filesIn(folder: string): Promise<string[]> {
    return (await readdir(folder)).sort().map(name => join(folder, name))
  }
}

/** Part 2 of 3 is '<bundle>.2of3.sidik'; the other file is the manifest. */
const isPart = (path: string) => /\.\d+of\d+\.sidik$/.test(path)

/** undefined where the process was killed at it, or refused. */
async function askOnce(actor: Actor<HubCommand> | Actor<KioskCommand>, command: HubCommand & KioskCommand) {
  try {
    return (await (actor as Actor<KioskCommand>).ask(command)) ?? undefined
  } catch (error) {
    if (!(error instanceof ProcessEnded)) throw error
    return undefined
  }
}

import { createHash, randomBytes } from 'node:crypto'

/** How long an upload must lie untouched, in ms, before another of its station takes its place: far longer than between two parts. */
const IDLE_MS = 5_000

const UPLOAD_ID = /^[0-9a-f]{32}-[0-9a-f]{32}$/

/**
 * Which uploads are whose. The name of one says whose it is, so that this is known after a restart too; how many a station has is kept in
 * memory alone. A line that breaks at the wrong moment, and a station that thinks better of it, leave uploads that nobody goes on with: a new
 * one takes the place of the one that was not touched for longest.
 */
export class Uploads {
  readonly #mostPerStation: number
  readonly #now: () => number
  /** By station: when each was touched; in infinity while something is being written to it. */
  readonly #touched = new Map<string, Map<string, number>>()

  constructor(mostPerStation: number, now: () => number) {
    this.#mostPerStation = mostPerStation
    this.#now = now
  }

  /** The name for a new upload, and the one that makes room for it; undefined when all of the station's are at work. */
  admit(station: string): { readonly id: string; readonly dropped: string | undefined } | undefined {
    const own = this.#touched.get(station) ?? new Map<string, number>()
    let dropped: string | undefined
    if (own.size >= this.#mostPerStation) {
      const [oldest] = [...own].sort(([, a], [, b]) => a - b)
      if (this.#now() - oldest[1] < IDLE_MS) return undefined
      dropped = oldest[0]
      own.delete(dropped)
    }
    const id = `${markOf(station)}-${randomBytes(16).toString('hex')}`
    own.set(id, this.#now())
    this.#touched.set(station, own)
    return { id, dropped }
  }

  /** Until `touch`, nothing takes its place. */
  hold(station: string, id: string): void {
    const own = this.#touched.get(station)
    if (own?.has(id)) own.set(id, Number.POSITIVE_INFINITY)
  }

  /** @param isThere that it is known to be there, if not here: from before a restart */
  touch(station: string, id: string, isThere: boolean): void {
    const own = this.#touched.get(station) ?? new Map<string, number>()
    if (isThere || own.has(id)) this.#touched.set(station, own.set(id, this.#now()))
  }

  forget(station: string, id: string): void {
    const own = this.#touched.get(station)
    own?.delete(id)
    if (own?.size === 0) this.#touched.delete(station)
  }
}

/** Whether it is a name that an upload of this station can have: nothing else of a path is ever used. */
export function isUploadOf(station: string, id: string): boolean {
  return UPLOAD_ID.test(id) && id.startsWith(markOf(station))
}

function markOf(station: string): string {
  return createHash('sha256').update(station).digest('hex').slice(0, 32)
}

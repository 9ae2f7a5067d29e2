/**
 * Turns of the check: of one peer after the other, and of the stations that are reached by way of
 * it one after the other. A hub that invents thousands of kiosks has no more turns than an office.
 */
import type { StationFile } from '../store/database.js'
import { eachValue } from '../store/each-value.js'

interface DueStation {
  readonly station: string
  /** The peer by way of which it is reached; itself where it is none's. */
  readonly via: string
}

/** Stations with records that are due, by their peers. */
const DUE_STATIONS = `SELECT station, coalesce((SELECT id FROM peer WHERE id = station),
    (SELECT via FROM vouched v WHERE v.station = due.station), station) AS via
  FROM (${eachValue('station', 'check_due WHERE TRUE')}) due ORDER BY via, station`

export class CheckTurns {
  #lastPeer = ''
  /** The station that had the last turn, by peer. */
  readonly #last = new Map<string, string>()

  /** The station has had its turn. */
  pass({ station, via }: DueStation): void {
    this.#lastPeer = via
    this.#last.set(via, station)
  }

  /** Stations with records that are due: those whose turn it is come first. */
  *next(file: StationFile): Generator<DueStation> {
    const byPeer = new Map<string, DueStation[]>()
    for (const each of file.all<DueStation>(DUE_STATIONS)) {
      const ofPeer = byPeer.get(each.via)
      if (ofPeer === undefined) byPeer.set(each.via, [each])
      else ofPeer.push(each)
    }
    for (const via of after([...byPeer.keys()], this.#lastPeer, peer => peer)) {
      yield* after(byPeer.get(via)!, this.#last.get(via) ?? '', ({ station }) => station)
    }
  }
}

/** The members behind a name, then those up to it. */
function after<T>(sorted: readonly T[], name: string, nameOf: (member: T) => string): T[] {
  const isAfter = (member: T) => nameOf(member) > name
  return [...sorted.filter(isAfter), ...sorted.filter(member => !isAfter(member))]
}

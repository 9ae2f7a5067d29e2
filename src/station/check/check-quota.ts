/**
 * Time that the check of a station's records takes, counted to that station and to the peer by way
 * of which they come. Records beyond the quota wait unchecked. Those of this station have none.
 */
import { beginWork } from '../quotas/processor-time.js'
import { beyondChecks, spendCheckMs } from '../quotas/use.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { noteQuota } from '../sync/noted.js'
import { trustedStation } from '../sync/trust.js'

/** Whether a record of the station may be checked now. Notes, once a day, that it may not. */
export function mayBeChecked(station: Station, recordedBy: string): boolean {
  const peer = peerBelow(station, recordedBy)
  const beyond = peer && beyondChecks(station, peer, recordedBy)
  if (beyond === undefined) return true
  // How many recorders there are is the peer's own word: it answers for all of them.
  const by = beyond === peer ? undefined : ({ id: peer!, relation: 'downstream' } as const)
  noteQuota(station, { id: beyond }, 'checkMs', by)
  return false
}

/** Counts the check of a record. To be called in a transaction. */
export function countCheck(station: Station, recordedBy: string, ms: number): void {
  const peer = peerBelow(station, recordedBy)
  if (peer !== undefined) spendCheckMs(station, peer, recordedBy, ms)
}

/** The peer below by way of which a station's records come; undefined for this station's own. */
export function peerBelow(station: Station, recordedBy: string): string | undefined {
  const { file, identity } = partsOf(station)
  const known = recordedBy === identity.id ? undefined : trustedStation(file, recordedBy)
  return known?.relation === 'downstream' ? known.via : undefined
}

/** Measures work, in ms: of an index that was given by the clock, as other machines do it. */
export function beginCheck({ index }: StationParts): () => number {
  const [beganMs, workedMs] = [performance.now(), beginWork()]
  return () => (index === undefined ? workedMs() : performance.now() - beganMs)
}

/** Work of checks that are underway at once: what is done meanwhile counts to each of them in equal parts. */
export class SharedWork {
  readonly #parts: StationParts
  #workedMs: () => number
  /** By record, ms until now. */
  readonly #underway = new Map<string, number>()

  constructor(parts: StationParts) {
    this.#parts = parts
    this.#workedMs = beginCheck(parts)
  }

  begin(record: string): void {
    this.#share()
    this.#underway.set(record, 0)
  }

  /** @returns the record's part, ms */
  end(record: string): number {
    this.#share()
    const ms = this.#underway.get(record) ?? 0
    this.#underway.delete(record)
    return ms
  }

  #share(): void {
    const ms = this.#workedMs() / this.#underway.size
    for (const [record, until] of this.#underway) this.#underway.set(record, until + ms)
    this.#workedMs = beginCheck(this.#parts)
  }
}

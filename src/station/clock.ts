/** The station's time. It is what the machine says; that it can be wrong is noted, not corrected: order comes from the sequence. */

/** Milliseconds since 1970, as `Date.now`. */
export type Clock = () => number

/** Clocks that are set by the network step back by less; what steps further was set by hand, or lost its battery. */
export const CLOCK_TOLERANCE_MS = 60_000

/** The last moment before the year 9999: a letter that is issued then ends in a year of four digits. */
const LAST_MS = Date.UTC(9999, 0, 1) - 1

/**
 * The clock of a host, which is held to times that entries can have: one that says microseconds for
 * once would leave an entry that nobody can read.
 */
export function boundedClock(clock: Clock): Clock {
  return () => {
    const ms = clock()
    if (typeof ms === 'number' && ms >= 0 && ms <= LAST_MS) return ms
    throw new RangeError(`clock says ${ms}: it must give milliseconds since 1970, of a year before 9999`)
  }
}

/** ISO 8601 with milliseconds, UTC. */
export function timeOf(clock: Clock): string {
  return new Date(clock()).toISOString()
}

const MOMENT = /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/

/**
 * Milliseconds since 1970 of a day or time of ISO 8601 that somebody gives, a blank in place of its T
 * among it; undefined for any other text. `Date.parse` alone takes '12' for a day of 2001, and
 * 30 February for one of March.
 */
export function momentMs(text: string): number | undefined {
  const [, day] = MOMENT.exec(text) ?? []
  if (day === undefined || Number.isNaN(Date.parse(text))) return undefined
  return new Date(day).toISOString().startsWith(day) ? Date.parse(text) : undefined
}

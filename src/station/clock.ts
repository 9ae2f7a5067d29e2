/** The station's time. It is what the machine says; that it can be wrong is noted, not corrected: order comes from the sequence. */

/** Milliseconds since 1970, as `Date.now`. */
export type Clock = () => number

/** Clocks that are set by the network step back by less; what steps further was set by hand, or lost its battery. */
export const CLOCK_TOLERANCE_MS = 60_000

/** ISO 8601 with milliseconds, UTC. */
export function timeOf(clock: Clock): string {
  return new Date(clock()).toISOString()
}

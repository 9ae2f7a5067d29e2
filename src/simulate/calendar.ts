/** The simulated time. */

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** Morning of the first day of every simulated outage. */
export const BEGIN_MS = Date.UTC(2026, 0, 5)

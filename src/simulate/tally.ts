import type { Refused } from './child.js'

/** Where a process was killed. */
export type KilledAt = 'transaction' | 'check' | 'work' | 'sync' | 'export' | 'import'

/** What a command may be refused with in an outage; anything else is a fault of the station's. */
const REFUSED_WITH: Readonly<Record<string, RegExp>> = {
  enrol: /^STATION_FULL$/,
  correct: /^STATION_FULL$/,
  withdraw: /^STATION_FULL$/,
  decide: /^STATION_FULL$/,
  settle: /^STATION_FULL$/,
  remove: /^STATION_FULL$/,
  sync: /^(STATION_FULL|LINE_DOWN|LINE_REFUSED|LINE_PROTOCOL|LINE_RESTING)$/,
  export: /^STATION_FULL$/,
  import: /^(STATION_FULL|BUNDLE_\w+)$/,
}

/** Most failures that are kept in words. */
const KEPT = 100

/** What happened, counted. */
export class Tally {
  asked = 0
  readonly kills: Record<KilledAt, number> = { transaction: 0, check: 0, work: 0, sync: 0, export: 0, import: 0 }
  /** Commands that were refused, by what was asked and the code. */
  readonly refused: Record<string, number> = {}
  /** What must not happen at all, in words. */
  readonly failures: string[] = []

  get killed(): number {
    return Object.values(this.kills).reduce((sum, count) => sum + count, 0)
  }

  /** Notes a refusal, as one that may be or as a failure. */
  refusal(station: string, asked: string, { code, message }: Refused): void {
    const name = `${asked} ${code ?? 'undocumented'}`
    this.refused[name] = (this.refused[name] ?? 0) + 1
    if (code === undefined || !REFUSED_WITH[asked]?.test(code))
      this.failure(`${station}: ${asked}: ${code}: ${message}`)
  }

  failure(what: string): void {
    if (this.failures.length < KEPT) this.failures.push(what)
  }
}

/** Times as the office's clocks on the wall show them. JSON keeps ISO 8601 in UTC. */
import { InvalidArgumentError, Option } from 'commander'

export interface ZoneOptions {
  /** IANA name of the time zone; the machine's unless given. */
  readonly zone?: string
}

export const zoneOption = () =>
  new Option('--zone <name>', "time zone of the times in text: Asia/Jakarta (default: the machine's)").argParser(
    parseZone,
  )

function parseZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    throw new InvalidArgumentError('It is no time zone, as Asia/Jakarta is one.')
  }
}

export interface ZonedTimes {
  /** IANA name. */
  readonly zone: string
  /** '2026-11-30 16:05:27' of an ISO time; what is none stays as it is. */
  readonly of: (iso: string) => string
}

export function timesIn({ zone }: ZoneOptions): ZonedTimes {
  // Swedish writes dates as ISO does.
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...(zone !== undefined && { timeZone: zone }),
    ...{ dateStyle: 'short', timeStyle: 'medium' },
  })
  const of = (iso: string) => (Number.isNaN(Date.parse(iso)) ? iso : format.format(Date.parse(iso)))
  return { zone: format.resolvedOptions().timeZone, of }
}

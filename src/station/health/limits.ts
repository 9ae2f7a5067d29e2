/**
 * Warnings where something has waited for long, or will run out. None of them stops anything: a record that is not taken because of a counter
 * is a person sent home. Past its second bound a warning asks that somebody answers for going on, in the journal.
 */
import { readOptions } from '../../options.js'
import { append } from '../journal/append.js'
import { partsOf, type Station } from '../station.js'
import { newestNoted } from './noted.js'
import { type StationStatus, status } from './status.js'

const DAY_MS = 86_400_000

/** A warning from `warn` on; from `answer` on somebody has to answer for it. */
export interface Bounds {
  readonly warn: number
  readonly answer: number
}

export type LimitName = 'oldest-waiting' | 'records-waiting' | 'disk-free' | 'disk-full-in' | 'key-age' | 'clock-behind'

/** What is meant by each bound, and why it lies there. A host may have others. */
export const DEFAULT_LIMITS: Readonly<Record<LimitName, Bounds>> = {
  /** Days. A week without a line is a holiday; after a month the persons ask where their card is. */
  'oldest-waiting': { warn: 7, answer: 30 },
  /** Records. A busy station has 100 a day: two weeks of it, and as many as one lost disk may take with it. */
  'records-waiting': { warn: 1_400, answer: 5_000 },
  /** Bytes, downwards. A record is about a megabyte with images. */
  'disk-free': { warn: 2 * 2 ** 30, answer: 2 ** 29 },
  /** Days, downwards. Time to bring a larger disk; time to carry a bundle away. */
  'disk-full-in': { warn: 30, answer: 7 },
  /** Days. Once a year, and never more than two. */
  'key-age': { warn: 365, answer: 730 },
  /** Milliseconds. What the network's time does not correct in one step; and an hour, by which a battery is out. */
  'clock-behind': { warn: 60_000, answer: 3_600_000 },
}

export interface LimitWarning {
  readonly limit: LimitName
  /** In the unit of the limit. */
  readonly value: number
  /** The bound that was passed. */
  readonly bound: number
  /** Past the second bound, and not answered for: `override` says who does. */
  readonly needsAnswer: boolean
  /** Until when somebody answers for it: ISO 8601. */
  readonly overriddenUntil?: string
  /** In plain words. */
  readonly message: string
}

export interface LimitOptions {
  /** Bounds in place of the defaults. */
  readonly bounds?: Partial<Readonly<Record<LimitName, Bounds>>>
}

/** In the unit of the limit, and the words for it. */
interface Measure {
  readonly value: number | undefined
  /** Less is worse. */
  readonly downwards?: boolean
  readonly words: (value: number) => string
}

/**
 * What is past its bound.
 *
 * @throws TypeError for a limit or bound that is none, SidikError STATION_CLOSED
 */
export function limits(station: Station, options?: LimitOptions): LimitWarning[] {
  const { bounds = {} } = readOptions('limits', options, ['bounds'])
  const all = { ...DEFAULT_LIMITS, ...readBounds(bounds) }
  const overrides = overridesUntil(station)
  return Object.entries(measures(status(station))).flatMap(([name, { value, downwards = false, words }]) => {
    const limit = name as LimitName
    const { warn, answer } = all[limit]
    const isPast = (bound: number) => value !== undefined && (downwards ? value <= bound : value >= bound)
    if (value === undefined || !isPast(warn)) return []
    const overriddenUntil = overrides.get(limit)
    return [
      {
        limit,
        value,
        bound: isPast(answer) ? answer : warn,
        needsAnswer: isPast(answer) && overriddenUntil === undefined,
        ...(overriddenUntil !== undefined && { overriddenUntil }),
        message: words(value),
      },
    ]
  })
}

export interface OverrideInput {
  readonly limit: LimitName
  /** Who answers for going on. */
  readonly operator: string
  readonly reason: string
  /** Until when: ISO 8601 with milliseconds, UTC. */
  readonly until: string
}

/**
 * Notes in the journal who answers for going on past a limit. It changes nothing but what `limits` says.
 *
 * @throws TypeError naming the field, SidikError STATION_CLOSED, STATION_FULL, STATION_BUSY
 */
export function override(station: Station, input: OverrideInput): void {
  const { limit, operator, reason, until } = readOptions('override', input, ['limit', 'operator', 'reason', 'until'])
  assertLimit(limit)
  for (const [name, value, most] of [
    ['operator', operator, 200],
    ['reason', reason, 2_000],
  ] as const) {
    if (typeof value !== 'string' || value.trim() === '' || value.length > most) {
      throw new TypeError(`${name} must be a text of 1 to ${most} characters`)
    }
  }
  if (typeof until !== 'string' || Number.isNaN(Date.parse(until)) || new Date(until).toISOString() !== until) {
    throw new TypeError('until must be a time as Date.toISOString writes it')
  }
  append(station, { kind: 'override', direction: 'local', body: { limit, operator, reason, until } })
}

const days = (value: number) => `${Math.floor(value)} ${Math.floor(value) === 1 ? 'day' : 'days'}`
const megabytes = (value: number) => `${Math.round(value / 2 ** 20).toLocaleString('en-US')} MB`

function measures({ at, peers, disk, keySince, clockBehindMs }: StationStatus): Readonly<Record<LimitName, Measure>> {
  const now = Date.parse(at)
  const daysSince = (time: string | undefined) => time && (now - Date.parse(time)) / DAY_MS
  const up = peers.find(({ relation }) => relation === 'upstream')?.waiting
  return {
    'oldest-waiting': {
      value: daysSince(up?.oldestAt) || undefined,
      words: value =>
        `The oldest record that has not reached the centre is ${days(value)} old. Connect the station, or take a bundle.`,
    },
    'records-waiting': {
      value: up?.records,
      words: value =>
        `${value.toLocaleString('en-US')} records have not reached the centre. Connect the station, or take a bundle.`,
    },
    'disk-free': {
      value: disk.freeBytes,
      downwards: true,
      words: value => `${megabytes(value)} are free on the disk. Make room, or use a larger disk.`,
    },
    'disk-full-in': {
      value: disk.fullInDays,
      downwards: true,
      words: value => `At the rate of late the disk is full in ${days(value)}. Make room, or use a larger disk.`,
    },
    'key-age': {
      value: daysSince(keySince) || undefined,
      words: value => `The key of the station's file has been the same for ${days(value)}. Give it another one.`,
    },
    'clock-behind': {
      value: clockBehindMs === 0 ? undefined : clockBehindMs,
      words: value =>
        `The clock is ${Math.round(value / 1_000).toLocaleString('en-US')} seconds behind the last entry. Set it.`,
    },
  }
}

function overridesUntil(station: Station): Map<string, string> {
  const parts = partsOf(station)
  const now = new Date(parts.clock()).toISOString()
  const valid = newestNoted(parts, 'override', 100).filter(({ body }) => body.until > now)
  return new Map(valid.reverse().map(({ body }) => [body.limit, body.until]))
}

function readBounds(bounds: NonNullable<LimitOptions['bounds']>): NonNullable<LimitOptions['bounds']> {
  for (const [limit, given] of Object.entries(bounds)) {
    assertLimit(limit)
    const { warn, answer } = given ?? {}
    if (typeof warn !== 'number' || typeof answer !== 'number' || Number.isNaN(warn + answer)) {
      throw new TypeError(`bounds of '${limit}' must be { warn, answer }, numbers`)
    }
  }
  return bounds
}

function assertLimit(limit: unknown): asserts limit is LimitName {
  if (typeof limit === 'string' && Object.hasOwn(DEFAULT_LIMITS, limit)) return
  throw new TypeError(`limit must be one of ${Object.keys(DEFAULT_LIMITS).join(', ')}`)
}

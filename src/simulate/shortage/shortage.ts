import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SidikError } from '../../errors.js'
import type { InvariantResult } from '../invariants.js'
import { playDay, settle } from './days.js'
import type { Evening } from './evening.js'
import { InvariantTally } from './invariants.js'
import { planShortage } from './plan.js'
import type { ShortageSize } from './plan-types.js'
import { type ShortageDay, timelineDay } from './timeline.js'
import { createWorld, everybody, type World } from './world.js'

export interface ShortageOptions extends ShortageSize {
  /** Where the stations' files lie while it runs; the system's folder for such files unless given. */
  readonly folder?: string
  /** Leave them there. */
  readonly keep?: boolean
  readonly signal: AbortSignal
  readonly onProgress: (step: string, done: number, total: number) => void
  /** Is shown every evening; the last one comes after everybody has told everything. */
  readonly onEvening?: (evening: Evening) => void
}

export interface ShortageReport extends ShortageSize {
  readonly holds: boolean
  readonly invariants: readonly InvariantResult[]
  readonly timeline: readonly ShortageDay[]
  readonly counts: ShortageDay
  /** Of people who were recorded: how many waited so long for their first card, in days; and those who have none. */
  readonly waitingDays: { readonly median: number; readonly longest: number; readonly without: number }
  /** What stations refused as they must, by what was asked and the error's code. */
  readonly refused: Readonly<Record<string, number>>
  /** What stations put on record, by code. */
  readonly discrepancies: Readonly<Record<string, number>>
  readonly elapsedMs: number
  readonly folder?: string
}

/**
 * Plays the shortage of that plan with real stations, and checks every evening what must hold.
 *
 * @throws the signal's reason; SidikError FILE_UNWRITABLE where the folder cannot be used
 */
export async function simulateShortage(options: ShortageOptions): Promise<ShortageReport> {
  const { days, offices, seed, signal, onProgress, onEvening } = options
  const startedAt = performance.now()
  const folder = await temporaryFolder(options.folder)
  const tally = new InvariantTally()
  const timeline: ShortageDay[] = []
  let world: World | undefined
  try {
    world = await createWorld(planShortage({ days, offices, seed }), folder)
    const look = (evening: Evening) => {
      tally.look(evening)
      onEvening?.(evening)
    }
    for (let day = 0; day < days; day++) {
      signal.throwIfAborted()
      onProgress('shortage', day, days)
      const evening = await playDay(world, day)
      look(evening)
      timeline.push(timelineDay(world, evening))
    }
    signal.throwIfAborted()
    onProgress('checking', 0, 1)
    const last = await settle(world)
    look(last)
    const invariants = tally.results()
    return {
      days,
      offices,
      seed,
      holds: invariants.every(({ holds }) => holds),
      invariants,
      timeline,
      counts: timelineDay(world, last),
      waitingDays: waitingDays(last),
      refused: summed(everybody(world).map(({ refused }) => refused)),
      discrepancies: summed(last.stations.map(each => each.discrepancies)),
      elapsedMs: performance.now() - startedAt,
      ...(options.keep === true && { folder }),
    }
  } finally {
    if (world !== undefined) for (const office of everybody(world)) await office.close()
    if (options.keep !== true) await rm(folder, { recursive: true, force: true })
  }
}

async function temporaryFolder(parent = tmpdir()): Promise<string> {
  try {
    return await mkdtemp(join(parent, 'sidik-shortage-'))
  } catch (cause) {
    throw new SidikError('FILE_UNWRITABLE', `${parent} cannot be written to`, { cause })
  }
}

/** From the recording to the first card that came out whole and was not thrown away. */
function waitingDays({ persons, stations }: Evening): ShortageReport['waitingDays'] {
  const cardOn = new Map<number, number>()
  for (const card of stations.flatMap(({ cards }) => cards)) {
    if (card.state !== 'printed' && card.state !== 'handed-over') continue
    cardOn.set(card.person, Math.min(cardOn.get(card.person) ?? card.day, card.day))
  }
  const waited = persons
    .flatMap(({ person, recordedOn }) => (cardOn.has(person) ? [cardOn.get(person)! - recordedOn] : []))
    .sort((a, b) => a - b)
  return {
    median: waited[Math.floor(waited.length / 2)] ?? 0,
    longest: waited.at(-1) ?? 0,
    without: persons.length - waited.length,
  }
}

function summed(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [name, count] of counts.flatMap(each => Object.entries(each))) sums[name] = (sums[name] ?? 0) + count
  return sums
}

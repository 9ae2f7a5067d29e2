import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SidikError } from '../errors.js'
import { useClone } from './clone.js'
import { collectFacts, Signatures } from './collect.js'
import type { StickTally } from './courier.js'
import { playDays } from './days.js'
import type { DailyFacts, OutageFacts, StationFacts } from './facts.js'
import { checkInvariants, type InvariantResult } from './invariants.js'
import type { LinkTally } from './link.js'
import { type PlanSize, planOutage } from './plan.js'
import type { MessageFault, OutagePlan } from './plan-types.js'
import { reunite } from './reunion.js'
import { samePersonFacts } from './same-person.js'
import type { KilledAt } from './tally.js'
import type { DayLine } from './timeline.js'
import { createWorld, type World } from './world.js'

export interface OutageOptions extends PlanSize {
  /** Where the stations' files lie while it runs; the system's folder for such files unless given. */
  readonly folder?: string
  /** Leave them there. */
  readonly keep?: boolean
  /** `false`: the hub compares no records, so that what then fails is seen to. */
  readonly isChecking?: boolean
  readonly signal: AbortSignal
  readonly onProgress: (step: string, done: number, total: number) => void
}

export interface OutageReport extends PlanSize {
  readonly holds: boolean
  readonly invariants: readonly InvariantResult[]
  readonly timeline: readonly DayLine[]
  readonly kills: Readonly<Record<KilledAt, number>>
  /** Commands that were refused, by what was asked and the error's code. */
  readonly refused: Readonly<Record<string, number>>
  readonly sticks: StickTally
  readonly lines: LinkTally
  /** Messages that met a fault, by what it was. */
  readonly messages: Readonly<Partial<Record<MessageFault, number>>>
  readonly elapsedMs: number
  readonly folder?: string
}

/**
 * Plays the outage of that plan with real processes, and checks what must hold.
 *
 * @throws the signal's reason; SidikError FILE_UNWRITABLE where the folder cannot be used
 */
export async function simulateOutage(options: OutageOptions): Promise<OutageReport> {
  const { signal } = options
  const startedAt = performance.now()
  const folder = await temporaryFolder(options.folder)
  const plan = planOutage(options)
  const world = await createWorld(plan, folder, options.isChecking ?? true)
  const endAll = () => Promise.all(actorsOf(world).map(actor => actor.end()))
  signal.addEventListener('abort', endAll)
  try {
    signal.throwIfAborted()
    const { timeline, daily } = await playDays(world, plan, options)
    await reunite(world, options)
    await useClone(world, plan)
    for (const actor of actorsOf(world)) await actor.stop()
    const facts = await factsOf(world, plan, folder, daily, options)
    const invariants = checkInvariants(facts)
    return {
      ...reportOf(options, world, timeline),
      holds: invariants.every(({ holds }) => holds),
      invariants,
      elapsedMs: performance.now() - startedAt,
      ...(options.keep === true && { folder }),
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', endAll)
    await endAll()
    for (const { link } of world.kiosks) await link.close()
    if (options.keep !== true) await rm(folder, { recursive: true, force: true })
  }
}

async function temporaryFolder(parent = tmpdir()): Promise<string> {
  try {
    return await mkdtemp(join(parent, 'sidik-outage-'))
  } catch (cause) {
    throw new SidikError('FILE_UNWRITABLE', `${parent} cannot be written to`, { cause })
  }
}

const actorsOf = ({ hub, kiosks, clone }: World) => [hub, ...kiosks.map(({ actor }) => actor), clone]

/** Looked at when all processes are gone. */
async function factsOf(
  world: World,
  plan: OutagePlan,
  folder: string,
  daily: DailyFacts,
  { signal, onProgress }: OutageOptions,
): Promise<OutageFacts> {
  const { hub, tally, search, acknowledged, planted, identities } = world
  const signatures = new Signatures(identities)
  const stations: StationFacts[] = []
  const actors = actorsOf(world)
  for (const actor of actors) {
    signal.throwIfAborted()
    onProgress('checking', stations.length, actors.length)
    search.look(`the log of ${actor.id}`, Buffer.from(actor.child.written))
    stations.push(await collectFacts(actor.setting, signatures, hub.id))
  }
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name)
    if (name.includes('.sqlite') && (await stat(path)).isFile()) search.look(`the file ${name}`, await readFile(path))
  }
  const { searchedBytes, leaks } = search
  const { asked, failures } = tally
  const found = { hub: stations[0], kiosks: stations.slice(1, -1), clone: stations.at(-1)! }
  const samePerson = await samePersonFacts(plan, found.hub.records.length)
  return {
    ...found,
    acknowledged,
    sameNik: plan.sameNik,
    samePerson,
    daily,
    planted,
    searchedBytes,
    leaks,
    asked,
    failures,
  }
}

function reportOf({ kiosks, days, records, seed }: PlanSize, world: World, timeline: readonly DayLine[]) {
  const { tally, courier } = world
  return {
    kiosks,
    days,
    records,
    seed,
    timeline,
    kills: tally.kills,
    refused: tally.refused,
    sticks: courier.tally,
    lines: summed(world.kiosks.map(({ link }) => link.tally)),
    messages: summed(world.kiosks.map(({ met }) => met)),
  }
}

/** Sums by name. */
function summed<Counts extends object>(counts: readonly Counts[]): Counts {
  const sums: Record<string, number> = {}
  for (const [name, count] of counts.flatMap(each => Object.entries(each) as [string, number][])) {
    sums[name] = (sums[name] ?? 0) + count
  }
  return sums as Counts
}

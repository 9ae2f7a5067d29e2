import type { Actor } from './actor.js'
import { BEGIN_MS, DAY_MS } from './calendar.js'
import { cloneDisk } from './clone.js'
import type { DailyFacts } from './facts.js'
import type { HubCommand } from './messages.js'
import type { HubDay, OutagePlan } from './plan-types.js'
import { type DayLine, LINE_LETTERS } from './timeline.js'
import type { World } from './world.js'

/** Share of the open cases that are settled in an evening: some are left when the outage is over. */
const SETTLED = 0.2

export interface Playing {
  readonly signal: AbortSignal
  readonly onProgress: (step: string, done: number, total: number) => void
}

/** The days of a plan, one after the other; within a day each kiosk at its own pace. */
export async function playDays(world: World, plan: OutagePlan, { signal, onProgress }: Playing) {
  const timeline: DayLine[] = []
  const premature: string[] = []
  let looked = 0
  for (let day = 0; day < plan.hub.length; day++) {
    signal.throwIfAborted()
    onProgress('outage', day, plan.hub.length)
    if (day === plan.clone.day) await cloneDisk(world, plan)
    const before = counted(world)
    await playDay(world, plan, day)
    const { fresh, missing } = await lookAtSynchronised(world)
    looked += fresh
    premature.push(...missing.map(what => `day ${day + 1}: ${what}`))
    timeline.push(await dayLine(world, day, before))
  }
  const daily: DailyFacts = { looked, premature }
  return { timeline, daily }
}

async function playDay({ hub, kiosks, courier }: World, plan: OutagePlan, day: number): Promise<void> {
  const startMs = BEGIN_MS + day * DAY_MS
  const hubDay = plan.hub[day]
  const { decided, removed, freePages } = hubDay
  hub.nowMs = startMs
  await hub.askOn({ do: 'clock', nowMs: startMs })
  if (freePages !== undefined) await hub.askOn({ do: 'limit', freePages })
  const cancelKill = await planKill(hub, hubDay)
  await Promise.all(kiosks.map(kiosk => kiosk.live(kiosk.plan.days[day], startMs)))
  await hub.askOn({ do: 'decide', share: decided, day })
  await hub.askOn({ do: 'settle', share: SETTLED, day })
  await hub.askOn({ do: 'remove', count: removed })
  cancelKill()
  await hub.disarmDeath()
  if (freePages !== undefined) await hub.askOn({ do: 'limit', freePages: undefined })
  await courier.arrive(day)
  for (const kiosk of kiosks) {
    const { stick } = kiosk.plan.days[day]
    if (stick !== undefined) await courier.leave(kiosk, stick, day)
  }
}

async function planKill(hub: Actor<HubCommand>, { kill }: HubDay): Promise<() => void> {
  if (kill?.in === 'work') return hub.killLater(kill.laterMs, 'work')
  if (kill?.in === 'transaction') await hub.armDeath('transaction', kill.entry)
  if (kill?.in === 'check') await hub.armDeath('check', kill.search)
  return () => {}
}

/** Whether the hub holds what kiosks have marked synchronised since they were last asked. */
async function lookAtSynchronised({ hub, kiosks }: World) {
  const missing: string[] = []
  let fresh = 0
  for (const { actor } of kiosks) {
    const hashes = (await actor.askOn<string[]>({ do: 'synchronised' })) ?? []
    const lacking = (await hub.askOn<string[]>({ do: 'lacks', hashes })) ?? hashes
    fresh += hashes.length
    missing.push(...lacking.map(hash => `${actor.id}: ${hash.slice(0, 8)}`))
  }
  return { fresh, missing }
}

interface Counted {
  readonly kills: number
  readonly faults: number
  readonly sticks: number
}

function counted({ tally, kiosks, courier }: World): Counted {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  const onLines = kiosks.map(({ link }) => link.tally.cut + link.tally.stalled + link.tally.corrupted)
  const onMessages = kiosks.flatMap(({ met }) => Object.values(met))
  return {
    kills: tally.killed,
    faults: sum([...onLines, ...onMessages, ...Object.values(tally.refused)]),
    sticks: courier.tally.imported,
  }
}

async function dayLine(world: World, day: number, before: Counted): Promise<DayLine> {
  const { kiosks } = world
  await Promise.all(kiosks.map(kiosk => kiosk.recount()))
  const after = counted(world)
  const sum = (of: 'recorded' | 'waiting' | 'synchronised') =>
    kiosks.reduce((total, { counts }) => total + counts[of], 0)
  return {
    day: day + 1,
    lines: kiosks.map(({ plan }) => plan.days[day].slots.map(({ line }) => LINE_LETTERS[line.kind]).join('')),
    recorded: sum('recorded'),
    waiting: sum('waiting'),
    synchronised: sum('synchronised'),
    kills: after.kills - before.kills,
    faults: after.faults - before.faults,
    sticks: after.sticks - before.sticks,
  }
}

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createIdentity, publicIdentity } from '../station/index.js'
import type { PublicIdentity } from '../station/types.js'
import { Actor } from './actor.js'
import { Courier } from './courier.js'
import type { Acknowledged } from './facts.js'
import { Kiosk } from './kiosk.js'
import { LeakSearch } from './leaks.js'
import { Link } from './link.js'
import type { HubCommand, KioskCommand, WroteEvent } from './messages.js'
import { nikOf } from './person.js'
import type { OutagePlan } from './plan-types.js'
import { Tally } from './tally.js'

const HUB_ENTRY = new URL('./hub-process.js', import.meta.url)
const KIOSK_ENTRY = new URL('./kiosk-process.js', import.meta.url)

/** Everybody who takes part, and the parent's own log. */
export interface World {
  readonly hub: Actor<HubCommand>
  readonly kiosks: readonly Kiosk[]
  /** A copy of a kiosk's disk, in another machine. */
  readonly clone: Actor<KioskCommand>
  readonly courier: Courier
  readonly tally: Tally
  readonly search: LeakSearch
  readonly acknowledged: readonly Acknowledged[]
  /** Hashes of what the copy wrote. */
  readonly planted: ReadonlySet<string>
  readonly identities: readonly PublicIdentity[]
}

/**
 * @param folder an empty one, for files, sticks and nothing else
 * @param isChecking whether the hub compares the records that come
 */
export async function createWorld(plan: OutagePlan, folder: string, isChecking: boolean): Promise<World> {
  const { seed, sameNik, samePerson } = plan
  const tally = new Tally()
  const niks = new Set(
    Array.from({ length: plan.records + plan.clone.enrol.length }, (_, person) => nikOf(seed, person)),
  )
  const search = new LeakSearch(niks)
  const acknowledged: Acknowledged[] = []
  const note = (station: string, event: WroteEvent) => acknowledged.push({ station, ...event })

  const names = ['hub', ...plan.kiosks.map(({ name }) => name)]
  const secrets = await Promise.all(names.map(name => createIdentity(name)))
  const identities = await Promise.all(secrets.map(identity => publicIdentity(identity)))
  const settingOf = (i: number) => ({
    path: join(folder, `${names[i]}.sqlite`),
    key: randomBytes(32),
    identity: secrets[i],
    peers: i === 0 ? below : above,
    seed,
    sameNik,
    samePerson,
    isChecking,
  })
  const below = identities.slice(1).map(identity => ({ ...identity, relation: 'downstream' as const }))
  const above = [{ ...identities[0], relation: 'upstream' as const }]

  const hub = new Actor<HubCommand>(settingOf(0), HUB_ENTRY, tally, event => note('hub', event))
  let port = 0
  hub.afterStart = async () => {
    port = await hub.child.ask<number>({ do: 'listen' })
  }
  // A hub has somebody who starts it again at once; a kiosk that was killed is off until it is needed.
  hub.afterKill = () => void hub.ready().catch(() => {})
  const kiosks = plan.kiosks.map((kioskPlan, i) => {
    const actor = new Actor<KioskCommand>(settingOf(i + 1), KIOSK_ENTRY, tally, event => {
      note(kioskPlan.name, event)
      kiosk.wrote(event)
    })
    const link = new Link(
      () => port,
      bytes => search.look(`the line of ${kioskPlan.name}`, bytes),
    )
    const kiosk = new Kiosk(kioskPlan, actor, link)
    return kiosk
  })
  const planted = new Set<string>()
  const cloned = { ...kiosks[plan.clone.kiosk].actor.setting, path: join(folder, 'clone.sqlite') }
  const clone = new Actor<KioskCommand>(cloned, KIOSK_ENTRY, tally, ({ hash }) => planted.add(hash))
  return {
    hub,
    kiosks,
    clone,
    planted,
    courier: new Courier(folder, hub, search),
    tally,
    search,
    acknowledged,
    identities,
  }
}

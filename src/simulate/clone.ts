import { cp } from 'node:fs/promises'
import { BEGIN_MS, DAY_MS } from './calendar.js'
import type { OutagePlan } from './plan-types.js'
import type { World } from './world.js'

/** Copies the disk of a kiosk, which is off meanwhile. */
export async function cloneDisk({ kiosks, clone }: World, plan: OutagePlan): Promise<void> {
  const { actor } = kiosks[plan.clone.kiosk]
  await actor.ready()
  await actor.stop()
  await cp(actor.setting.path, clone.setting.path)
  // What is noted beside it is on the same disk.
  await cp(`${actor.setting.path}.mark`, `${clone.setting.path}.mark`)
}

/**
 * Puts the copy to work when the hub has had other entries of that station with the same numbers:
 * what is enrolled there must be refused, and said so. A number that the kiosk has not used yet
 * would be no fork: the hub keeps such an entry behind a gap and neither acknowledges nor refuses
 * it until the kiosk's own arrives; the plan draws none. Then the kiosk itself synchronises once
 * more, which must not have suffered.
 */
export async function useClone({ kiosks, clone }: World, plan: OutagePlan): Promise<void> {
  const kiosk = kiosks[plan.clone.kiosk]
  clone.nowMs = BEGIN_MS + 2 * plan.hub.length * DAY_MS
  await clone.askOn({ do: 'enrol', persons: plan.clone.enrol })
  await kiosk.link.set({ kind: 'up' })
  await clone.askOn({ do: 'sync', port: kiosk.link.port, messages: [], timeoutMs: 5_000 })
  await kiosk.syncWhole()
}

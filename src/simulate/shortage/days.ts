import { readFile } from 'node:fs/promises'
import { verifyStation } from '../../station/index.js'
import { BEGIN_MS, DAY_MS } from '../calendar.js'
import { decideSome, synchronise } from './centre.js'
import { askAtLast, recordResidents, serveResidents } from './counter.js'
import { type Evening, eveningOf } from './evening.js'
import type { Office } from './office.js'
import { lookAtTray, printDay } from './printing.js'
import { announce, countStore, feedPrinter, lend, loseSome, takeDeliveries } from './storeroom.js'
import { everybody, type World } from './world.js'

/** A day of the plan, from the morning to the evening. */
export async function playDay(world: World, day: number): Promise<Evening> {
  const { hub, offices } = world
  world.day = day
  for (const office of everybody(world)) {
    office.begin(BEGIN_MS + day * DAY_MS)
    const { cutAtEntry } = office.setting.plan.days[day]
    if (cutAtEntry !== undefined) office.power.cutAt(cutAtEntry)
  }
  await announce(world)
  for (const office of everybody(world)) await takeDeliveries(world, office)
  for (const office of offices) {
    await recordResidents(world, office)
    await serveResidents(world, office)
  }
  for (const office of everybody(world)) {
    await loseSome(world, office)
    await feedPrinter(office)
    await printDay(world, office)
    const { isCounted } = office.setting.plan.days[day]
    await lookAtTray(world, office, isCounted)
    if (isCounted) await countStore(office)
  }
  await lend(world)
  await decideSome(world)
  const synchronised = new Set<Office>()
  for (const office of offices) {
    if (await synchronise(world, office, office.setting.plan.days[day].line)) synchronised.add(office)
  }
  await hub.revive()
  for (const office of everybody(world)) office.power.cutAt(Number.POSITIVE_INFINITY)
  return eveningOf(world, { synchronised, isSettled: false, damage: new Map() })
}

/** After the last day: all lines are up, somebody looks for every card that is open, and everything is read once more. */
export async function settle(world: World): Promise<Evening> {
  const { offices, search } = world
  for (const office of everybody(world)) await lookAtTray(world, office, true)
  const synchronised = new Set<Office>()
  const tellAll = async () => {
    for (const office of offices) if (await synchronise(world, office, 'up')) synchronised.add(office)
  }
  await tellAll()
  // What one tells the hub, another hears in the second round.
  await tellAll()
  if ((await askAtLast(world)) > 0) await tellAll()
  const damage = new Map<Office, string[]>()
  for (const office of everybody(world)) {
    const { ok, findings } = await verifyStation(office.station)
    damage.set(office, ok ? [] : findings.map(({ code, message }) => `${code}: ${message}`))
    for (const file of [office.setting.path, office.setting.tray]) {
      search.look(`the file ${file.split('/').at(-1)}`, await readFile(file).catch(() => new Uint8Array()))
    }
    search.look(`the errors of ${office.id}`, Buffer.from(office.failures.join('\n')))
  }
  return eveningOf(world, { synchronised, isSettled: true, damage })
}

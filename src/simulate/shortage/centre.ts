/** What the centre says at the hub, and how stations come to know of each other. */
import { decide, hostTransport, receive, sync } from '../../station/index.js'
import { OPERATOR } from '../person.js'
import type { Office } from './office.js'
import type { LineDay } from './plan-types.js'
import type { World } from './world.js'

/** Of a message on a bad line: that it does not arrive, and that its answer does not. */
const LOST = 0.2

/** The hub has no engine: the ministry compares, and says so. */
const READY = 'PRINT_READY_RECORD'

const HASTY = { attempts: 2, firstPauseMs: 1, longestPauseMs: 1, firstRestMs: 1, longestRestMs: 1 }

export async function decideSome(world: World): Promise<void> {
  const { hub, day } = world
  for (const person of world.persons.values()) {
    const { decision } = person.resident
    if (decision === undefined || person.reachedHubOn === undefined || person.isWithdrawn) continue
    const { afterDays, state, isSaidTwice } = decision
    const due = person.reachedHubOn + afterDays
    const isDue = person.decidedOn === undefined ? day >= due : isSaidTwice && day === person.decidedOn + 1
    if (!isDue) continue
    const saying = { state, by: OPERATOR, ...(state === READY && { unchecked: 'the simulated ministry compares' }) }
    const done = await hub.did('decide', station => decide(station, person.record, saying))
    if (done) person.decidedOn ??= day
  }
}

/** Evening at an office, by the line of that day. @returns whether both sides know everything of each other */
export async function synchronise(world: World, office: Office, line: LineDay): Promise<boolean> {
  const { hub, search, day } = world
  const random = world.random.child('line').child(office.id).child(day)
  const transport = hostTransport('the line to the hub', async message => {
    if (line === 'down' || (line === 'lossy' && random.chance(LOST))) throw new Error('the line is down')
    search.look(`the line of ${office.id}`, message)
    const answer = await receive(hub.station, message)
    if (line === 'lossy' && random.chance(LOST)) throw new Error('the answer is lost')
    return answer
  })
  const result = await office.does('sync', station => sync(station, transport, { retry: HASTY }))
  await hub.revive()
  const isDone = result !== undefined && result.stopped === undefined && result.unsent === 0
  if (!isDone) return false
  office.heardOn = day
  for (const person of world.persons.values()) if (person.office === office) person.reachedHubOn ??= day
  return true
}

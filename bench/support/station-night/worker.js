/** Work of threads for bench/station-night.js: the templates of residents, and the errands of a kiosk. */
import { execFileSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { addPeer, encodeTemplates, httpTransport, openStation, publicIdentity, sync } from 'sidik/station'
import { syntheticNik } from 'sidik/synthesize'
import { Random } from '../../../dist/random.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { fingersAgain, fingersOf, personOf } from './people.js'

/** A thread that gives way may let its line time out. */
const MOST_TRIES = 100

/** The templates of residents `from` up to `to`, as they lie in a record. */
export function templatesOf({ from, to }) {
  return Array.from({ length: to - from }, (_, i) => encodeTemplates(fingersOf(from + i)))
}

/** Opens a kiosk that follows its hub, and records those who came while the line was broken. */
export async function outage({ station, hub, url, residents, arrivals }) {
  const kiosk = await openStation(station)
  addPeer(kiosk, { ...(await publicIdentity(hub)), relation: 'upstream' })
  await talk(kiosk, hub, url)
  const { file, keys } = partsOf(kiosk)
  file.transaction(() => {
    for (const arrival of arrivals) {
      const { person, isAgain } = personOf(arrival, residents)
      const templates = encodeTemplates(isAgain ? fingersAgain(person) : fingersOf(person))
      append(kiosk, {
        kind: 'enrolled',
        direction: 'up',
        record: `arrival-${arrival}`,
        recordVersion: 1,
        body: {
          nik: syntheticNik(new Random(arrival), { province: '32' }).nik,
          person: { name: 'x' },
          operator: 'bench',
          preCheck: { decision: 'not-run', candidates: [], persons: 0 },
        },
        payloads: [putPayload(file, keys, 'templates', templates)],
      })
    }
  })
  await kiosk.close()
}

/** The line is back. */
export async function comeHome({ station, hub, url }) {
  giveWay()
  const kiosk = await openStation(station)
  let sent = 0
  for (let tries = 1; ; tries++) {
    const result = await talk(kiosk, hub, url, { mayStop: tries < MOST_TRIES })
    sent += result.sent
    if (result.stopped === undefined) break
  }
  await kiosk.close()
  return sent
}

/**
 * A kiosk is another machine: a thread of this one does its work when nothing else wants a core. At the lowest
 * priority of ordinary work, the hub's threads wait some ms for each of its turns.
 */
function giveWay() {
  const thread = readlinkSync('/proc/thread-self').split('/').at(-1)
  execFileSync('chrt', ['--idle', '--pid', '0', thread])
}

async function talk(kiosk, hub, url, { mayStop = false } = {}) {
  const peer = await publicIdentity(hub)
  const result = await sync(kiosk, httpTransport({ url, identity: partsOf(kiosk).identity, peer }))
  if (result.stopped !== undefined && mayStop) return result
  // A night of fewer records than are said would say nothing.
  if (result.stopped !== undefined || result.unsent > 0) throw new Error(JSON.stringify(result))
  return result
}

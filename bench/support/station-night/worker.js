/** Work of threads for bench/station-night.js: the templates of residents, and the errands of a kiosk. */
import { constants, setPriority } from 'node:os'
import { addPeer, encodeTemplates, httpTransport, openStation, publicIdentity, sync } from 'sidik/station'
import { syntheticNik } from 'sidik/synthesize'
import { Random } from '../../../dist/random.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { fingersAgain, fingersOf, personOf } from './people.js'

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
  // A kiosk is another machine: what it does in a thread of this one (Linux knows the priority of a thread) gives way.
  setPriority(constants.priority.PRIORITY_LOW)
  const kiosk = await openStation(station)
  const { sent } = await talk(kiosk, hub, url)
  await kiosk.close()
  return sent
}

async function talk(kiosk, hub, url) {
  const peer = await publicIdentity(hub)
  const result = await sync(kiosk, httpTransport({ url, identity: partsOf(kiosk).identity, peer }))
  // A night of fewer records than are said would say nothing.
  if (result.stopped !== undefined || result.unsent > 0) throw new Error(JSON.stringify(result))
  return result
}

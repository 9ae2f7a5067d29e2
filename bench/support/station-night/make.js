/** Makes the stations of bench/station-night.js: a hub with the residents of a city, and kiosks that were cut off. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Piscina } from 'piscina'
import { addPeer, createIdentity, openStation, publicIdentity, serveHub } from 'sidik/station'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'

const AT_ONCE = 100
/** Batches of residents that are made while one is written. */
const AHEAD = 4

export const KEY = new Uint8Array(32).fill(3)
export const workers = threads =>
  new Piscina({ filename: new URL('worker.js', import.meta.url).href, minThreads: threads, maxThreads: threads })
export const pathOf = (folder, id) => join(folder, `${id}.db`)
export const kioskIds = kiosks => Array.from({ length: kiosks }, (_, i) => `kiosk-${i + 1}`)

/** Returns the identities of all; they and the files stay in the folder. */
export async function makeStations({ folder, residents, arrivals, kiosks }) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const identities = {}
  for (const id of ['hub', ...kioskIds(kiosks)]) identities[id] = await createIdentity(id)
  writeFileSync(join(folder, 'identities.json'), JSON.stringify(identities), { mode: 0o600 })
  const pool = workers(2)
  const hub = await openStation({ path: pathOf(folder, 'hub'), key: KEY, identity: identities.hub })
  await register(hub, residents, pool)
  for (const id of kioskIds(kiosks)) addPeer(hub, { ...(await publicIdentity(identities[id])), relation: 'downstream' })
  const { url, close } = await serveHub(hub, { port: 0 })
  await Promise.all(
    kioskIds(kiosks).map((id, i) => {
      const station = { path: pathOf(folder, id), key: KEY, identity: identities[id] }
      const own = Array.from({ length: arrivals }, (_, arrival) => arrival).filter(each => each % kiosks === i)
      return pool.run({ station, hub: identities.hub, url, residents, arrivals: own }, { name: 'outage' })
    }),
  )
  await close()
  await pool.destroy()
  await hub.close()
  writeFileSync(join(folder, 'done'), '')
}

async function register(hub, residents, pool) {
  const { file, keys } = partsOf(hub)
  const batches = []
  for (let from = 0; from < residents; from += AT_ONCE) batches.push([from, Math.min(residents, from + AT_ONCE)])
  const made = []
  for (let i = 0; i < batches.length; i++) {
    for (; made.length < Math.min(batches.length, i + AHEAD); ) {
      const [from, to] = batches[made.length]
      made.push(pool.run({ from, to }, { name: 'templatesOf' }))
    }
    const templates = await made[i]
    made[i] = undefined
    file.transaction(() => {
      for (const [j, one] of templates.entries()) {
        const person = batches[i][0] + j
        append(hub, {
          kind: 'gallery',
          // Kiosks keep to their own people. The last goes down, so that they follow the hub's journal to its end.
          direction: person === residents - 1 ? 'down' : 'local',
          record: `resident-${person}`,
          recordVersion: 1,
          body: { station: 'elsewhere', sequence: 1 },
          payloads: [putPayload(file, keys, 'templates', one)],
        })
      }
    })
  }
}

/**
 * Measures what one enrolled kiosk can do to its hub with its own, valid keys: the longest turn of
 * the hub's event loop while it takes entries of all kinds, floods, chains and mutants. The kiosk's
 * quotas are raised, so that the worst case gets through. Exits with 1 above 250 ms.
 *
 *   node bench/station-hostile.js [--entries 12000] [--mutants 20000] [--seed 1] [--only NAME]
 */
import { randomBytes } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { SidikError } from '../dist/index.js'
import { Random } from '../dist/random.js'
import * as sidik from '../dist/station/index.js'
import { addPeer, createIdentity, openStation, publicIdentity, receive, verifyStation } from '../dist/station/index.js'
import { describeMachine } from './support/machine.js'
import { longestTurn } from './support/station-hostile/longest-turn.js'
import { SCENARIOS } from './support/station-hostile/scenarios.js'
import { formatTable, whole } from './support/table.js'

const MOST_MS = 250

/** Open payloads, ten times the usual quota. They are counted for each message. */
const MOST_OPEN = 200_000
const UNTIL = '2100-01-01T00:00:00.000Z'

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '12000' },
    mutants: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})
const sizes = { entries: Number(values.entries), mutants: Number(values.mutants) }
const folder = mkdtempSync(join(tmpdir(), 'sidik-station-hostile-'))
const rows = []
const defects = []
subscribe('sidik:entry-defect', ({ error }) => defects.push(error))
let worst = 0
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (values.only !== undefined && values.only !== name) continue
  const places = await twoStations(name)
  const random = new Random(Number(values.seed))
  // Made before the clock runs: the kiosk is another machine.
  const { before = [], sealed } = await scenario({ ...places, random, ...sizes })
  for (const bytes of before) await receive(places.hub, bytes)
  const said = { taken: 0, errors: new Map() }
  const began = performance.now()
  const longest = await longestTurn(async () => {
    for (const bytes of sealed) await takenOrRefused(places.hub, bytes, said)
  })
  worst = Math.max(worst, longest)
  const errors = [...said.errors].map(([code, n]) => `${code} ${whole(n)}`).join(', ')
  rows.push([
    name,
    whole(sealed.length),
    whole(said.taken),
    errors,
    whole((performance.now() - began) / 1e3),
    whole(longest),
  ])
  console.error(rows.at(-1).join(' | '))
  const { findings } = await verifyStation(places.hub)
  if (findings.length > 0) throw new Error(`${name} leaves the hub damaged: ${JSON.stringify(findings[0])}`)
  await places.hub.close()
  await places.kiosk.close()
}
console.log(describeMachine())
console.log(formatTable(['what comes', 'messages', 'taken', 'refused', 's', 'longest turn ms'], rows))
rmSync(folder, { recursive: true })
if (worst > MOST_MS) {
  console.error(`a turn of the event loop took ${whole(worst)} ms, more than ${MOST_MS}`)
  process.exitCode = 1
}

async function twoStations(name) {
  const [kioskIdentity, hubIdentity] = [await createIdentity('kiosk-1'), await createIdentity('hub')]
  const open = identity => openStation({ path: join(folder, `${name}-${identity.id}`), key: randomBytes(32), identity })
  const [kiosk, hub] = [await open(kioskIdentity), await open(hubIdentity)]
  addPeer(kiosk, { ...(await publicIdentity(hubIdentity)), relation: 'upstream' })
  addPeer(hub, { ...(await publicIdentity(kioskIdentity)), relation: 'downstream' })
  for (const quota of Object.keys(sidik.QUOTAS ?? {})) {
    const raised = {
      peer: 'kiosk-1',
      quota,
      amount: quota === 'openPayloads' ? MOST_OPEN : 2 ** 50,
      until: UNTIL,
      operator: 'bench',
      reason: 'worst case',
    }
    sidik.raiseQuota(hub, raised)
  }
  return { kiosk, hub }
}

/** Anything but an error of our own is a defect. */
async function takenOrRefused(hub, bytes, said) {
  try {
    await receive(hub, bytes)
    said.taken++
  } catch (error) {
    if (!(error instanceof SidikError)) throw error
    said.errors.set(error.code, (said.errors.get(error.code) ?? 0) + 1)
  }
  if (defects.length > 0) throw defects[0]
}

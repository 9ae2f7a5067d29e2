/**
 * A kiosk: records the applications that lie in a folder, whether or not there is a line, and sends them when there is one.
 *
 *     node kiosk.js FOLDER HUB_URL [--once]
 *
 * FOLDER holds identity.json and key (as `sidik station init` makes them), hub.json (the hub's public identity), and in applications/ one
 * file for each resident: { nik, person, operator, prints: { "1": "right-thumb.png", ... }, exceptions: { "10": "amputated" }, photo? }.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createEngine, type SidikError } from 'sidik'
import { addPeer, enrol, httpTransport, openStation, peers, recordsByNik, status, sync } from 'sidik/station'

const [folder, url, once] = process.argv.slice(2)
if (folder === undefined || url === undefined) throw new Error('usage: node kiosk.js FOLDER HUB_URL [--once]')
const fileIn = (...path: string[]) => readFile(join(folder, ...path))
const jsonIn = async (...path: string[]) => JSON.parse((await fileIn(...path)).toString())

const stopping = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort())

const engine = await createEngine()
const identity = await jsonIn('identity.json')
const kiosk = await openStation({ path: join(folder, 'station.db'), key: await fileIn('key'), identity, engine })
const hub = await jsonIn('hub.json')
if (peers(kiosk).length === 0) addPeer(kiosk, { ...hub, relation: 'upstream' })
const line = httpTransport({ url, identity, peer: hub })

/** Safe to be killed at any moment: what is recorded is known by its NIK, what is not is taken from the folder again. */
async function record(name: string): Promise<void> {
  const { prints, photo, ...application } = await jsonIn('applications', name)
  if (recordsByNik(kiosk, application.nik).length > 0) return
  const fingers = await Promise.all(
    Object.entries<string>(prints).map(async ([position, file]) => ({
      position: Number(position),
      image: await fileIn('applications', file),
    })),
  )
  const result = await enrol(
    kiosk,
    { ...application, fingers, ...(photo && { photo: await fileIn('applications', photo) }) },
    { signal: stopping.signal },
  )
  if (!result.recorded)
    console.log(`${name}: not recorded: ${result.feedback.map(({ message }) => message).join('; ')}`)
  else if (result.preCheck.decision === 'clear') console.log(`${name}: recorded as ${result.recordId}`)
  else console.log(`${name}: recorded as ${result.recordId}; look at ${result.preCheck.candidates[0]?.record}`)
}

try {
  do {
    const names = await readdir(join(folder, 'applications'))
    let broken = 0
    for (const name of names.filter(each => each.endsWith('.json'))) {
      try {
        await record(name)
      } catch (error) {
        // A broken file stops nobody else; a station that cannot go on does.
        if (stopping.signal.aborted || /^(STATION|ENGINE|CORE)_/.test((error as SidikError).code)) throw error
        console.log(`${name}: ${(error as Error).message}`)
        broken++
      }
    }
    process.exitCode = broken > 0 ? 1 : 0
    const { receipts, unsent, stopped } = await sync(kiosk, line, { signal: stopping.signal })
    console.log(stopped === undefined ? `${receipts} receipts` : `${unsent} wait: ${stopped.message}`)
    if (once === undefined) await wait(60_000, undefined, { signal: stopping.signal })
  } while (once === undefined)
  console.log(JSON.stringify(status(kiosk), undefined, 2))
} catch (error) {
  if (!stopping.signal.aborted) throw error
} finally {
  await line.close?.()
  await kiosk.close()
  await engine.close()
}

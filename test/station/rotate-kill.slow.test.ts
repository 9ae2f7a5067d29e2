import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openStation, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../dist/station/station.js'
import { record, stationWith } from './files.js'

/** Keys that the child gives the station by turns. */
const KEYS = [1, 2].map(byte => new Uint8Array(32).fill(byte))

it('a station whose key was being changed when its process was killed opens with exactly one of the two, and is whole', async () => {
  const { station, path, identity } = await stationWith(0, { key: KEYS[0] })
  for (let i = 0; i < 40; i++) record(station, `r-${i}`, { payload: new Uint8Array(3_000).fill(i) })
  await station.close()
  const child = fileURLToPath(new URL('rotate-child.js', import.meta.url))
  let rotated = 0
  for (let round = 0; round < 5; round++) {
    await new Promise<void>(resolve => {
      const process = fork(child, [path, JSON.stringify(identity)], { stdio: 'inherit' })
      process.on('exit', () => resolve())
      // Not before it has begun; then at any moment.
      process.once('message', () => setTimeout(() => process.kill('SIGKILL'), Math.random() * 150))
      process.on('message', () => rotated++)
    })
    const opened = await Promise.allSettled(KEYS.map(key => openStation({ path, key, identity, existing: true })))
    const [one] = opened.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    const errors = opened.flatMap(result => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(errors).toEqual(['STATION_KEY'])
    // Old seals that the killed process left have been overwritten.
    expect(partsOf(one).file.get(`SELECT 1 FROM meta WHERE name = 'old keys'`)).toBeUndefined()
    expect(await verifyStation(one)).toMatchObject({ ok: true, findings: [], counts: { payloads: 40 } })
    await one.close()
  }
  expect(rotated).toBeGreaterThanOrEqual(5)
})

import {
  addPeer,
  adjudicate,
  adjudications,
  candidateOverlay,
  correct,
  createIdentity,
  decide,
  enrol,
  payloadOf,
  publicIdentity,
  type Recorded,
  receive,
  recordOf,
  records,
  recordsByNik,
  removeFromGallery,
  type Station,
  sync,
  withdraw,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation, print, somebody, tenTemplates } from './support.js'

const engine = await engineForTests()

async function below(hub: Station, id: string): Promise<{ kiosk: Station; send: () => Promise<unknown> }> {
  const kiosk = await newStation({ engine, identity: await createIdentity(id) })
  addPeer(kiosk, { ...(await publicIdentity(partsOf(hub).identity)), relation: 'upstream' })
  addPeer(hub, { ...(await publicIdentity(partsOf(kiosk).identity)), relation: 'downstream' })
  const transport = { name: 'here', exchange: (message: Uint8Array) => receive(hub, message) }
  return { kiosk, send: () => sync(kiosk, transport) }
}

it('a person who is recorded at one kiosk is found at another, decided about by the hub, and told of at both', async () => {
  const hub = await newStation({ identity: await createIdentity('hub') })
  const [one, two] = [await below(hub, 'kiosk-1'), await below(hub, 'kiosk-2')]
  const fingers = (impression: number) => [
    { position: 1, image: print(`101_${impression}`) },
    { position: 2, image: print(`102_${impression}`) },
    { position: 6, image: print(`103_${impression}`) },
  ]
  const why = { operator: 'operator-7', reason: 'as on the family card' }
  const given = somebody(1, fingers(1), { photo: print('104_1') })
  const { recordId } = (await enrol(one.kiosk, given)) as Recorded
  expect(recordOf(one.kiosk, recordId)!.transportState).toBe('waiting')
  await one.send()
  expect(recordOf(one.kiosk, recordId)!.transportState).toBe('synchronised')
  const atHub = recordOf(hub, recordId)!
  const atKiosk = recordOf(one.kiosk, recordId)!
  expect(atHub).toMatchObject({ station: 'kiosk-1', contents: atKiosk.contents, payloads: atKiosk.payloads })
  for (const { role } of atKiosk.payloads) {
    expect(payloadOf(hub, recordId, role), role).toEqual(payloadOf(one.kiosk, recordId, role))
  }
  expect(recordsByNik(hub, given.nik).map(({ id }) => id)).toEqual([recordId])

  await two.send()
  const again = (await enrol(two.kiosk, somebody(2, fingers(2)))) as Recorded
  expect(again.preCheck).toMatchObject({ decision: 'duplicate', persons: 1, candidates: [{ record: recordId }] })
  // The other kiosk knows the templates alone.
  expect(recordOf(two.kiosk, recordId)).toBeUndefined()
  const overlay = await candidateOverlay(two.kiosk, again.recordId, recordId)
  expect(overlay!.score).toBeGreaterThan(40)
  adjudicate(two.kiosk, again.recordId, { ...why, candidate: recordId, verdict: 'same-person' })
  await two.send()
  expect(adjudications(hub, again.recordId)).toMatchObject([{ candidate: recordId, station: 'kiosk-2' }])

  decide(hub, recordId, { state: 'PRINT_READY_RECORD', by: 'expert-1' })
  decide(hub, again.recordId, { state: 'DUPLICATE_RECORD', by: 'expert-1', note: 'of a record at kiosk-1' })
  removeFromGallery(hub, again.recordId, { reason: 'duplicate', by: 'expert-1' })
  await one.send()
  await two.send()
  expect(recordOf(one.kiosk, recordId)!.centreState).toBe('PRINT_READY_RECORD')
  expect(records(two.kiosk, { centreState: 'DUPLICATE_RECORD' }).records.map(({ id }) => id)).toEqual([again.recordId])

  // What was taken out stays out, also where its station corrects it; what was withdrawn goes everywhere.
  const corrected = await correct(two.kiosk, again.recordId, { fingers: tenTemplates(1).slice(0, 3) }, why)
  expect(corrected).toMatchObject({ recorded: true, version: 2 })
  await two.send()
  withdraw(one.kiosk, recordId, why)
  await one.send()
  await two.send()
  const others = (await enrol(two.kiosk, somebody(3, fingers(3)))) as Recorded
  expect(others.preCheck).toMatchObject({ persons: 0, candidates: [] })
  expect(recordOf(hub, recordId)!.clientState).toBe('withdrawn')
  const known = (station: Station) =>
    partsOf(station).file.all<{ record: string }>('SELECT record FROM gallery_entry WHERE templates IS NOT NULL')
  await two.send()
  await one.send()
  for (const station of [hub, one.kiosk, two.kiosk]) {
    expect(known(station).map(({ record }) => record)).toEqual([others.recordId])
  }
})

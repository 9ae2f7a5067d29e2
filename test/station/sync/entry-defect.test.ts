/** A defect of the program at one entry stops neither its journal nor those that come with it. */
import { refusals, retryRefusal, stock, sync, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { defects } from '../../defects.ts'
import { record } from '../files.ts'
import { anomaliesOf, lineTo, type Place, transportOf, twoPlaces } from './support.ts'

/** The hub fails at a lot of this name, as by an assertion that does not hold. */
const FAILS = `CREATE TEMP TRIGGER failing BEFORE INSERT ON main.lot WHEN NEW.id LIKE 'lot-2%'
  BEGIN SELECT RAISE(ABORT, 'a defect'); END`

function receives({ station }: Place, shipment: string, lot: string): void {
  const lines = [{ lot, item: 'blank', quantity: 5 }]
  append(station, { kind: 'stock-received', direction: 'up', body: { shipment, from: 'x', lines, operator: 'o' } })
}

it('the entry is declined and noted, the others are taken, and it is taken when the program was renewed', async () => {
  const { kiosk, hub } = await twoPlaces()
  const { file } = partsOf(hub.station)
  receives(kiosk, 'note-1', 'lot-1')
  record(kiosk.station, 'record-1')
  receives(kiosk, 'note-2', 'lot-2')
  receives(kiosk, 'note-3', 'lot-3')
  record(kiosk.station, 'record-2')
  receives(kiosk, 'note-4', 'lot-2b')
  file.run(FAILS)
  const { stopped } = await sync(kiosk.station, lineTo(hub))
  expect(stopped).toBeUndefined()
  expect(defects.splice(0).map(({ station, error }) => [station, (error as Error).message])).toEqual([
    ['kiosk-1', 'a defect'],
    ['kiosk-1', 'a defect'],
  ])
  const held = () => stock(hub.station, { station: 'kiosk-1' }).map(({ lot }) => lot)
  expect(held()).toEqual(['lot-1', 'lot-3'])
  expect(Object.values(transportOf(kiosk))).toEqual(['synchronised', 'synchronised'])
  const refused = refusals(kiosk.station)
  expect(refused.map(({ code, kind }) => [code, kind])).toEqual(Array(2).fill(['ENTRY_DEFECT', 'stock-received']))
  expect(anomaliesOf(hub)).toEqual(['entry-defect', 'entry-defect'])
  expect((await verifyStation(hub.station)).findings).toEqual([])
  // Once more while it fails still, and with a program that does not.
  retryRefusal(kiosk.station, refused[0], { operator: 'o' })
  await sync(kiosk.station, lineTo(hub))
  expect(defects.splice(0)).toHaveLength(1)
  file.run('DROP TRIGGER failing')
  for (const refusal of refusals(kiosk.station)) retryRefusal(kiosk.station, refusal, { operator: 'o' })
  await sync(kiosk.station, lineTo(hub))
  expect(held()).toEqual(['lot-1', 'lot-2', 'lot-2b', 'lot-3'])
  expect(refusals(kiosk.station)).toEqual([])
  expect((await verifyStation(hub.station)).findings).toEqual([])
})

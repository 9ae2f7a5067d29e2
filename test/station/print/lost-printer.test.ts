/** Cards that were asked for at a station which was lost before it printed them. */
import { cancelCard, printCards, requestCard, revokePeer, type Station, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { codeOf } from '../guard/support.ts'
import { cleared, network } from './network.ts'
import { BY, blanks, expectLaws, JAM, printerThat, render, WHY } from './support.ts'

const stateAt = (station: Station, request: string) =>
  partsOf(station).file.get<{ state: string }>('SELECT state FROM card_request WHERE id = ?', request)?.state

async function wanted() {
  const { hub, below } = await network('kiosk', 'other')
  const [kiosk, other] = below
  blanks(hub, 2)
  const record = await cleared(hub, kiosk, 1)
  const { request } = requestCard(kiosk.station, { record, ...BY })
  await kiosk.meet()
  return { hub, other, record, request }
}

it('are asked for at its hub, which takes the old request back', async () => {
  const { hub, record, request } = await wanted()
  expect(await codeOf(() => cancelCard(hub, request, WHY))).toBe('PRINT_STATE')
  revokePeer(hub, 'kiosk', WHY)
  expect(() => requestCard(hub, { record, ...BY })).toThrow(/station kiosk, which was revoked, .*cancelCard/)
  cancelCard(hub, request, WHY)
  requestCard(hub, { record, ...BY })
  const printer = printerThat()
  expect(await printCards(hub, { printer, render })).toMatchObject({ printed: [{ record }] })
  expect((await verifyStation(hub)).findings).toEqual([])
})

it('are asked for at its hub also where it had begun to print one', async () => {
  const { hub, below } = await network('kiosk')
  const [kiosk] = below
  blanks(hub, 2)
  blanks(kiosk.station, 2, { lot: 'lot-2', first: 100 })
  const record = await cleared(hub, kiosk, 1)
  const { request } = requestCard(kiosk.station, { record, ...BY })
  await printCards(kiosk.station, { printer: printerThat(JAM), render })
  await kiosk.meet()
  expect(stateAt(hub, request)).toBe('printing')
  revokePeer(hub, 'kiosk', WHY)
  cancelCard(hub, request, WHY)
  requestCard(hub, { record, ...BY })
  expect(await printCards(hub, { printer: printerThat(), render })).toMatchObject({ printed: [{ record }] })
  expect((await verifyStation(hub)).findings).toEqual([])
  expectLaws(hub)
})

it('are not taken back by a station that is not above it', async () => {
  const { hub, other, record, request } = await wanted()
  const says = async () => {
    append(other.station, { kind: 'card-cancelled', direction: 'up', record, body: { request, ...WHY } })
    await other.meet()
  }
  await says()
  revokePeer(hub, 'kiosk', WHY)
  await says()
  expect(stateAt(hub, request)).toBe('waiting')
})

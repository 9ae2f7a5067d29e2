/** A hub with its own keys, in whose answers something is false. */
import { randomBytes } from 'node:crypto'
import { sync, type Transport, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { compose } from '../../../dist/station/sync/compose.js'
import { signReceipt } from '../../../dist/station/sync/receipt.js'
import { openMessage, sealMessage } from '../../../dist/station/sync/seal.js'
import { anomaliesOf, lineTo, type Place, recordAt, transportOf, twoPlaces } from './support.js'

type Answer = ReturnType<typeof compose>['message']

/** A line to a hub that says also what `say` adds. */
function hostile({ station }: Place, say: () => Partial<Answer>): Transport {
  return {
    name: 'hostile',
    exchange: async bytes => {
      const asked = await openMessage(station, bytes)
      const { message } = compose(station, 'kiosk-1', { answering: asked })
      return sealMessage(station, { ...message, ...say() })
    },
  }
}

it.each([
  '2026-99-99T99:99:99.999Z',
  '2026-02-30T00:00:00.000Z',
  '0000-00-00T00:00:00.000Z',
  '2026-01-01T23:59:60.000Z',
])('a receipt of a time that there is not, %s, ends sync with its reason', async at => {
  const { kiosk, hub } = await twoPlaces()
  const { header, hash } = recordAt(kiosk, 'record-1')
  const name = { station: 'kiosk-1', sequence: header.sequence, hash: Buffer.from(hash).toString('hex') }
  const receipt = signReceipt({ from: 'hub', to: 'kiosk-1' }, name, at, partsOf(hub.station).signingKey)
  const line = hostile(hub, () => ({ receipts: [receipt] }))
  expect((await sync(kiosk.station, line, { retry: { attempts: 1 } })).stopped?.code).toBe('MESSAGE_CORRUPT')
  expect(await sync(kiosk.station, lineTo(hub), { tryNow: true })).toMatchObject({ unsent: 0 })
  expect(transportOf(kiosk)).toEqual({ 'record-1': 'synchronised' })
})

it('a hub that asks for something else each time does not keep sync from ending', async () => {
  const { kiosk, hub } = await twoPlaces()
  let exchanges = 0
  const line = hostile(hub, () => {
    exchanges++
    return { wants: [{ hash: randomBytes(32).toString('hex'), offset: 0 }] }
  })
  await sync(kiosk.station, line)
  expect(exchanges).toBeLessThan(4_200)
})

it.each(['decision', 'removal', 'gallery', 'checked', 'case-opened', 'case-closed'] as const)(
  'a %s about no record is refused, and is no defect of the program',
  async kind => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'record-1')
    await sync(kiosk.station, lineTo(hub))
    const bodies = {
      decision: { state: 'PRINT_READY_RECORD', by: 'expert-1' },
      removal: { reason: 'no' },
      gallery: { station: 'kiosk-1', sequence: 1 },
      checked: { decision: 'clear', candidates: [], persons: 1 },
      'case-opened': { kind: 'nik', other: 'record-1', otherStation: 'kiosk-1' },
      'case-closed': { kind: 'nik', other: 'record-1', why: 'decided' },
    }
    const { file } = partsOf(hub.station)
    // The hub's own program would fail at it, too.
    const entry = { kind, direction: 'down', body: bodies[kind], to: 'kiosk-1' }
    file.transaction(() => append(hub.station, entry as never))
    await sync(kiosk.station, lineTo(hub))
    expect(anomaliesOf(kiosk)).toEqual([])
    const sql = "SELECT code FROM declined WHERE station = 'hub'"
    expect(partsOf(kiosk.station).file.all(sql)).toEqual([{ code: 'ENTRY_CORRUPT' }])
    expect((await verifyStation(kiosk.station)).findings).toEqual([])
  },
)

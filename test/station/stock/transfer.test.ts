import {
  announceShipment,
  discrepancies,
  dispatchStock,
  hostTransport,
  receive,
  receiveStock,
  returnStock,
  type Shipment,
  serialsTwice,
  shipments,
  spoilStock,
  stock,
  sync,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { acquaint, newPlace, type Place, threePlaces } from '../sync/support.ts'
import { expectBooksBalance } from './support.ts'

const BY = { operator: 'operator-7' }
const blanks = (serials: string, lot = 'lot-1') => [{ lot, item: 'blank', serials }]
const lines = (serials: string, lot = 'lot-1') => [{ lot, serials }]

async function meet(below: Place, above: Place): Promise<void> {
  await sync(
    below.station,
    hostTransport('a line', message => receive(above.station, message)),
  )
}

/** Two offices below one hub; the first has 1,000 blanks. */
async function offices() {
  const [one, two, hub] = [await newPlace('kiosk-1'), await newPlace('kiosk-2'), await newPlace('hub')]
  acquaint(one, hub)
  acquaint(two, hub)
  receiveStock(one.station, { shipment: 'note-1', from: 'the ministry', lines: blanks('AB0001-AB1000'), ...BY })
  return { one, two, hub }
}

const stateOf = ({ station }: Place, shipment: string) =>
  shipments(station).find((each: Shipment) => each.shipment === shipment)?.state

describe('a shipment from one office to another', () => {
  it('is announced by the station above both, and its rules with it', async () => {
    const { one, two, hub } = await offices()
    dispatchStock(one.station, { shipment: 'lent-1', to: 'kiosk-2', lines: lines('AB0001-AB0100'), ...BY })
    await meet(one, hub)
    expect(stateOf(hub, 'lent-1')).toBe('on-its-way')
    await meet(two, hub)
    expect(shipments(two.station)).toMatchObject([
      { shipment: 'lent-1', state: 'on-its-way', from: 'kiosk-1', to: 'kiosk-2' },
    ])
    const receipt = { shipment: 'lent-1', from: 'kiosk-1', lines: blanks('AB0001-AB0100'), ...BY }
    expect(receiveStock(two.station, receipt)).toEqual({ discrepancies: [] })
    await meet(two, hub)
    for (const place of [two, hub]) expect(stateOf(place, 'lent-1')).toBe('received')
    expect(stock(hub.station, { station: 'kiosk-1' })[0].accounts).toEqual({
      received: -1_000,
      available: 900,
      sent: 100,
    })
    expect(stock(hub.station, { station: 'kiosk-2' })[0].accounts).toEqual({ received: -100, available: 100 })
    expect(discrepancies(hub.station)).toEqual([])
    expect((await verifyStation(hub.station)).findings).toEqual([])
  })

  it('that brings other pieces is received as it came, and what differs stays on record everywhere', async () => {
    const { one, two, hub } = await offices()
    dispatchStock(one.station, { shipment: 'lent-1', to: 'kiosk-2', lines: lines('AB0001-AB0100'), ...BY })
    await meet(one, hub)
    await meet(two, hub)
    const came = [...blanks('AB0001-AB0098, AB0101'), { lot: 'film', item: 'film', quantity: 2 }]
    const { discrepancies: found } = receiveStock(two.station, {
      shipment: 'lent-1',
      from: 'kiosk-1',
      lines: came,
      ...BY,
    })
    const detail = {
      shipment: 'lent-1',
      lot: 'lot-1',
      sent: 100,
      received: 99,
      missing: 'AB0099-AB0100',
      more: 'AB0101',
    }
    const codes = [
      { code: 'shipment-differs', detail: { shipment: 'lent-1', lot: 'film', sent: 0, received: 2 } },
      { code: 'shipment-differs', detail },
    ]
    expect(found).toMatchObject(codes)
    await meet(two, hub)
    expect(stateOf(hub, 'lent-1')).toBe('differs')
    const above = discrepancies(hub.station, { station: 'kiosk-2' })
    expect(above).toMatchObject(codes)
    const places = [
      { station: 'kiosk-1', account: 'available' },
      { station: 'kiosk-2', account: 'available' },
    ]
    expect(serialsTwice(hub.station)).toMatchObject([{ serials: { first: 101, last: 101 }, places }])
    for (const place of [one, two, hub]) expectBooksBalance(place.station)
    expect((await verifyStation(hub.station)).findings).toEqual([])
  })

  it('that comes before the station above has heard of it is no contradiction', async () => {
    const { one, two, hub } = await offices()
    await meet(one, hub)
    dispatchStock(one.station, { shipment: 'lent-1', to: 'kiosk-2', lines: lines('AB0001-AB0100'), ...BY })
    receiveStock(two.station, { shipment: 'lent-1', from: 'kiosk-1', lines: blanks('AB0001-AB0099'), ...BY })
    await meet(two, hub)
    expect(stateOf(hub, 'lent-1')).toBe('without-note')
    expect(discrepancies(hub.station)).toEqual([])
    await meet(one, hub)
    expect(stateOf(hub, 'lent-1')).toBe('differs')
    expect(discrepancies(hub.station)).toMatchObject([{ code: 'shipment-differs', station: 'kiosk-1' }])
    // The note comes after the shipment.
    await meet(two, hub)
    expect(discrepancies(two.station)).toMatchObject([{ code: 'shipment-differs', station: 'hub' }])
    expect((await verifyStation(two.station)).findings).toEqual([])
  })

  it('may come back: its serials lie where they are, once', async () => {
    const { one, two, hub } = await offices()
    dispatchStock(one.station, { shipment: 'lent-1', to: 'kiosk-2', lines: lines('AB0001-AB0100'), ...BY })
    receiveStock(two.station, { shipment: 'lent-1', from: 'kiosk-1', lines: blanks('AB0001-AB0100'), ...BY })
    dispatchStock(two.station, { shipment: 'back-1', to: 'kiosk-1', lines: lines('AB0051-AB0100'), ...BY })
    receiveStock(one.station, { shipment: 'back-1', from: 'kiosk-2', lines: blanks('AB0051-AB0100'), ...BY })
    for (const place of [one, two]) await meet(place, hub)
    expect(serialsTwice(hub.station)).toEqual([])
    expect(stock(hub.station, { station: 'kiosk-1' })[0].accounts).toEqual({
      received: -1_000,
      available: 950,
      sent: 50,
    })
    expect(stock(hub.station, { station: 'kiosk-2' })[0].accounts).toEqual({ received: -100, available: 50, sent: 50 })
    expect(discrepancies(hub.station)).toEqual([])
    expectBooksBalance(hub.station)
  })

  it('is not told twice where several stations learn of it', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    await meet(other, hub)
    receiveStock(kiosk.station, { shipment: 'note-1', from: 'the ministry', lines: blanks('AB0001-AB0100'), ...BY })
    dispatchStock(kiosk.station, { shipment: 'lent-1', to: 'kiosk-2', lines: lines('AB0001-AB0010'), ...BY })
    await meet(kiosk, hub)
    await meet(hub, centre)
    await meet(hub, centre)
    await meet(other, hub)
    const { partsOf } = await import('../../../dist/station/station.js')
    const told = partsOf(other.station).file.all(`SELECT station FROM journal WHERE kind = 'shipment'`)
    expect(told).toEqual([{ station: 'hub' }])
    expect(stateOf(centre, 'lent-1')).toBe('on-its-way')
  })
})

describe('an announcement', () => {
  it('says what is to come, and its rules bind', async () => {
    const { one, hub } = await offices()
    const rules = { quota: { new: 350, replacement: 150 } }
    const announced = {
      to: 'kiosk-1',
      shipment: 'note-2',
      from: 'the ministry',
      lines: [{ ...blanks('CD001-CD500', 'lot-2')[0], rules }],
    }
    announceShipment(hub.station, announced)
    expect(() => announceShipment(hub.station, announced)).toThrow(expect.objectContaining({ code: 'STOCK_SENT' }))
    expect(() => announceShipment(hub.station, { ...announced, to: 'nobody', shipment: 'note-3' })).toThrow(
      expect.objectContaining({ code: 'PEER_UNKNOWN' }),
    )
    await meet(one, hub)
    receiveStock(one.station, {
      shipment: 'note-2',
      from: 'the ministry',
      lines: blanks('CD001-CD500', 'lot-2'),
      ...BY,
    })
    expect(stock(one.station)[1]).toMatchObject({ lot: 'lot-2', rules })
    const other = [{ ...blanks('CD600', 'lot-2')[0], rules: { quota: { new: 1 } } }]
    expect(() => receiveStock(one.station, { shipment: 'note-4', from: 'x', lines: other, ...BY })).toThrow(
      expect.objectContaining({ code: 'STOCK_FORMAT' }),
    )
  })
})

describe('a serial at two stations', () => {
  it('is told as long as it is so, and put on record when it is used up at both', async () => {
    const { one, two, hub } = await offices()
    spoilStock(one.station, { lines: lines('AB0001-AB0010'), reason: 'wet', ...BY })
    receiveStock(two.station, { shipment: 'note-9', from: 'the ministry', lines: blanks('AB0005-AB0014'), ...BY })
    spoilStock(two.station, { lines: lines('AB0006, AB0014'), reason: 'wet', ...BY })
    await meet(two, hub)
    expect(discrepancies(hub.station)).toEqual([])
    await meet(one, hub)
    const detail = { lot: 'lot-1', serial: 'AB0006', quantity: 1, station: 'kiosk-2' }
    expect(discrepancies(hub.station)).toMatchObject([{ code: 'serial-elsewhere', station: 'kiosk-1', detail }])
    const numbers = serialsTwice(hub.station).map(({ serials: { first, last } }) => [first, last])
    expect(numbers).toEqual([
      [5, 5],
      [6, 6],
      [7, 10],
      [11, 13],
      [14, 14],
    ])
    expectBooksBalance(hub.station)
  })
})

describe('what leaves', () => {
  it('must be there, once', async () => {
    const { one } = await offices()
    const dispatch = { shipment: 'lent-1', to: 'kiosk-2', ...BY }
    const refused = (code: string, deed: () => void) => expect(deed).toThrow(expect.objectContaining({ code }))
    refused('STOCK_SHORT', () => dispatchStock(one.station, { ...dispatch, lines: lines('AB1000-AB1001') }))
    refused('STOCK_OVERLAP', () => dispatchStock(one.station, { ...dispatch, lines: lines('AB0001-AB0002, AB0002') }))
    refused('STOCK_FORMAT', () => dispatchStock(one.station, { ...dispatch, lines: [{ lot: 'lot-1', quantity: 5 }] }))
    refused('STOCK_FORMAT', () =>
      dispatchStock(one.station, { ...dispatch, lines: [{ lot: 'lot-1', quantity: 5, serials: 'AB0001-AB0004' }] }),
    )
    refused('STOCK_UNKNOWN', () => dispatchStock(one.station, { ...dispatch, lines: lines('AB0001', 'lot-7') }))
    dispatchStock(one.station, { ...dispatch, lines: lines('AB0001') })
    refused('STOCK_SENT', () => dispatchStock(one.station, { ...dispatch, lines: lines('AB0002') }))
    const back = { to: 'the ministry', reason: 'misprinted', ...BY }
    returnStock(one.station, { shipment: 'r-1', lines: lines('AB0002-AB0003'), ...back })
    refused('STOCK_SHORT', () => returnStock(one.station, { shipment: 'r-2', lines: lines('AB0003-AB0004'), ...back }))
    expect(stock(one.station)[0].accounts).toEqual({ received: -1_000, available: 997, sent: 1, returned: 2 })
    expect(() =>
      dispatchStock(one.station, { ...dispatch, to: 'kiosk-1', shipment: 'x', lines: lines('AB0009') }),
    ).toThrow(RangeError)
  })
})

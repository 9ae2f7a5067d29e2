/** The id of a record, used by another station before its own has told it to anybody. */
import { recordOf, refusals, retryRefusal, revokePeer, sync, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { newRecordId } from '../../../dist/station/enrol/record-id.js'
import { append } from '../../../dist/station/journal/append.js'
import { newRequestId } from '../../../dist/station/journal/card-id.js'
import { partsOf } from '../../../dist/station/station.js'
import { compose } from '../../../dist/station/sync/compose.js'
import { sealMessage } from '../../../dist/station/sync/seal.js'
import {
  acquaint,
  anomaliesOf,
  correctionAt,
  lineTo,
  newPlace,
  ownBodies,
  type Place,
  recordAt,
  transportOf,
  twoPlaces,
  withdrawalAt,
} from './support.js'

/** A kiosk whose record's id somebody has read, and the kiosk that uses it first. */
async function copied() {
  const { kiosk: victim, hub } = await twoPlaces()
  const squatter = await newPlace('kiosk-2')
  acquaint(squatter, hub)
  recordAt(victim, 'a')
  recordAt(victim, 'b')
  recordAt(squatter, 'a')
  return { victim, squatter, hub }
}

const meet = (place: Place, hub: Place) => sync(place.station, lineTo(hub))
const ownerAt = ({ station }: Place) => recordOf(station, 'a')?.station
const findingsOf = async (places: readonly Place[]) =>
  (await Promise.all(places.map(({ station }) => verifyStation(station)))).flatMap(({ findings }) => findings)

describe('a record under an id that another station has taken', () => {
  it('is refused and noted with both names, and is taken when the other is revoked', async () => {
    const { victim, squatter, hub } = await copied()
    await meet(squatter, hub)
    const before = recordOf(victim.station, 'a')!
    expect((await meet(victim, hub)).refused).toMatchObject([{ code: 'RECORD_FOREIGN' }])
    expect(transportOf(victim)).toEqual({ a: 'refused', b: 'synchronised' })
    expect(recordOf(victim.station, 'a')).toMatchObject({ station: 'kiosk-1', contents: before.contents })
    const noted = ownBodies(hub, 'anomaly') as { code: string; detail: string }[]
    expect(noted.map(({ code }) => code)).toEqual(['record-conflict'])
    for (const name of ['kiosk-1', 'kiosk-2']) expect(noted[0].detail).toContain(name)
    // Once, whatever is said of it.
    correctionAt(victim, 'a', 2, { templates: 700 })
    await meet(victim, hub)
    expect(anomaliesOf(hub)).toEqual(['record-conflict'])
    revokePeer(hub.station, 'kiosk-2', { from: 1, operator: 'supervisor-1', reason: 'copied the id of a record' })
    for (const { station, sequence, peer } of refusals(victim.station)) {
      retryRefusal(victim.station, { station, sequence, peer }, { operator: 'operator-7' })
    }
    await meet(victim, hub)
    expect(ownerAt(hub)).toBe('kiosk-1')
    expect(recordOf(hub.station, 'a')?.version).toBe(2)
    expect(transportOf(victim)).toEqual({ a: 'synchronised', b: 'synchronised' })
    expect(await findingsOf([victim, hub])).toEqual([])
  })

  it('gets no receipt either where both came before one was whole', async () => {
    const { victim, squatter, hub } = await copied()
    // The entries without their payloads, as in the first of several messages.
    for (const { station } of [squatter, victim]) {
      const { message } = compose(station, 'hub')
      await lineTo(hub).exchange(await sealMessage(station, { ...message, chunks: [] }), {})
    }
    await meet(squatter, hub)
    expect((await meet(victim, hub)).refused).toMatchObject([{ code: 'RECORD_FOREIGN' }])
    expect(transportOf(victim)).toEqual({ a: 'refused', b: 'synchronised' })
    expect(ownerAt(hub)).toBe('kiosk-2')
    expect(anomaliesOf(hub)).toEqual(['record-conflict'])
    expect(await findingsOf([victim, squatter, hub])).toEqual([])
  })

  it('is not taken, corrected or withdrawn by who copies an id that is here', async () => {
    const { victim, squatter, hub } = await copied()
    await meet(victim, hub)
    const before = recordOf(hub.station, 'a')
    correctionAt(squatter, 'a', 2, { templates: 800 })
    withdrawalAt(squatter, 'a')
    await meet(squatter, hub)
    expect(recordOf(hub.station, 'a')).toEqual(before)
    expect(refusals(squatter.station).map(({ code }) => code)).toEqual(Array(3).fill('RECORD_FOREIGN'))
    expect(anomaliesOf(hub)).toEqual(['record-conflict'])
  })
})

it('a request under the id of another is that of who came first at the hub, until that one is revoked', async () => {
  const { victim, squatter, hub } = await copied()
  recordAt(squatter, 's')
  const request = '019b7a5e-0000-7000-8000-000000000001'
  const requested = ({ station, identity }: Place, record: string) =>
    append(station, {
      ...{ kind: 'card-requested', direction: 'up', record },
      body: { request, at: identity.id, purpose: 'new', operator: 'operator-7' },
    } as never)
  requested(squatter, 's')
  requested(victim, 'b')
  for (const place of [squatter, victim]) await meet(place, hub)
  const sql = 'SELECT record, station FROM card_request WHERE id = ?'
  const at = ({ station }: Place) => partsOf(station).file.get(sql, request)
  expect(at(hub)).toEqual({ record: 's', station: 'kiosk-2' })
  expect(at(victim)).toEqual({ record: 'b', station: 'kiosk-1' })
  revokePeer(hub.station, 'kiosk-2', { from: 1, operator: 'supervisor-1', reason: 'copied an id' })
  expect(at(hub)).toEqual({ record: 'b', station: 'kiosk-1' })
  expect(await findingsOf([victim, hub])).toEqual([])
})

it('ids are random: nobody knows one that was not told', () => {
  const ids = Array.from({ length: 1_000 }, newRecordId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  // Ids of requests, in the order of their time: 62 bits are random, also in one millisecond.
  const ends = Array.from({ length: 1_000 }, () => newRequestId('kiosk-1').slice(19, 36))
  expect(new Set(ends).size).toBe(ends.length)
})

/** Two stations above a kiosk decide about one record: the kiosk ends as the hub between them. */
import { decide, recordOf, sync } from 'sidik/station'
import { expect, it } from 'vitest'
import { acquaint, lineTo, newPlace, type Place, recordAt } from './support.ts'

const WORDS = ['PRINT_READY_RECORD', 'DUPLICATE_RECORD', 'ADJUDICATION'] as const
const word = (state: (typeof WORDS)[number]) => ({
  state,
  by: 'expert-1',
  ...(state === 'PRINT_READY_RECORD' && { unchecked: 'the ministry compares them' }),
})

it.each(
  [
    ['centre', 'hub'],
    ['a-centre', 'b-hub'],
    ['z-centre', 'b-hub'],
  ].flatMap(names => ['the centre', 'the hub'].map(first => [first, ...names])),
)('counts the later word when %s speaks first (%s, %s)', async (first, centreId, hubId) => {
  const [centre, hub, kiosk] = [await newPlace(centreId), await newPlace(hubId), await newPlace('kiosk-1')]
  acquaint(hub, centre, { vouches: true })
  acquaint(kiosk, hub)
  const meet = (below: Place, above: Place) => sync(below.station, lineTo(above))
  const all = async () => {
    for (let i = 0; i < 3; i++) {
      await meet(hub, centre)
      await meet(kiosk, hub)
    }
  }
  recordAt(kiosk, 'r-1')
  await meet(kiosk, hub)
  await all()
  for (const [a, b] of WORDS.flatMap(one => WORDS.map(other => [one, other] as const))) {
    if (first === 'the centre') {
      decide(centre.station, 'r-1', word(a))
      await meet(hub, centre)
      decide(hub.station, 'r-1', word(b))
    } else {
      decide(hub.station, 'r-1', word(a))
      decide(centre.station, 'r-1', word(b))
      await meet(hub, centre)
    }
    // The kiosk hears of both at once.
    await all()
    expect(recordOf(hub.station, 'r-1')!.centreState, `${a} ${b}`).toBe(b)
    expect(recordOf(kiosk.station, 'r-1')!.centreState, `${a} ${b}`).toBe(b)
  }
})

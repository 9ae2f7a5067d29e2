/**
 * Two stations above a kiosk decide about one record: the kiosk ends as the hub between them, by the
 * later word, unless the hub would clear what the centre has refused.
 */
import { decide, recordOf, sync } from 'sidik/station'
import { expect, it } from 'vitest'
import { isReady, isRefused } from '../../../dist/station/enrol/states.js'
import { acquaint, lineTo, newPlace, type Place, recordAt } from './support.ts'

const WORDS = ['PRINT_READY_RECORD', 'DUPLICATE_RECORD', 'ADJUDICATION'] as const
type Word = (typeof WORDS)[number]
const word = (state: Word) => ({
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
)('ends by the later word when %s speaks first (%s, %s)', async (first, centreId, hubId) => {
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
  let ofCentre = ''
  const centreSays = async (state: Word) => {
    decide(centre.station, 'r-1', word(state))
    ofCentre = state
    await meet(hub, centre)
  }
  // The hub cannot clear a record that the centre has refused.
  const hubSays = (state: Word): string => {
    const say = () => decide(hub.station, 'r-1', word(state))
    const isKept = isRefused(ofCentre) && isReady(state)
    if (isKept) expect(say).toThrow(expect.objectContaining({ code: 'DECISION_ABOVE' }))
    else say()
    return isKept ? ofCentre : state
  }
  for (const [a, b] of WORDS.flatMap(one => WORDS.map(other => [one, other] as const))) {
    let stands: string = b
    if (first === 'the centre') {
      await centreSays(a)
      stands = hubSays(b)
    } else {
      hubSays(a)
      await centreSays(b)
    }
    // The kiosk hears of both at once.
    await all()
    expect(recordOf(hub.station, 'r-1')!.centreState, `${a} ${b}`).toBe(stands)
    expect(recordOf(kiosk.station, 'r-1')!.centreState, `${a} ${b}`).toBe(stands)
  }
})

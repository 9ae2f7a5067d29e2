import { SidikError } from 'sidik'
import { receive, verifyStation } from 'sidik/station'
import { describe, expect, it, vi } from 'vitest'
import { HostileKiosk } from '../../../bench/support/station-hostile/kiosk.js'
import { SCENARIOS } from '../../../bench/support/station-hostile/scenarios.js'
import { Random } from '../../../dist/random.js'
import { MOST_LETTERS } from '../../../dist/station/project/letters.js'
import { partsOf } from '../../../dist/station/station.js'
import { compose } from '../../../dist/station/sync/compose.js'
import { opened, taken } from './steps.js'
import { type Place, transportOf, twoPlaces } from './support.js'

/**
 * Attacks of bench/station-hostile.js with fewer entries. The statements of each step are counted,
 * since time says too little on a busy machine.
 */

type Name = keyof typeof SCENARIOS

async function scenario(name: Name, { kiosk, hub }: { kiosk: Place; hub: Place }, entries: number) {
  const random = new Random(7)
  const made = await SCENARIOS[name]({ kiosk: kiosk.station, hub: hub.station, random, entries, mutants: entries })
  const { before = [], sealed } = made as { before?: Uint8Array[]; sealed: Uint8Array[] }
  for (const message of before) await receive(hub.station, message)
  return sealed
}

describe('a hub', () => {
  it.each(Object.keys(SCENARIOS) as Name[])('bears %s, and is whole after it', async name => {
    const places = await twoPlaces()
    for (const message of await scenario(name, places, 300)) {
      const error = await receive(places.hub.station, message).then(
        () => undefined,
        thrown => thrown,
      )
      if (error !== undefined && !(error instanceof SidikError)) throw error
    }
    expect((await verifyStation(places.hub.station)).findings).toEqual([])
  })
})

describe('a step of taking a message', () => {
  it.each(['gapClosed', 'oneRecord', 'givenUp'] as const)('is as much work however many wait: %s', async name => {
    const most: number[] = []
    for (const entries of [20, 200]) {
      const places = await twoPlaces()
      const messages = await opened(places.hub, await scenario(name, places, entries))
      const { largest, steps } = await taken(places, messages)
      expect(steps).toBeGreaterThan(entries)
      most.push(largest)
    }
    // Ten times as many wait. A record's way through the guard may be a few statements longer than another's.
    expect(most[1]).toBeLessThan(2 * most[0])
  })

  it('is as much work however many records bear one NIK', async () => {
    // The others of a NIK are looked at again after a second, which no step of these takes.
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const most: number[] = []
      for (const records of [MOST_LETTERS, 3 * MOST_LETTERS]) {
        const places = await twoPlaces()
        const messages = await opened(places.hub, await scenario('oneNik', places, 6 * records))
        most.push((await taken(places, messages)).largest)
      }
      expect(most[1]).toBeLessThan(1.2 * most[0])
    } finally {
      vi.useRealTimers()
    }
  })

  it('may be the last before a crash: the same message brings the rest, and nothing was said before', async () => {
    for (const name of ['gapClosed', 'oneRecord', 'givenUp'] as const) {
      const whole = await twoPlaces()
      const sealed = await scenario(name, whole, 6)
      const { steps } = await taken(whole, (await opened(whole.hub, sealed)).slice(0, 2))
      for (let stop = 1; stop < steps; stop += 6) {
        const places = await twoPlaces()
        const messages = (await opened(places.hub, await scenario(name, places, 6))).slice(0, 2)
        await taken(places, messages, stop)
        const last = messages.at(-1)!
        const { holds } = compose(places.hub.station, 'kiosk-1').message
        for (const { through } of holds) expect(through).toBeLessThanOrEqual(8)
        for (const message of messages) await taken(places, [message])
        await taken(places, [{ ...last, nonce: 'A'.repeat(22) }])
        expect(transportOf(places.hub)).toEqual(transportOf(whole.hub))
        expect(stateOf(places.hub)).toEqual(stateOf(whole.hub))
      }
    }
  })
})

/** How many entries have taken effect, were declined, and wait. */
function stateOf({ station }: Place) {
  const { file } = partsOf(station)
  const applied = 'SELECT count(*) AS n, count(applied) AS applied, count(body) AS bodies FROM journal'
  const declined = 'SELECT code, count(*) AS n FROM declined GROUP BY code'
  return [file.get(applied), file.all(declined), file.all('SELECT * FROM settling')]
}

it('texts of nothing but brackets, and of more values than a message has, are not parsed', async () => {
  const { kiosk, hub } = await twoPlaces()
  const hostile = new HostileKiosk(kiosk.station, 'hub')
  expect(hostile.before.length).toBeGreaterThan(0)
  const parse = JSON.parse
  let longest = 0
  JSON.parse = (text: string, ...rest) => {
    longest = Math.max(longest, text.length)
    return parse(text, ...rest)
  }
  try {
    const sealed = await SCENARIOS.texts({ kiosk: kiosk.station, hub: hub.station } as never)
    for (const message of sealed.sealed.slice(0, 3)) {
      await expect(receive(hub.station, message)).rejects.toMatchObject({ code: 'MESSAGE_CORRUPT' })
    }
  } finally {
    JSON.parse = parse
  }
  expect(longest).toBeLessThan(1_000_000)
})

/** Records that are called duplicates of one another: refused where it is said, noted where it arrives. */
import fc from 'fast-check'
import {
  createIdentity,
  decide,
  enrol,
  importDecisions,
  type Recorded,
  recordOf,
  type Station,
  status,
} from 'sidik/station'
import { syntheticTemplate } from 'sidik/synthesize'
import { describe, expect, it } from 'vitest'
import { below } from '../check/below.ts'
import { newStation, somebody } from './support.js'

const person = (number: number) => somebody(number, [{ position: 1, template: syntheticTemplate(71, number) }])

async function recorded(station: Station, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 1; i <= count; i++) ids.push(((await enrol(station, person(i))) as Recorded).recordId)
  return ids
}

const office = async () => newStation({ ownCentre: true, identity: await createIdentity('office') })
const duplicateOf = (of: string) => ({ state: 'DUP', duplicateOf: of, by: 'expert-1' })
const circles = (station: Station) => status(station).anomalies.newest.filter(({ code }) => code === 'duplicate-circle')

describe('a decision that a record is a duplicate', () => {
  it('is refused of one that is called a duplicate of it, and names both', async () => {
    const station = await office()
    const [a, b] = await recorded(station, 2)
    decide(station, a, duplicateOf(b))
    const circle = () => decide(station, b, duplicateOf(a))
    expect(circle).toThrow(expect.objectContaining({ code: 'DECISION_CIRCLE' }))
    for (const id of [a, b]) expect(circle).toThrow(new RegExp(id))
    expect(recordOf(station, b)!.decision).toBeUndefined()
    const file = Buffer.from(`record,state,duplicate_of\n${b},DUP,${a}\n`)
    const { refused } = await importDecisions(station, file, { operator: 'clerk-1' })
    expect(refused).toMatchObject([{ line: 2, code: 'duplicate-circle' }])
    // The first taken back, the second may follow.
    decide(station, a, { state: 'ADJUDICATION', by: 'expert-1' })
    decide(station, b, duplicateOf(a))
    expect(recordOf(station, b)!.decision).toMatchObject({ duplicateOf: a })
  })

  it('leaves one record of each chain, whatever is decided', async () => {
    const station = await office()
    const ids = await recorded(station, 6)
    const word = fc.record({ of: fc.nat(5), to: fc.nat(5), isBack: fc.integer({ min: 0, max: 4 }).map(n => n === 0) })
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), words => {
        for (const id of ids) decide(station, id, { state: 'PROCESSING', by: 'x' })
        const stays = new Map<number, number>()
        for (const { of, to, isBack } of words) {
          if (of === to) continue
          if (isBack) {
            decide(station, ids[of], { state: 'PROCESSING', by: 'x' })
            stays.delete(of)
            continue
          }
          const isCircle = passes(stays, to, of)
          const say = () => decide(station, ids[of], duplicateOf(ids[to]))
          if (isCircle) expect(say).toThrow(/neither would stay/)
          else {
            say()
            stays.set(of, to)
          }
        }
      }),
      { numRuns: 15 },
    )
    expect(circles(station)).toEqual([])
  })

  it('is noted, once, where it arrives from above and closes a circle', async () => {
    const centre = await newStation({ identity: await createIdentity('centre') })
    const hub = await below(centre, 'hub')
    const kiosk = await below(hub.station, 'kiosk')
    const [a, b] = await recorded(kiosk.station, 2)
    for (let round = 0; round < 2; round++) for (const { meet } of [kiosk, hub]) await meet()
    decide(hub.station, a, duplicateOf(b))
    decide(centre, b, duplicateOf(a))
    for (let round = 0; round < 2; round++) for (const { meet } of [hub, kiosk]) await meet()
    for (const { station } of [hub, kiosk]) {
      expect(circles(station)).toHaveLength(1)
      for (const id of [a, b]) expect(circles(station)[0].detail).toContain(id)
    }
    decide(centre, b, { state: 'ADJUDICATION', by: 'expert-1' })
    decide(centre, b, duplicateOf(a))
    for (let round = 0; round < 2; round++) for (const { meet } of [hub, kiosk]) await meet()
    for (const { station } of [hub, kiosk]) expect(circles(station)).toHaveLength(1)
  })
})

/** Whether the chain from one record on goes by way of another. */
function passes(stays: ReadonlyMap<number, number>, from: number, by: number): boolean {
  for (let at: number | undefined = from; at !== undefined; at = stays.get(at)) if (at === by) return true
  return false
}

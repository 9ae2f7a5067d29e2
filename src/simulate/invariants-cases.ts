/** Invariants of records that may be one person's. */
import type { OutageFacts, RecordFact, StationFacts } from './facts.js'
import type { Invariant } from './invariant.js'

/** States of a record that is no person's any more. */
const FALLEN = ['DUPLICATE_RECORD', 'ENROLL_FAILURE_AT_CENTRAL']

const stands = ({ clientState, centreState = '' }: RecordFact) =>
  clientState !== 'withdrawn' && !FALLEN.includes(centreState)

/** The hub's records of the persons of a pair; undefined where one of the two was never recorded. */
function recordsOf({ acknowledged, hub, planted, sameNik }: OutageFacts): [RecordFact, RecordFact][] {
  const enrolled = acknowledged.filter(({ kind, hash }) => kind === 'enrolled' && !planted.has(hash))
  const idOf = new Map(enrolled.map(({ person, record }) => [person, record]))
  const known = new Map(hub.records.map(fact => [fact.record, fact]))
  return sameNik.flatMap(pair => {
    const [first, second] = pair.map(person => known.get(idOf.get(person) ?? ''))
    return first === undefined || second === undefined ? [] : [[first, second] as [RecordFact, RecordFact]]
  })
}

const isOpenAt = ({ cases }: StationFacts, a: RecordFact, b: RecordFact) =>
  cases.some(({ record, other, isOpen }) => isOpen && record === a.record && other === b.record)

const sameNikFound: Invariant = {
  name: 'same-nik-found',
  says:
    'two records of one NIK that still stand are a case at the hub and at both kiosks; ' +
    'none is open of two that do not',
  look: facts => {
    const { hub, kiosks } = facts
    const homeOf = new Map(kiosks.map(kiosk => [kiosk.id, kiosk]))
    const pairs = recordsOf(facts)
    const wrong = pairs.flatMap(pair => {
      const isCase = pair.every(stands)
      return [pair, [pair[1], pair[0]] as const].flatMap(([a, b]) =>
        [hub, homeOf.get(a.station)!].flatMap(station => {
          if (isOpenAt(station, a, b) === isCase) return []
          return [`${station.id}: ${a.record} and ${b.record} are ${isCase ? 'no open case' : 'still a case'}`]
        }),
      )
    })
    const isPair = new Set(pairs.flatMap(([a, b]) => [`${a.record} ${b.record}`, `${b.record} ${a.record}`]))
    const invented = [hub, ...kiosks].flatMap(({ id, cases }) =>
      cases
        .filter(({ record, other }) => !isPair.has(`${record} ${other}`))
        .map(({ record, other }) => `${id}: ${record} and ${other} do not bear one NIK`),
    )
    return { looked: pairs.length, wrong: [...wrong, ...invented] }
  },
}

export const CASE_INVARIANTS: readonly Invariant[] = [sameNikFound]

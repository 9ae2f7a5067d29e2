/** Invariants of records that bear one NIK. */
import type { CaseFact, OutageFacts, RecordFact, StationFacts } from './facts.js'
import type { Invariant } from './invariant.js'
import type { PersonPair } from './plan-types.js'

/** States of a record that is no person's any more. */
const FALLEN = ['DUPLICATE_RECORD', 'ENROLL_FAILURE_AT_CENTRAL']

type RecordPair = readonly [RecordFact, RecordFact]

/** @param but states in which it stands all the same */
export const stands = ({ clientState, centreState = '' }: RecordFact, but: readonly string[] = []) =>
  clientState !== 'withdrawn' && (!FALLEN.includes(centreState) || but.includes(centreState))

/** The hub's records of the persons of a pair; undefined where one of the two is not there. */
export function hubRecords({ acknowledged, hub, planted }: OutageFacts, pair: PersonPair): RecordPair | undefined {
  const [first, second] = pair.map(person => {
    const isOf = (each: (typeof acknowledged)[number]) =>
      each.kind === 'enrolled' && each.person === person && !planted.has(each.hash)
    const id = acknowledged.find(isOf)?.record
    return hub.records.find(({ record }) => record === id)
  })
  return first === undefined || second === undefined ? undefined : [first, second]
}

/** Cases of a kind that are of none of these pairs. */
export function casesBeyond(cases: readonly CaseFact[], kind: CaseFact['kind'], pairs: readonly RecordPair[]) {
  const isPair = new Set(pairs.flatMap(([a, b]) => [`${a.record} ${b.record}`, `${b.record} ${a.record}`]))
  return cases.filter(each => each.kind === kind && !isPair.has(`${each.record} ${each.other}`))
}

const isOpenAt = ({ cases }: StationFacts, a: RecordFact, b: RecordFact) =>
  cases.some(({ kind, record, other, isOpen }) => kind === 'nik' && isOpen && record === a.record && other === b.record)

const sameNikFound: Invariant = {
  name: 'same-nik-found',
  says:
    'two records of one NIK that still stand are a case at the hub and at both kiosks; ' +
    'none is open of two that do not',
  look: facts => {
    const { hub, kiosks, sameNik } = facts
    const homeOf = new Map(kiosks.map(kiosk => [kiosk.id, kiosk]))
    const pairs = sameNik.flatMap(pair => {
      const records = hubRecords(facts, pair)
      return records === undefined ? [] : [records]
    })
    const wrong = pairs.flatMap(pair => {
      const isCase = pair.every(fact => stands(fact))
      return [pair, [pair[1], pair[0]] as const].flatMap(([a, b]) =>
        [hub, homeOf.get(a.station)!].flatMap(station => {
          if (isOpenAt(station, a, b) === isCase) return []
          return [`${station.id}: ${a.record} and ${b.record} are ${isCase ? 'no open case' : 'still a case'}`]
        }),
      )
    })
    const invented = [hub, ...kiosks].flatMap(({ id, cases }) =>
      casesBeyond(cases, 'nik', pairs).map(({ record, other }) => `${id}: ${record} and ${other} do not bear one NIK`),
    )
    return { looked: pairs.length, wrong: [...wrong, ...invented] }
  },
}

export const CASE_INVARIANTS: readonly Invariant[] = [sameNikFound]
